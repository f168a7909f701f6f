/*
 * What is asked for of single entries, and what a job is: PLAN_REQUEST, and
 * the signals that the only job of a container gets.
 */
#include "request.h"

#include <signal.h>
#include <string.h>

#include "check.h"
#include "events.h"
#include "life.h"

#define assert_trace(life, text) assert_string_equal(life_trace(life), text)
#define HOUR 3600000

static struct life *begin(const char *inittab, int64_t until)
{
	struct life *life = life_begin(inittab, true);

	life_run(life, until);
	(void)life_trace(life);
	return life;
}

static void what_is_stopped_stays_down_till_it_is_started(void **state)
{
	struct life *life = begin("::respawn:a\n::respawn:b\n", 20000);

	(void)state;
	life_request(life, VERB_STOP_ENTRY, "a");
	life_run(life, HOUR);
	assert_trace(life, "20000 TERM to a\n20000 end a signal 15\n");
	life_request(life, VERB_START_ENTRY, "a");
	life_run(life, 2 * HOUR);
	assert_trace(life, "3600000 start a\n");
	life_end(life);
}

static void who_is_deaf_is_killed_after_the_grace(void **state)
{
	struct life *life = begin("::respawn:a deaf\n", 20000);

	(void)state;
	life_request(life, VERB_STOP_ENTRY, "a");
	life_run(life, 25000);
	life_request(life, VERB_STOP_ENTRY, "a"); /* gives it no more time */
	life_run(life, HOUR);
	assert_trace(
		life,
		"20000 TERM to a\n30000 KILL to a\n30001 end a signal 9\n");
	life_end(life);
}

static void what_is_started_before_it_has_ended_comes_back(void **state)
{
	struct life *life = begin("::respawn:a slow700\n", 20000);

	(void)state;
	life_request(life, VERB_STOP_ENTRY, "a");
	life_run(life, 20100);
	life_request(life, VERB_START_ENTRY, "a");
	life_run(life, HOUR);
	assert_trace(life,
		     "20000 TERM to a\n20700 end a signal 15\n20700 start a\n");
	life_end(life);
}

static void a_restart_is_no_failure_and_a_second_after_the_last(void **state)
{
	struct life *life = begin("::respawn:a\n", 100);

	(void)state;
	for (int i = 0; i < 20; i++) {
		life_request(life, VERB_RESTART_ENTRY, "a");
		life_run(life, life->now + 100);
	}
	(void)life_trace(life);
	assert_in_range(life->starts, 2, 4);
	life_run(life, life->now + 1000);
	assert_int_equal(life_count(life, "a"), 1);
	life_end(life);
}

static void a_throttled_entry_starts_at_once_and_has_five_tries(void **state)
{
	struct life *life = begin("::respawn:a 10 x1\n", 100000);
	uint32_t starts = life->starts;

	(void)state;
	life_request(life, VERB_START_ENTRY, "a");
	life_run(life, 100000);
	assert_int_equal(life->starts, starts + 1);
	life_run(life, 105000);
	assert_int_equal(life->starts, starts + 5);
	life_end(life);
}

static void a_stop_outlives_a_reload(void **state)
{
	struct life *life = begin("::respawn:a deaf\n::respawn:b\n", 20000);

	(void)state;
	life_request(life, VERB_STOP_ENTRY, "a");
	life_run(life, 22000);
	life_reload(life, "::respawn:c\n::respawn:a deaf\n");
	life_run(life, HOUR);
	assert_trace(life, "20000 TERM to a\n"
			   "22000 reload\n"
			   "22000 start c\n"
			   "22000 TERM to b\n"
			   "22000 end b signal 15\n"
			   "30000 KILL to a\n"
			   "30001 end a signal 9\n");
	life_request(life, VERB_START_ENTRY, "a");
	life_run(life, HOUR);
	assert_trace(life, "3600000 start a\n");
	life_end(life);
}

static void a_script_that_hangs_can_be_stopped(void **state)
{
	struct life *life = begin("::sysinit:a\n::wait:b\n::once:c\n", 5000);

	(void)state;
	life_request(life, VERB_STOP_ENTRY, "c");
	life_request(life, VERB_STOP_ENTRY, "a");
	life_run(life, 6000);
	life_request(life, VERB_STOP_ENTRY, "b");
	life_run(life, HOUR);
	assert_trace(life, "5000 TERM to a\n"
			   "5000 end a signal 15\n"
			   "5000 notice: failed a\n"
			   "5000 start b\n"
			   "6000 TERM to b\n"
			   "6000 end b signal 15\n"
			   "6000 notice: failed b\n");
	assert_int_equal(life->plan->phase, PHASE_RUN);
	life_request(life, VERB_START_ENTRY, "c");
	life_run(life, HOUR);
	assert_trace(life, "3600000 start c\n");
	life_end(life);
}

static void what_is_waited_for_is_not_run_twice(void **state)
{
	struct life *life = begin("::sysinit:a slow700\n::once:c\n", 5000);

	(void)state;
	life_request(life, VERB_RESTART_ENTRY, "a");
	life_request(life, VERB_STOP_ENTRY, "a");
	life_run(life, 5100);
	life_request(life, VERB_START_ENTRY, "a");
	life_run(life, HOUR);
	assert_trace(life, "5000 TERM to a\n"
			   "5700 end a signal 15\n"
			   "5700 notice: failed a\n"
			   "5700 start c\n");
	life_end(life);
}

static void what_ran_once_runs_again_when_it_is_asked_to(void **state)
{
	struct life *life = begin("::once:a 10\n::once:b\n", 20000);

	(void)state;
	life_request(life, VERB_START_ENTRY, "a");
	life_request(life, VERB_RESTART_ENTRY, "b");
	life_run(life, HOUR);
	assert_trace(life, "20000 start a\n"
			   "20000 TERM to b\n"
			   "20000 end b signal 15\n"
			   "20000 start b\n"
			   "20010 end a 0\n");
	life_end(life);
}

static void a_stop_takes_back_a_start_that_is_due(void **state)
{
	struct life *life = begin("::respawn:a 10 x1\n", 15);

	(void)state;
	life_request(life, VERB_STOP_ENTRY, "a");
	life_run(life, HOUR);
	assert_trace(life, "");
	life_end(life);
}

static void what_has_its_own_time_is_left_alone(void **state)
{
	struct life *life = begin("::ctrlaltdel:a\n::shutdown:b 10\n"
				  "::restart:c\n",
				  5000);

	(void)state;
	for (enum verb verb = VERB_STOP_ENTRY; verb <= VERB_RESTART_ENTRY;
	     verb++) {
		life_request(life, verb, "a");
		life_request(life, verb, "b");
		life_request(life, verb, "c");
	}
	life_signal(life, SIGINT);
	life_run(life, HOUR);
	assert_trace(life, "5000 start a\n");
	life_signal(life, SIGUSR2);
	life_run(life, HOUR + 1);
	assert_non_null(strstr(life_trace(life), "start b"));
	life_end(life);
}

static void a_number_that_is_gone_means_nobody(void **state)
{
	struct life *life = begin("::respawn:a\n::respawn:b\n", 20000);
	uint32_t number = life_request(life, VERB_START_ENTRY, "a");
	uint32_t value = VERB_STOP_ENTRY << REQUEST_VERB_SHIFT | number;

	(void)state;
	life_reload(life, "::respawn:c\n::respawn:b\n");
	life_run(life, 20000);
	life_reload(life, "::respawn:a\n::respawn:b\n");
	life_run(life, 30000);
	(void)life_trace(life);
	assert_int_equal(event_request(life->plan, value, life->now), 0);
	assert_int_equal(event_request(life->plan,
				       VERB_STOP_ENTRY << REQUEST_VERB_SHIFT,
				       life->now),
			 0);
	life_run(life, HOUR);
	assert_trace(life, "");
	life_end(life);
}

static void who_is_in_a_hurry_gets_no_grace(void **state)
{
	struct life *life = begin("::once:a deaf\n", 5000);

	(void)state;
	life_request(life, VERB_SKIP_GRACE, "");
	life_signal(life, SIGUSR2);
	life_run(life, HOUR);
	assert_in_range(life->over_since, 5010, 5012); /* sync(2): 10 ms */
	life_end(life);
	life = begin("::once:a deaf\n", 5000);
	life_signal(life, SIGUSR2);
	life_run(life, 7000);
	life_request(life, VERB_SKIP_GRACE, "");
	life_run(life, HOUR);
	assert_in_range(life->over_since, 7010, 7012);
	life_end(life);
}

static void a_job_is_all_that_runs_and_its_end_is_the_end(void **state)
{
	struct life *life = life_begin("::sysinit:a 5\n::wait:b 5\n::once:c\n"
				       "::respawn:d\n::shutdown:e 5\n!j 90 x7",
				       true);

	(void)state;
	life_run(life, HOUR);
	assert_trace(life, "0 start a\n"
			   "5 end a 0\n"
			   "5 start b\n"
			   "10 end b 0\n"
			   "10 start j\n"
			   "100 end j 7\n"
			   "100 say down\n"
			   "100 start e\n"
			   "105 end e 0\n"
			   "105 TERM to all\n"
			   "105 KILL to all\n"
			   "105 start sync(2)\n"
			   "115 start reboot(2) poweroff\n");
	assert_int_equal(plan_exit_status(life->plan), 7);
	life_end(life);
}

static void a_job_can_not_be_stopped(void **state)
{
	struct life *life = begin("::once:c\n!j", 100);

	(void)state;
	life_request(life, VERB_STOP_ENTRY, "j");
	life_run(life, HOUR);
	assert_trace(life, "");
	assert_int_equal(life->plan->phase, PHASE_JOB);
	life_end(life);
}

static void a_signal_that_ends_it_is_reported_as_shells_do(void **state)
{
	struct life *life = life_begin("!j 90 s9", false);

	(void)state;
	assert_int_equal(plan_exit_status(life->plan), 0);
	life_run(life, HOUR);
	assert_int_equal(plan_exit_status(life->plan), 137);
	assert_non_null(strstr(life_trace(life), "100 leave"));
	life_end(life);
}

static void the_only_job_gets_our_signals_also_early_ones(void **state)
{
	struct life *life = life_begin("!j slow50", false);

	(void)state;
	life->plan->job.is_only = true;
	life->fork_fails = 1;
	life_signal(life, SIGUSR1);
	life_signal(life, SIGTERM);
	life_run(life, 400);
	assert_trace(life, "0 no fork for j\n");
	life_run(life, HOUR);
	assert_trace(life, "500 start j\n"
			   "500 USR1 to j\n"
			   "500 TERM to j\n"
			   "550 end j signal 10\n"
			   "550 say down\n"
			   "550 TERM to all\n"
			   "550 KILL to all\n"
			   "550 leave\n"); /* no sync: disks are the host's */
	life_end(life);
}

static void its_other_signals_are_ours(void **state)
{
	struct life *life = life_begin("!j", false);

	(void)state;
	life->plan->job.is_only = true;
	life_run(life, 100);
	life_signal(life, SIGPWR);
	life_run(life, HOUR);
	assert_true(life->over);
	assert_int_equal(plan_exit_status(life->plan), 128 + SIGTERM);
	life_end(life);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_stopped_stays_down_till_it_is_started),
		cmocka_unit_test(who_is_deaf_is_killed_after_the_grace),
		cmocka_unit_test(
			what_is_started_before_it_has_ended_comes_back),
		cmocka_unit_test(
			a_restart_is_no_failure_and_a_second_after_the_last),
		cmocka_unit_test(
			a_throttled_entry_starts_at_once_and_has_five_tries),
		cmocka_unit_test(a_stop_outlives_a_reload),
		cmocka_unit_test(a_script_that_hangs_can_be_stopped),
		cmocka_unit_test(what_is_waited_for_is_not_run_twice),
		cmocka_unit_test(what_ran_once_runs_again_when_it_is_asked_to),
		cmocka_unit_test(a_stop_takes_back_a_start_that_is_due),
		cmocka_unit_test(what_has_its_own_time_is_left_alone),
		cmocka_unit_test(a_number_that_is_gone_means_nobody),
		cmocka_unit_test(who_is_in_a_hurry_gets_no_grace),
		cmocka_unit_test(a_job_is_all_that_runs_and_its_end_is_the_end),
		cmocka_unit_test(a_job_can_not_be_stopped),
		cmocka_unit_test(
			a_signal_that_ends_it_is_reported_as_shells_do),
		cmocka_unit_test(the_only_job_gets_our_signals_also_early_ones),
		cmocka_unit_test(its_other_signals_are_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
