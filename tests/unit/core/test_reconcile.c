#include "reconcile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dice.h"
#include "tables.h"

/* Gives the listed slot with this command a child. */
static void run(struct table *t, const char *command, pid_t pid)
{
	table_set_pid(t, tables_find(t, command, SLOT_LISTED), pid);
}

static struct slot *slot_of(const struct table *t, pid_t pid)
{
	uint32_t slot = table_find_pid(t, pid);

	assert_int_not_equal(slot, 0);
	return table_slot(t, slot);
}

static struct slot *listed(const struct table *t, const char *command)
{
	uint32_t slot = tables_find(t, command, SLOT_LISTED);

	assert_int_not_equal(slot, 0);
	return table_slot(t, slot);
}

/* Adopts the next inittab and frees the table before. */
static struct table *reload(struct table *old, const char *text)
{
	struct table *t = tables_made(text, old);

	free(old);
	return t;
}

static void the_first_table_numbers_its_entries(void **state)
{
	struct table *t = tables_made("::once:a\nbad\n::respawn:b\n", NULL);

	(void)state;
	assert_int_equal(listed(t, "a")->history.number, 1);
	assert_int_equal(listed(t, "b")->history.number, 2);
	assert_int_equal(t->last_number, 2);
	free(t);
}

static void room_is_asked_for_children_only(void **state)
{
	struct table *t =
		tables_made("tty1::once:abc\n::once:d\nx::once:ef\n", NULL);
	uint32_t slots = 9, bytes = 9;

	(void)state;
	reconcile_space(t, &slots, &bytes);
	assert_int_equal(slots, 0);
	assert_int_equal(bytes, 0);
	run(t, "abc", 10);
	run(t, "d", 11);
	reconcile_space(t, &slots, &bytes);
	assert_int_equal(slots, 2);
	assert_int_equal(bytes, sizeof("tty1") + sizeof("abc") + sizeof("") +
					sizeof("d"));
	free(t);
}

static void the_same_entry_keeps_everything(void **state)
{
	struct table *t = tables_made("t::respawn:a\n::once:b\n", NULL);

	(void)state;
	run(t, "a", 10);
	run(t, "b", 11);
	*listed(t, "a") = (struct slot){.entry = listed(t, "a")->entry,
					.history.number = 1,
					.pid = 10,
					.history.started = 500,
					.history.starts = 7,
					.history.failures = 3,
					.history.status = 256};
	listed(t, "b")->history.ran_lists = true;
	t = reload(t, "::respawn:new\n::once:b\n/dev/t:x:respawn: a\n");
	assert_int_equal(t->count, 3);
	assert_string_equal(tables_listed(t, LIST_RESPAWN), "new,a");
	assert_int_equal(slot_of(t, 10)->history.number, 1);
	assert_int_equal(slot_of(t, 10)->history.started, 500);
	assert_int_equal(slot_of(t, 10)->history.starts, 7);
	assert_int_equal(slot_of(t, 10)->history.failures, 3);
	assert_int_equal(slot_of(t, 10)->history.status, 256);
	assert_ptr_equal(slot_of(t, 10), listed(t, "a"));
	assert_ptr_equal(slot_of(t, 11), listed(t, "b"));
	assert_int_equal(slot_of(t, 11)->history.number, 2);
	assert_true(listed(t, "b")->history.ran_lists);
	assert_false(listed(t, "a")->history.ran_lists);
	assert_int_equal(listed(t, "new")->history.number, 3);
	assert_int_equal(listed(t, "new")->history.starts, 0);
	free(t);
}

static void heirs_tell_where_a_slot_went(void **state)
{
	struct table *old = tables_made(
		"::once:a\n::once:b\n::respawn:c\n::once:d\n", NULL);
	struct table *t;

	(void)state;
	run(old, "a", 10);
	run(old, "c", 12);
	table_slot(old, 4)->successor =
		99; /* of an adoption that came to naught */
	t = tables_made("::once:x\n::once:b\n", old);
	assert_int_equal(table_slot(old, 1)->successor, table_find_pid(t, 10));
	assert_int_equal(table_slot(old, 2)->successor, 2);
	assert_int_equal(table_slot(old, 3)->successor, table_find_pid(t, 12));
	assert_int_equal(table_slot(old, 4)->successor, 0);
	assert_int_equal(table_slot(old, 1)->pid, 10); /* old is whole */
	assert_int_equal(table_find_pid(old, 12), 3);
	free(old);
	free(t);
}

static void another_tty_or_command_is_another_entry(void **state)
{
	struct table *t = tables_made("t::once:a\n", NULL);

	(void)state;
	run(t, "a", 10);
	t = reload(t, "u::once:a\nt::once:b\n::once:a\n");
	for (uint32_t i = 1; i <= 3; i++) {
		assert_int_equal(table_slot(t, i)->pid, 0);
		assert_int_equal(table_slot(t, i)->history.number, i + 1);
	}
	assert_int_equal(slot_of(t, 10)->membership, SLOT_ORPHANED);
	free(t);
}

static void once_to_respawn_keeps_its_child(void **state)
{
	struct table *t = tables_made("::once:a\n", NULL);

	(void)state;
	run(t, "a", 10);
	listed(t, "a")->history.ran_lists = true;
	t = reload(t, "::respawn:a\n");
	assert_int_equal(t->count, 1);
	assert_ptr_equal(slot_of(t, 10), listed(t, "a"));
	assert_int_equal(slot_of(t, 10)->history.number, 1);
	assert_string_equal(tables_listed(t, LIST_RESPAWN), "a");
	assert_string_equal(tables_listed(t, LIST_ONCE), "");
	t = reload(t, "::askfirst:a\n");
	assert_ptr_equal(slot_of(t, 10), listed(t, "a"));
	t = reload(t, "::wait:a\n");
	assert_ptr_equal(slot_of(t, 10), listed(t, "a"));
	assert_string_equal(tables_listed(t, LIST_WAIT), "a");
	free(t);
}

/* A ctrlaltdel, shutdown or restart entry of the same name is another. */
static void a_child_does_not_change_to_an_event(void **state)
{
	static const char *const texts[] = {"::ctrlaltdel:a\n",
					    "::shutdown:a\n", "::restart:a\n"};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct table *t = tables_made("::respawn:a\n", NULL);

		run(t, "a", 10);
		t = reload(t, texts[i]);
		assert_int_equal(listed(t, "a")->pid, 0);
		assert_int_equal(listed(t, "a")->history.number, 2);
		assert_int_equal(slot_of(t, 10)->membership, SLOT_REMOVED);
		assert_int_equal(slot_of(t, 10)->history.stop, STOP_SEND_TERM);
		free(t);
		t = tables_made(texts[i], NULL);
		run(t, "a", 10);
		t = reload(t, "::respawn:a\n");
		assert_int_equal(listed(t, "a")->pid, 0);
		assert_int_equal(slot_of(t, 10)->membership, SLOT_ORPHANED);
		free(t);
	}
}

static void the_same_action_is_preferred(void **state)
{
	struct table *t = tables_made("::once:a\n::respawn:a\n", NULL);

	(void)state;
	table_set_pid(t, 1, 10);
	table_set_pid(t, 2, 11);
	t = reload(t, "::respawn:a\n::once:a\n");
	assert_int_equal(table_slot(t, 1)->pid, 11);
	assert_int_equal(table_slot(t, 2)->pid, 10);
	assert_int_equal(t->count, 2);
	/* what is left is matched by tty and command */
	t = reload(t, "::wait:a\n::once:a\n");
	assert_int_equal(table_slot(t, 1)->pid, 11);
	assert_int_equal(table_slot(t, 2)->pid, 10);
	/* one of two is named no more: each goes its way */
	t = reload(t, "::once:a\n");
	assert_int_equal(table_slot(t, 1)->pid, 10);
	assert_int_equal(slot_of(t, 11)->membership, SLOT_ORPHANED);
	free(t);
}

/* once→respawn never starts a second copy (issue 4, difference 6), also
 * where another entry of that name has no child. */
static void the_one_with_a_child_is_preferred(void **state)
{
	static const char *const texts[] = {"::sysinit:a\n::once:a\n",
					    "::once:a\n::sysinit:a\n"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct table *t = tables_made(texts[i], NULL);

		table_set_pid(t, t->first[LIST_ONCE], 10);
		t = reload(t, "::respawn:a\n");
		assert_int_equal(listed(t, "a")->pid, 10);
		assert_int_equal(t->count, 1);
		free(t);
	}
}

static void a_removed_respawn_is_to_be_ended(void **state)
{
	struct table *t =
		tables_made("t::respawn:a\n::askfirst:b\n::respawn:c\n", NULL);

	(void)state;
	run(t, "a", 10);
	run(t, "b", 11);
	slot_of(t, 10)->history.started = 500;
	t = reload(t, "");
	assert_int_equal(t->count, 2); /* c has no child: forgotten */
	assert_int_equal(slot_of(t, 10)->membership, SLOT_REMOVED);
	assert_int_equal(slot_of(t, 10)->history.stop, STOP_SEND_TERM);
	assert_int_equal(slot_of(t, 11)->membership, SLOT_REMOVED);
	assert_int_equal(slot_of(t, 11)->history.stop, STOP_SEND_TERM);
	assert_int_equal(slot_of(t, 10)->history.number, 1);
	assert_int_equal(slot_of(t, 10)->history.started, 500);
	assert_string_equal(tables_listed(t, LIST_RESPAWN), "");
	assert_string_equal(table_tty(t, table_find_pid(t, 10)), "t");
	assert_string_equal(table_command(t, table_find_pid(t, 10)), "a");
	assert_string_equal(table_tty(t, table_find_pid(t, 11)), "");
	assert_string_equal(table_command(t, table_find_pid(t, 11)), "b");
	free(t);
}

static void a_removed_one_time_entry_is_left_alone(void **state)
{
	struct table *t = tables_made("::sysinit:a\n::wait:b\n::once:c\n"
				      "::ctrlaltdel:d\n",
				      NULL);

	(void)state;
	run(t, "a", 10);
	run(t, "b", 11);
	run(t, "c", 12);
	run(t, "d", 13);
	t = reload(t, "::respawn:x\n");
	assert_int_equal(t->count, 5);
	for (pid_t pid = 10; pid <= 13; pid++)
		assert_int_equal(slot_of(t, pid)->membership, SLOT_ORPHANED);
	free(t);
}

static void what_was_left_is_found_when_it_is_named_again(void **state)
{
	struct table *t = tables_made("::once:a\n::once:b\n::once:c\n", NULL);

	(void)state;
	run(t, "a", 10);
	run(t, "b", 11);
	run(t, "c", 12);
	listed(t, "a")->history.ran_lists = true;
	t = reload(t, "::once:new\n");
	t = reload(t, "");
	t = reload(t, "::once:a\n::respawn:b\n");
	assert_ptr_equal(slot_of(t, 10), listed(t, "a"));
	assert_ptr_equal(slot_of(t, 11), listed(t, "b"));
	assert_int_equal(listed(t, "a")->history.number, 1);
	assert_true(listed(t, "a")->history.ran_lists);
	assert_int_equal(listed(t, "b")->history.number, 2);
	assert_int_equal(slot_of(t, 12)->membership, SLOT_ORPHANED);
	assert_int_equal(t->count, 3);
	assert_int_equal(t->last_number, 4);
	free(t);
}

static void what_is_ending_is_not_called_back(void **state)
{
	struct table *t = tables_made("t::respawn:a\n", NULL);

	(void)state;
	run(t, "a", 10);
	t = reload(t, "");
	t = reload(t, "t::respawn:a\n");
	assert_int_equal(slot_of(t, 10)->membership, SLOT_REMOVED);
	assert_int_equal(slot_of(t, 10)->history.stop, STOP_SEND_TERM);
	assert_int_equal(listed(t, "a")->pid, 0);
	assert_int_equal(listed(t, "a")->history.number, 2);
	assert_true(listed(t, "a")->waits_for_tty);
	/* a child that was signalled keeps its stop state and deadline */
	slot_of(t, 10)->history.stop = STOP_SEND_KILL;
	slot_of(t, 10)->history.due = 12345;
	t = reload(t, "t::respawn:a\n");
	assert_int_equal(slot_of(t, 10)->membership, SLOT_REMOVED);
	assert_int_equal(slot_of(t, 10)->history.stop, STOP_SEND_KILL);
	assert_int_equal(slot_of(t, 10)->history.due, 12345);
	assert_int_equal(listed(t, "a")->history.number, 2);
	free(t);
}

/* The commands that wait for the tty of the child with this pid, each with a
 * comma behind it. */
static const char *waiting_for(const struct table *t, pid_t pid)
{
	static char names[256];
	uint32_t i = slot_of(t, pid)->tty_waiters;

	names[0] = '\0';
	for (; i; i = table_slot(t, i)->tty_waiters) {
		assert_true(table_slot(t, i)->waits_for_tty);
		strcat(names, table_command(t, i));
		strcat(names, ",");
	}
	return names;
}

static void a_successor_waits_for_its_tty(void **state)
{
	struct table *t = tables_made("t::respawn:a\n", NULL);

	(void)state;
	run(t, "a", 10);
	t = reload(t, "t::respawn:b\nu::respawn:c\n::respawn:d\n"
		      "t::askfirst:e\nt::once:f\n::askfirst:g\n");
	assert_string_equal(waiting_for(t, 10), "e,b,");
	assert_false(listed(t, "c")->waits_for_tty);
	assert_false(listed(t, "d")->waits_for_tty);
	assert_false(listed(t, "f")->waits_for_tty);
	assert_false(listed(t, "g")->waits_for_tty);
	/* a second reload: still so, and for a new one too */
	t = reload(t, "t::askfirst:e\nt::respawn:x\n");
	assert_string_equal(waiting_for(t, 10), "x,e,");
	assert_int_equal(listed(t, "e")->history.number, 5);
	/* gone: nobody waits any more */
	table_set_pid(t, table_find_pid(t, 10), 0);
	t = reload(t, "t::askfirst:e\n");
	assert_int_equal(t->count, 1);
	assert_false(listed(t, "e")->waits_for_tty);
	free(t);
}

static void one_who_runs_is_not_held(void **state)
{
	struct table *t = tables_made("t::respawn:a\nt::respawn:b\n", NULL);

	(void)state;
	run(t, "a", 10);
	run(t, "b", 11);
	t = reload(t, "t::respawn:b\n");
	assert_false(slot_of(t, 11)->waits_for_tty);
	assert_string_equal(waiting_for(t, 10), "");
	free(t);
}

/* On the console, who inherits it disturbs nobody; who takes it does. */
static void the_console_is_owned_by_shells_only(void **state)
{
	struct table *t = tables_made("::respawn:a\n::askfirst:b\n"
				      "::respawn:-c\nt::respawn:d\n"
				      "::once:-e\n",
				      NULL);

	(void)state;
	assert_false(table_needs_tty(t, 1));
	assert_true(table_needs_tty(t, 2));
	assert_true(table_needs_tty(t, 3));
	assert_true(table_needs_tty(t, 4));
	assert_true(table_needs_tty(t, 5));
	run(t, "a", 10);
	t = reload(t, "::askfirst:x\n"); /* a daemon ends: nobody waits */
	assert_false(listed(t, "x")->waits_for_tty);
	run(t, "x", 11);
	t = reload(t, "::respawn:y\n::respawn:-z\n");
	assert_false(listed(t, "y")->waits_for_tty);
	assert_string_equal(waiting_for(t, 11), "-z,");
	free(t);
}

/* Names that share a bucket of the index are different ttys still. */
static void another_tty_of_the_same_bucket_is_free(void **state)
{
	int shared = 0;

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct table *t = tables_made("t::respawn:a\n", NULL);
		char text[32];

		run(t, "a", 10);
		snprintf(text, sizeof(text), "u%d::respawn:b\n", i);
		t = reload(t, text);
		shared += table_tty_bucket(t, "t") ==
			  table_tty_bucket(t, table_tty(t, 1));
		assert_false(listed(t, "b")->waits_for_tty);
		free(t);
	}
	assert_true(shared > 0);
}

static void the_left_do_not_hold(void **state)
{
	struct table *t = tables_made("t::once:a\n", NULL);

	(void)state;
	run(t, "a", 10);
	t = reload(t, "t::respawn:b\n");
	assert_false(listed(t, "b")->waits_for_tty);
	free(t);
}

/* Two sat on one tty, and both are to go: the successor waits for both. */
static void a_successor_waits_for_the_last_one(void **state)
{
	struct table *t = tables_made("t::respawn:a\nt::respawn:b\n", NULL);
	pid_t first;

	(void)state;
	run(t, "a", 10);
	run(t, "b", 11);
	t = reload(t, "t::respawn:c\n");
	assert_true(listed(t, "c")->waits_for_tty);
	/* one ends, and the inittab is read again: held by the other */
	first = slot_of(t, 10)->tty_waiters ? 10 : 11;
	table_set_pid(t, table_find_pid(t, first), 0);
	t = reload(t, "t::respawn:c\n");
	assert_string_equal(waiting_for(t, 21 - first), "c,");
	free(t);
}

static void numbers_are_never_given_twice(void **state)
{
	struct table *t = tables_made("::once:a\n::once:b\n", NULL);

	(void)state;
	t = reload(t, "::once:c\n");
	assert_int_equal(listed(t, "c")->history.number, 3);
	t = reload(t, "");
	assert_int_equal(t->last_number, 3);
	t = reload(t, "::once:a\n::once:c\n");
	assert_int_equal(listed(t, "a")->history.number, 4);
	assert_int_equal(listed(t, "c")->history.number, 5);
	free(t);
}

static void repeats_in_both_tables_are_survived(void **state)
{
	struct table *t = tables_made("::once:a\n::once:a\n", NULL);

	(void)state;
	run(t, "a", 10);
	t = reload(t, "::once:a\n::once:a\n::once:a\n");
	assert_int_equal(t->count, 3);
	assert_int_equal(table_find_pid(t, 10), 3);
	assert_string_equal(tables_listed(t, LIST_ONCE), "a");
	assert_int_equal(t->last_number, 1);
	free(t);
}

#define POOL 8

static const char *random_inittab(struct dice *dice)
{
	static const char *const actions[] = {
		"once", "wait", "respawn", "respawn", "askfirst", "ctrlaltdel"};
	static const char *const ttys[] = {"", "", "t", "u"};
	static const char *const commands[] = {"a", "bb", "-c", "d e"};
	static char text[1024];
	uint32_t lines = dice_below(dice, POOL + 1);
	size_t used = 0;

	text[0] = '\0';
	while (lines--)
		used += (size_t)snprintf(
			text + used, sizeof(text) - used, "%s::%s:%s\n",
			ttys[dice_below(dice, 4)], actions[dice_below(dice, 6)],
			commands[dice_below(dice, 4)]);
	return text;
}

static void check_one(const struct table *old, uint32_t i,
		      const struct table *t)
{
	const struct slot *was = table_slot(old, i);
	uint32_t at = was->successor;

	if (!at) {
		assert_int_equal(was->pid, 0);
		return;
	}
	assert_string_equal(table_tty(old, i), table_tty(t, at));
	assert_string_equal(table_command(old, i), table_command(t, at));
	assert_int_equal(table_slot(t, at)->pid, was->pid);
	assert_int_equal(table_slot(t, at)->history.number,
			 was->history.number);
	assert_int_equal(table_slot(t, at)->history.started,
			 was->history.started);
	if (was->pid)
		assert_int_equal(table_find_pid(t, was->pid), at);
}

/* How many of an ending slot's tty hold this one, and does one? */
static void check_held(const struct table *t, uint32_t slot)
{
	const struct slot *s = table_slot(t, slot);
	bool ending = false;
	int holders = 0;

	for (uint32_t i = 1; i <= t->count; i++) {
		const struct slot *e = table_slot(t, i);

		if (e->membership != SLOT_REMOVED)
			continue;
		ending |= strcmp(table_tty(t, i), table_tty(t, slot)) == 0 &&
			  table_needs_tty(t, i);
		for (uint32_t h = e->tty_waiters; h;
		     h = table_slot(t, h)->tty_waiters)
			holders += h == slot;
	}
	assert_int_equal(s->waits_for_tty,
			 ending && !s->pid && table_needs_tty(t, slot));
	assert_int_equal(holders, s->waits_for_tty);
}

static void check_lists(const struct table *t)
{
	uint32_t in_lists = 0, not_in_lists = 0;

	for (enum list list = 0; list < LIST_COUNT; list++) {
		uint32_t before = 0, i = t->first[list];

		for (; i; before = i, i = table_slot(t, i)->next) {
			struct slot *s = table_slot(t, i);

			assert_true(i > before);
			assert_int_equal(s->membership, SLOT_LISTED);
			assert_int_equal(table_list(s->entry.action), list);
			if (list == LIST_RESPAWN)
				check_held(t, i);
			in_lists++;
		}
		assert_int_equal(t->last[list], before);
	}
	for (uint32_t i = 1; i <= t->count; i++)
		not_in_lists += table_slot(t, i)->membership != SLOT_LISTED;
	assert_int_equal(in_lists + not_in_lists, t->count);
}

static void check_numbers(const struct table *t)
{
	for (uint32_t i = 1; i <= t->count; i++) {
		uint32_t number = table_slot(t, i)->history.number;

		if (table_slot(t, i)->membership == SLOT_REPEATED) {
			assert_int_equal(number, 0);
			continue;
		}
		assert_in_range(number, 1, t->last_number);
		for (uint32_t j = 1; j < i; j++)
			assert_int_not_equal(number,
					     table_slot(t, j)->history.number);
	}
}

/* Starts and ends children here and there. */
static void stir(struct dice *dice, struct table *t, pid_t *next_pid)
{
	for (uint32_t i = 1; i <= t->count; i++) {
		struct slot *s = table_slot(t, i);

		if (s->pid && dice_once_in(dice, 4))
			table_set_pid(t, i, 0);
		if (s->history.stop == STOP_SEND_TERM && dice_once_in(dice, 2))
			s->history.stop = STOP_SEND_KILL;
		if (s->membership != SLOT_LISTED || s->pid || s->waits_for_tty)
			continue;
		if (dice_once_in(dice, 2))
			table_set_pid(t, i, (*next_pid)++);
		s->history.started = (int64_t)dice_below(dice, 100000);
	}
}

static void random_tables_lose_no_child(void **state)
{
	struct dice dice = {6};
	pid_t next_pid = 2;

	(void)state;
	for (int i = 0; i < 6000; i++) {
		struct table *t = tables_made(random_inittab(&dice), NULL);

		for (int reloads = 0; reloads < 5; reloads++) {
			struct table *old = t;

			stir(&dice, old, &next_pid);
			t = tables_made(random_inittab(&dice), old);
			assert_true(t->last_number >= old->last_number);
			assert_true(t->text_used <= t->text_size + 1);
			for (uint32_t s = 1; s <= old->count; s++)
				check_one(old, s, t);
			check_lists(t);
			check_numbers(t);
			free(old);
		}
		free(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_table_numbers_its_entries),
		cmocka_unit_test(room_is_asked_for_children_only),
		cmocka_unit_test(the_same_entry_keeps_everything),
		cmocka_unit_test(heirs_tell_where_a_slot_went),
		cmocka_unit_test(another_tty_or_command_is_another_entry),
		cmocka_unit_test(once_to_respawn_keeps_its_child),
		cmocka_unit_test(a_child_does_not_change_to_an_event),
		cmocka_unit_test(the_same_action_is_preferred),
		cmocka_unit_test(the_one_with_a_child_is_preferred),
		cmocka_unit_test(a_removed_respawn_is_to_be_ended),
		cmocka_unit_test(a_removed_one_time_entry_is_left_alone),
		cmocka_unit_test(what_was_left_is_found_when_it_is_named_again),
		cmocka_unit_test(what_is_ending_is_not_called_back),
		cmocka_unit_test(a_successor_waits_for_its_tty),
		cmocka_unit_test(one_who_runs_is_not_held),
		cmocka_unit_test(the_console_is_owned_by_shells_only),
		cmocka_unit_test(another_tty_of_the_same_bucket_is_free),
		cmocka_unit_test(the_left_do_not_hold),
		cmocka_unit_test(a_successor_waits_for_the_last_one),
		cmocka_unit_test(numbers_are_never_given_twice),
		cmocka_unit_test(repeats_in_both_tables_are_survived),
		cmocka_unit_test(random_tables_lose_no_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
