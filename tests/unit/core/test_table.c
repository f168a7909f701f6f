#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dice.h"
#include "tables.h"

#define MANY 10000

/* A table without text, for what needs slots only. */
static struct table *bare(uint32_t slots)
{
	struct table *t = calloc(1, table_bytes(slots, 0));

	table_init(t, slots, 0);
	t->count = slots;
	return t;
}

static void an_empty_table_has_nothing(void **state)
{
	struct table *t = tables_made("", NULL);

	(void)state;
	assert_int_equal(t->count, 0);
	assert_int_equal(table_find_pid(t, 1), 0);
	assert_int_equal(table_top_due(t), 0);
	for (enum list list = 0; list < LIST_COUNT; list++) {
		assert_int_equal(t->first[list], 0);
		assert_int_equal(t->last[list], 0);
	}
	free(t);
}

static void the_shortest_entries_all_fit(void **state)
{
	char text[9 * 100];
	struct table *t;

	(void)state;
	for (int i = 0; i < 100; i++)
		memcpy(text + 9 * i, i % 2 ? "::wait:x\n" : "::once:x\n", 9);
	text[7] = 'y';
	text[sizeof(text) - 1] = '\0'; /* the last has no newline */
	assert_int_equal(table_capacity_for(0), 1);
	assert_int_equal(table_capacity_for(sizeof(text) - 1), 100);
	t = tables_filled(text, NULL);
	assert_int_equal(t->count, 100);
	free(t);
}

static void a_full_table_takes_no_more(void **state)
{
	struct table *t = tables_filled("::wait:x\n::once:x\n", NULL);
	struct entry entry = table_slot(t, 1)->entry;

	(void)state;
	assert_int_equal(t->capacity, 3);
	for (int i = 0; i < 5; i++) {
		entry.action = ACTION_RESPAWN + (enum action)i;
		table_add(t, &entry);
	}
	assert_int_equal(t->count, 3);
	free(t);
}

static void every_action_has_its_list(void **state)
{
	struct table *t = tables_made(
		"::restart:h\n::shutdown:g\n::ctrlaltdel:f\n::askfirst:e\n"
		"::respawn:d\n::once:c\n::wait:b\n::sysinit:a\n",
		NULL);

	(void)state;
	assert_string_equal(tables_listed(t, LIST_SYSINIT), "a");
	assert_string_equal(tables_listed(t, LIST_WAIT), "b");
	assert_string_equal(tables_listed(t, LIST_ONCE), "c");
	assert_string_equal(tables_listed(t, LIST_RESPAWN), "e,d");
	assert_string_equal(tables_listed(t, LIST_CTRLALTDEL), "f");
	assert_string_equal(tables_listed(t, LIST_SHUTDOWN), "g");
	assert_string_equal(tables_listed(t, LIST_RESTART), "h");
	free(t);
}

static void lists_keep_the_order_of_the_text(void **state)
{
	struct table *t = tables_made("::once:1\n::wait:2\n::once:3\n"
				      "::askfirst:4\n::once:5\n::respawn:6\n"
				      "::askfirst:7\n::wait:8\n",
				      NULL);

	(void)state;
	assert_string_equal(tables_listed(t, LIST_ONCE), "1,3,5");
	assert_string_equal(tables_listed(t, LIST_WAIT), "2,8");
	assert_string_equal(tables_listed(t, LIST_RESPAWN), "4,6,7");
	free(t);
}

static void a_repeat_counts_at_its_later_place(void **state)
{
	struct table *t = tables_made("::shutdown:A\n::shutdown:B\n"
				      "::shutdown:A\n",
				      NULL);

	(void)state;
	assert_string_equal(tables_listed(t, LIST_SHUTDOWN), "B,A");
	assert_int_equal(table_slot(t, 1)->membership, SLOT_REPEATED);
	assert_int_equal(table_slot(t, 1)->history.number, 0);
	assert_int_equal(t->last_number, 2);
	free(t);
	t = tables_made("::once:a\n::once:a\n::once:b\n::once:a\n::once:b\n",
			NULL);
	assert_string_equal(tables_listed(t, LIST_ONCE), "a,b");
	free(t);
}

static void only_an_exact_repeat_is_one(void **state)
{
	struct table *t = tables_made(
		"::once:a\n::wait:a\nt::once:a\n::once:a b\n::once:a  b\n"
		"::once:A\n::once:a \n::respawn:a\nta::once:a\n"
		"/dev/t::once:a\n",
		NULL);

	(void)state;
	assert_string_equal(tables_listed(t, LIST_ONCE), "a b,a  b,A,a,a,a");
	assert_string_equal(tables_listed(t, LIST_WAIT), "a");
	assert_string_equal(tables_listed(t, LIST_RESPAWN), "a");
	assert_string_equal(table_tty(t, t->last[LIST_ONCE]), "t");
	free(t);
}

/* Or two would read one terminal. */
static void respawn_and_askfirst_of_one_command_are_the_later(void **state)
{
	struct table *t = tables_made("::askfirst:a\n::respawn:b\n::once:a\n"
				      "t::askfirst:a\n::respawn:a\n"
				      "::askfirst:b\n",
				      NULL);

	(void)state;
	assert_string_equal(tables_listed(t, LIST_RESPAWN), "a,a,b");
	assert_int_equal(table_slot(t, 1)->membership, SLOT_REPEATED);
	assert_int_equal(table_slot(t, 2)->membership, SLOT_REPEATED);
	assert_int_equal(table_slot(t, 5)->entry.action, ACTION_RESPAWN);
	assert_string_equal(tables_listed(t, LIST_ONCE), "a");
	free(t);
}

/* Where one ends and the other begins counts, and so does the tty. */
static void tty_and_command_are_two_strings(void **state)
{
	struct table *t =
		tables_made("ab::once:c\na::once:bc\n::once:abc\n", NULL);

	(void)state;
	assert_string_equal(tables_listed(t, LIST_ONCE), "c,bc,abc");
	assert_true(table_same_key(t, 1, "ab", "c"));
	assert_false(table_same_key(t, 1, "a", "bc"));
	assert_false(table_same_key(t, 1, "ab", "d"));
	assert_false(table_same_key(t, 1, "ac", "c"));
	free(t);
}

static void a_child_is_found_by_its_pid(void **state)
{
	struct table *t = bare(3);

	(void)state;
	table_set_pid(t, 2, 100);
	assert_int_equal(table_find_pid(t, 100), 2);
	assert_int_equal(table_find_pid(t, 101), 0);
	table_set_pid(t, 3, 108); /* the same bucket */
	table_set_pid(t, 1, 116);
	assert_int_equal(table_find_pid(t, 100), 2);
	assert_int_equal(table_find_pid(t, 108), 3);
	assert_int_equal(table_find_pid(t, 116), 1);
	table_set_pid(t, 3, 0); /* out of the middle */
	assert_int_equal(table_find_pid(t, 108), 0);
	assert_int_equal(table_find_pid(t, 100), 2);
	assert_int_equal(table_find_pid(t, 116), 1);
	table_set_pid(t, 2, 124); /* another child without an end between */
	assert_int_equal(table_find_pid(t, 100), 0);
	assert_int_equal(table_find_pid(t, 124), 2);
	table_set_pid(t, 2, 0);
	table_set_pid(t, 2, 0);
	assert_int_equal(table_find_pid(t, 124), 0);
	assert_int_equal(table_slot(t, 2)->pid, 0);
	assert_int_equal(table_find_pid(t, 0), 0);
	free(t);
}

static void pids_come_and_go_at_random(void **state)
{
	enum { SLOTS = 50, PIDS = 400 };
	struct table *t = bare(SLOTS);
	struct dice dice = {4};
	uint32_t owner[PIDS + 1] = {0};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint32_t slot = 1 + dice_below(&dice, SLOTS);
		pid_t pid = (pid_t)dice_below(&dice, PIDS + 1);

		if (owner[pid])
			pid = 0;
		owner[table_slot(t, slot)->pid] = 0;
		table_set_pid(t, slot, pid);
		owner[pid] = pid ? slot : 0;
		for (pid_t p = 1; i % 50 == 0 && p <= PIDS; p++)
			assert_int_equal(table_find_pid(t, p), owner[p]);
	}
	free(t);
}

static void due_slots_come_in_order(void **state)
{
	static const int64_t dues[] = {50, 20, 20, 90, 10, 20, 0, -5};
	static const uint32_t order[] = {8, 7, 5, 2, 3, 6, 1, 4};
	struct table *t = bare(8);

	(void)state;
	for (uint32_t i = 8; i >= 1; i--)
		table_push_due(t, i, dues[i - 1]);
	for (uint32_t i = 0; i < 8; i++) {
		assert_int_equal(table_top_due(t), order[i]);
		table_pop_due(t);
	}
	assert_int_equal(table_top_due(t), 0);
	free(t);
}

static uint32_t naive_top(const struct table *t, const bool *queued,
			  uint32_t slots)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i <= slots; i++)
		if (queued[i] &&
		    (!best || table_slot(t, i)->history.due <
				      table_slot(t, best)->history.due))
			best = i;
	return best;
}

static void the_heap_agrees_with_a_naive_one(void **state)
{
	enum { SLOTS = 70 };
	struct table *t = bare(SLOTS);
	struct dice dice = {5};
	bool queued[SLOTS + 1] = {false};
	uint32_t fill = SLOTS / 2;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		uint32_t slot = 1 + dice_below(&dice, SLOTS);
		int64_t due = dice_below(&dice, 40);

		if (i % 500 == 0) /* now nearly empty, now full */
			fill = dice_below(&dice, SLOTS + 1);
		if (!queued[slot] && t->due_count <= fill) {
			table_push_due(t, slot, due);
			queued[slot] = true;
		} else if (t->due_count) {
			queued[table_top_due(t)] = false;
			table_pop_due(t);
		}
		assert_int_equal(table_top_due(t), naive_top(t, queued, SLOTS));
	}
	free(t);
}

/* Ten thousand lines, each with another command. */
static char *many_lines(const char *form)
{
	size_t size = MANY * 32, used = 0;
	char *text = malloc(size);

	for (int i = 0; i < MANY; i++)
		used += (size_t)snprintf(text + used, size - used, form, i);
	return text;
}

static void ten_thousand_entries_fit(void **state)
{
	char *text = many_lines("t%d::respawn:daemon\n");
	struct table *t = tables_made(text, NULL);
	uint32_t i = t->first[LIST_RESPAWN];

	(void)state;
	assert_int_equal(t->count, MANY);
	for (uint32_t n = 1; n <= MANY; n++, i = table_slot(t, i)->next) {
		assert_int_equal(i, n);
		table_set_pid(t, i, (pid_t)(300 + n * 7 % 32003));
		table_push_due(t, i, (int64_t)(n * 7919 % MANY));
	}
	assert_int_equal(i, 0);
	for (uint32_t n = 1; n <= MANY; n++) {
		assert_int_equal(
			table_find_pid(t, (pid_t)(300 + n * 7 % 32003)), n);
		assert_int_equal(table_slot(t, table_top_due(t))->history.due,
				 n - 1);
		table_pop_due(t);
	}
	free(t);
	free(text);
}

static void ten_thousand_repeats_are_one(void **state)
{
	char *text = many_lines("t::respawn:daemon # %d\n");
	struct table *t = tables_made(text, NULL);

	(void)state;
	assert_int_equal(t->count, MANY);
	assert_int_equal(t->first[LIST_RESPAWN], MANY);
	assert_int_equal(t->last[LIST_RESPAWN], MANY);
	assert_int_equal(t->last_number, 1);
	free(t);
	free(text);
}

/* No pointer in it: moved elsewhere, it means the same. */
static void a_table_may_be_moved(void **state)
{
	struct table *t = tables_made("::once:a\nt::respawn:b\n", NULL);
	size_t size = table_bytes(t->capacity, t->text_size);
	struct table *copy = malloc(size);

	(void)state;
	table_set_pid(t, 2, 77);
	table_push_due(t, 1, 5);
	memcpy(copy, t, size);
	memset(t, 'Z', size);
	free(t);
	assert_int_equal(table_find_pid(copy, 77), 2);
	assert_int_equal(table_top_due(copy), 1);
	assert_string_equal(tables_listed(copy, LIST_RESPAWN), "b");
	assert_string_equal(table_tty(copy, 2), "t");
	assert_int_equal(*table_key_bucket(copy, "t", "b"), 2);
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_table_has_nothing),
		cmocka_unit_test(the_shortest_entries_all_fit),
		cmocka_unit_test(a_full_table_takes_no_more),
		cmocka_unit_test(every_action_has_its_list),
		cmocka_unit_test(lists_keep_the_order_of_the_text),
		cmocka_unit_test(a_repeat_counts_at_its_later_place),
		cmocka_unit_test(only_an_exact_repeat_is_one),
		cmocka_unit_test(
			respawn_and_askfirst_of_one_command_are_the_later),
		cmocka_unit_test(tty_and_command_are_two_strings),
		cmocka_unit_test(a_child_is_found_by_its_pid),
		cmocka_unit_test(pids_come_and_go_at_random),
		cmocka_unit_test(due_slots_come_in_order),
		cmocka_unit_test(the_heap_agrees_with_a_naive_one),
		cmocka_unit_test(ten_thousand_entries_fit),
		cmocka_unit_test(ten_thousand_repeats_are_one),
		cmocka_unit_test(a_table_may_be_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
