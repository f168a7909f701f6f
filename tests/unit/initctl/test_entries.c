/* What initctl makes of a plan: what entries do, which one a word means, and
 * what came of a request. */
#define _GNU_SOURCE /* siginfo_t */

#include "entry_status.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dice.h"
#include "find_entry.h"
#include "request_result.h"
#include "respawn.h"
#include "snapshot.h"
#include "tables.h"

static const char inittab[] = "::sysinit:/etc/rc\n"	 /* 1 */
			      "::once:/bin/date -u\n"	 /* 2 */
			      "tty1::respawn:-/bin/sh\n" /* 3 */
			      "tty2::askfirst:-sh\n"	 /* 4 */
			      "::respawn:sshd  -D\n"	 /* 5 */
			      "::shutdown:/etc/down\n"	 /* 6 */
			      "::ctrlaltdel:/\n";	 /* 7 */

static size_t size;

static struct plan *made(enum phase phase)
{
	struct plan *plan = tables_plan(inittab, true, NULL, &size);

	plan_boot(plan, true, 0);
	plan->phase = phase;
	return plan;
}

static void is_said(struct plan *plan, uint32_t slot, const char *word,
		    int64_t seconds, const char *reason)
{
	struct entry_status is = entry_status_of(plan, slot, false, 10000);

	assert_string_equal(is.state, word);
	assert_int_equal(is.seconds, seconds);
	assert_string_equal(is.reason ? is.reason : "", reason);
}

static void one_time_entries(void **state)
{
	struct plan *plan = made(PHASE_SYSINIT);
	struct slot *s = table_slot(&plan->table, 1);

	(void)state;
	is_said(plan, 1, "pending", -1, "");
	is_said(plan, 2, "pending", -1, "");
	is_said(plan, 5, "pending", -1, "");
	is_said(plan, 6, "-", -1, "");
	is_said(plan, 7, "-", -1, "");
	s->pid = 70;
	is_said(plan, 1, "running", -1, "");
	s->pid = 0;
	s->history.ran_lists = 1 << LIST_SYSINIT;
	is_said(plan, 1, "done", -1, "");
	s->history.is_stopped = true;
	is_said(plan, 1, "stopped", -1, "");
	table_slot(&plan->table, 6)->pid = 71;
	plan->phase = PHASE_SHUTDOWN;
	is_said(plan, 6, "running", -1, "");
	is_said(plan, 2, "-", -1, ""); /* never any more */
	is_said(plan, 5, "-", -1, "");
	free(plan);
}

static void what_is_kept_running(void **state)
{
	struct plan *plan = made(PHASE_RUN);
	struct slot *s = table_slot(&plan->table, 5);

	(void)state;
	is_said(plan, 5, "pending", -1, "");
	s->is_queued = true;
	s->history.due = 10001;
	is_said(plan, 5, "waiting", 1, "");
	s->history.due = 11000;
	is_said(plan, 5, "waiting", 1, "");
	assert_int_equal(entry_due(plan, 5), 11000);
	s->history.due = 11001;
	is_said(plan, 5, "waiting", 2, "");
	s->history.due = 10000;
	is_said(plan, 5, "pending", -1, "");
	s->history.failures = RESPAWN_MAX_FAILURES;
	is_said(plan, 5, "throttled", 0, "keeps failing");
	s->history.due = 42000;
	s->history.status = EXIT_NO_TTY << 8;
	is_said(plan, 5, "throttled", 32, "no tty");
	s->history.status = EXIT_NOT_RUN << 8;
	is_said(plan, 5, "throttled", 32, "can't run");
	s->history.status = EXIT_NOT_FOUND << 8;
	is_said(plan, 5, "throttled", 32, "not found");
	s->history.status = 124 << 8;
	is_said(plan, 5, "throttled", 32, "keeps failing");
	s->history.status = 126; /* no exit */
	is_said(plan, 5, "throttled", 32, "keeps failing");
	s->history.is_stopped = true;
	is_said(plan, 5, "stopped", -1, "");
	assert_int_equal(entry_due(plan, 5), -1);
	s->pid = 9;
	s->history.stop = STOP_SEND_KILL;
	is_said(plan, 5, "stopping", -1, "");
	table_slot(&plan->table, 3)->waits_for_tty = true;
	is_said(plan, 3, "blocked", -1, "");
	free(plan);
}

static void a_question_is_asked_by_init(void **state)
{
	struct plan *plan = made(PHASE_RUN);

	(void)state;
	table_slot(&plan->table, 4)->pid = 70;
	table_slot(&plan->table, 5)->pid = 71;
	assert_string_equal(entry_status_of(plan, 4, true, 0).state, "asking");
	assert_string_equal(entry_status_of(plan, 4, false, 0).state,
			    "running");
	/* between fork and exec all are init */
	assert_string_equal(entry_status_of(plan, 5, true, 0).state, "running");
	free(plan);
}

static void who_has_ended(void **state)
{
	(void)state;
	assert_false(entry_has_ended(&(struct slot){.history.starts = 0}));
	assert_false(
		entry_has_ended(&(struct slot){.history.starts = 1, .pid = 5}));
	assert_true(entry_has_ended(&(struct slot){.history.starts = 1}));
	assert_true(
		entry_has_ended(&(struct slot){.history.starts = 2, .pid = 5}));
}

static void who_is_shown(void **state)
{
	struct plan *plan = made(PHASE_RUN);
	struct slot *s = table_slot(&plan->table, 5);

	(void)state;
	assert_true(entry_is_shown(s));
	s->membership = SLOT_ORPHANED;
	assert_false(entry_is_shown(s));
	s->pid = 70;
	assert_true(entry_is_shown(s));
	is_said(plan, 5, "orphaned", -1, "");
	s->membership = SLOT_REMOVED;
	s->history.stop = STOP_SEND_TERM;
	is_said(plan, 5, "stopping", -1, "");
	s->membership = SLOT_REPEATED;
	assert_false(entry_is_shown(s));
	assert_string_equal(entry_action_name(ACTION_JOB), "job");
	assert_string_equal(entry_action_name(ACTION_ASKFIRST), "askfirst");
	free(plan);
}

static void means(const struct plan *plan, const char *word, uint32_t count,
		  uint32_t slot)
{
	struct entry_match match = find_entry(&plan->table, word);

	assert_int_equal(match.count, count);
	assert_int_equal(match.slot, slot);
}

static void which_entry_is_meant(void **state)
{
	struct plan *plan = made(PHASE_RUN);
	struct slot *s = table_slot(&plan->table, 5);

	(void)state;
	means(plan, "5", 1, 5);
	means(plan, "05", 1, 5);
	means(plan, "0", 0, 0);
	means(plan, "8", 0, 0);
	means(plan, "4294967301", 0, 0); /* 2^32 + 5 */
	means(plan, "18446744073709551621", 0, 0);
	means(plan, "tty1", 1, 3);
	means(plan, "/dev/tty1", 1, 3);
	means(plan, "/dev/", 0, 0);
	means(plan, "", 0, 0);
	means(plan, "sh", 2, 3);
	means(plan, "-sh", 0, 0);
	means(plan, "sshd", 1, 5);
	means(plan, "ssh", 0, 0);
	means(plan, "sshd  -D", 0, 0);
	means(plan, "rc", 1, 1);
	means(plan, "/etc/rc", 0, 0);
	means(plan, "/", 1, 7);
	s->membership = SLOT_REMOVED;
	means(plan, "sshd", 0, 0);
	means(plan, "5", 0, 0);
	s->pid = 70;
	means(plan, "sshd", 1, 5);
	means(plan, "5", 1, 5);
	table_slot(&plan->table, 4)->membership = SLOT_ORPHANED;
	table_slot(&plan->table, 4)->pid = 71;
	means(plan, "sh", 1, 3); /* what is in the inittab comes first */
	means(plan, "tty2", 1, 4);
	free(plan);
}

static void what_is_refused(void **state)
{
	struct plan *plan = made(PHASE_RUN);

	(void)state;
	for (uint32_t i = 1; i <= 5; i++)
		for (enum verb v = VERB_STOP_ENTRY; v <= VERB_RESTART_ENTRY;
		     v++)
			assert_null(request_refusal(plan, v, i));
	assert_non_null(request_refusal(plan, VERB_STOP_ENTRY, 6));
	assert_non_null(request_refusal(plan, VERB_START_ENTRY, 7));
	plan->phase = PHASE_ONCE;
	assert_null(request_refusal(plan, VERB_STOP_ENTRY, 1));
	assert_non_null(request_refusal(plan, VERB_START_ENTRY, 1));
	assert_non_null(request_refusal(plan, VERB_RESTART_ENTRY, 2));
	assert_null(request_refusal(plan, VERB_START_ENTRY, 5));
	plan->phase = PHASE_SHUTDOWN;
	assert_non_null(request_refusal(plan, VERB_STOP_ENTRY, 5));
	plan->phase = PHASE_RUN;
	table_slot(&plan->table, 5)->membership = SLOT_ORPHANED;
	assert_null(request_refusal(plan, VERB_STOP_ENTRY, 5));
	assert_non_null(request_refusal(plan, VERB_RESTART_ENTRY, 5));
	table_slot(&plan->table, 5)->entry.action = ACTION_JOB;
	assert_non_null(request_refusal(plan, VERB_STOP_ENTRY, 5));
	free(plan);
}

static void what_came_of_it(void **state)
{
	struct plan *plan = made(PHASE_RUN);
	struct slot *s = table_slot(&plan->table, 5);
	struct slot before;

	(void)state;
	s->pid = 70;
	s->history.starts = 3;
	before = *s;
	assert_int_equal(request_result_of(plan, VERB_STOP_ENTRY, &before),
			 RESULT_PENDING);
	assert_int_equal(request_result_of(plan, VERB_START_ENTRY, &before),
			 RESULT_ALREADY_RUNNING);
	assert_int_equal(request_result_of(plan, VERB_RESTART_ENTRY, &before),
			 RESULT_PENDING);
	s->history.stop = STOP_SEND_TERM;
	assert_int_equal(request_result_of(plan, VERB_START_ENTRY, &before),
			 RESULT_PENDING);
	s->pid = 0;
	s->history.stop = STOP_NONE;
	assert_int_equal(request_result_of(plan, VERB_STOP_ENTRY, &before),
			 RESULT_PENDING);
	assert_int_equal(request_result_of(plan, VERB_START_ENTRY, &before),
			 RESULT_PENDING);
	s->history.is_stopped = true;
	assert_int_equal(request_result_of(plan, VERB_STOP_ENTRY, &before),
			 RESULT_STOPPED);
	s->history.starts = 4;
	assert_int_equal(request_result_of(plan, VERB_START_ENTRY, &before),
			 RESULT_ENDED);
	s->pid = 71;
	assert_int_equal(request_result_of(plan, VERB_RESTART_ENTRY, &before),
			 RESULT_STARTED);
	plan->phase = PHASE_TERM;
	assert_int_equal(request_result_of(plan, VERB_STOP_ENTRY, &before),
			 RESULT_SHUTDOWN);
	plan->phase = PHASE_RUN;
	s->membership = SLOT_REMOVED;
	assert_int_equal(request_result_of(plan, VERB_RESTART_ENTRY, &before),
			 RESULT_REMOVED);
	assert_int_equal(request_result_of(plan, VERB_STOP_ENTRY, &before),
			 RESULT_PENDING);
	s->history.number = 99;
	assert_int_equal(request_result_of(plan, VERB_STOP_ENTRY, &before),
			 RESULT_STOPPED);
	free(plan);
}

static bool is_sound(struct plan *plan, size_t bytes)
{
	return snapshot_check_size(plan, bytes) && snapshot_check_plan(plan);
}

/* Looks at all of it: the sanitizers see a step too far. */
static void look_at_all(struct plan *plan)
{
	(void)plan_phase_name(plan->phase);
	for (uint32_t i = 1; i <= plan->table.count; i++) {
		const struct slot *s = table_slot(&plan->table, i);

		(void)entry_status_of(plan, i, true, 5);
		(void)entry_due(plan, i);
		(void)entry_action_name(s->entry.action);
		(void)entry_failure_reason(s->history.status);
		for (enum verb v = VERB_STOP_ENTRY; v <= VERB_RESTART_ENTRY;
		     v++) {
			(void)request_refusal(plan, v, i);
			(void)request_result_of(plan, v, s);
		}
	}
	(void)find_entry(&plan->table, "sh");
	(void)find_entry(&plan->table, "tty1");
}

static void a_good_plan_is_sound(void **state)
{
	struct plan *plan = made(PHASE_RUN);

	(void)state;
	assert_true(is_sound(plan, size));
	assert_false(snapshot_check_size(plan, size - 1));
	assert_false(snapshot_check_size(plan, size + 1));
	assert_false(snapshot_check_size(plan, sizeof(*plan) - 1));
	free(plan);
}

/* Some of the damage does not matter; and none of it is stepped into. */
static void damage_is_seen_or_does_no_harm(void **state)
{
	uint32_t sound = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 20000; seed++) {
		struct plan *plan = made(PHASE_RUN);
		struct dice dice = {seed};

		for (int i = 0; i < 3; i++) {
			size_t at = dice_below(&dice, (uint32_t)size);

			((char *)plan)[at] = (char)dice_below(&dice, 256);
		}
		if (is_sound(plan, size)) {
			look_at_all(plan);
			sound++;
		}
		free(plan);
	}
	assert_in_range(sound, 1000, 19000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_time_entries),
		cmocka_unit_test(what_is_kept_running),
		cmocka_unit_test(a_question_is_asked_by_init),
		cmocka_unit_test(who_has_ended),
		cmocka_unit_test(who_is_shown),
		cmocka_unit_test(which_entry_is_meant),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(what_came_of_it),
		cmocka_unit_test(a_good_plan_is_sound),
		cmocka_unit_test(damage_is_seen_or_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
