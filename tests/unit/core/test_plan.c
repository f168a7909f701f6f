#include "plan.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "events.h"
#include "life.h"
#include "request.h"

#define HOUR 3600000

/* As container managers send them. */
#define SIGNAL_HALT 37
#define SIGNAL_POWEROFF 38
#define SIGNAL_REBOOT 39

#define assert_trace(life, text) assert_string_equal(life_trace(life), text)

static struct life *begin(const char *inittab)
{
	return life_begin(inittab, true);
}

/* Up and running, with the trace of the way up forgotten. */
static struct life *begin_up(const char *inittab)
{
	struct life *life = begin(inittab);

	life_run(life, 1000);
	(void)life_trace(life);
	return life;
}

static void ask(struct life *life, int signal, int64_t run_until)
{
	life_signal(life, signal);
	life_run(life, run_until);
}

/* The way up. */

static void boot_goes_class_by_class(void **state)
{
	struct life *life = begin("::respawn:g\n::once:e 1000\n::wait:c 10\n"
				  "::sysinit:a 100\n::askfirst:h\n"
				  "::once:f\n::wait:d 20\n::sysinit:b 50\n"
				  "::restart:x\n::shutdown:y\n"
				  "::ctrlaltdel:z\n");

	(void)state;
	life_run(life, HOUR);
	assert_trace(life, "0 start a\n"
			   "100 end a 0\n"
			   "100 start b\n"
			   "150 end b 0\n"
			   "150 start c\n"
			   "160 end c 0\n"
			   "160 start d\n"
			   "180 end d 0\n"
			   "180 start e\n"
			   "180 start f\n"
			   "180 start g\n"
			   "180 start h\n"
			   "1180 end e 0\n");
	life_end(life);
}

static void who_has_a_child_is_not_alone(void **state)
{
	struct life *life = begin("::once:a\n");

	(void)state;
	event_children_left(life->plan, !true);
	life_run(life, 0);
	assert_false(life->plan->no_children);
	life_end(life);
}

/* Asks for a reload, and has a child read the inittab. */
static void read_inittab(struct plan *plan, int64_t now)
{
	static const struct step read = {.kind = STEP_TASK,
					 .task = TASK_READ_INITTAB};
	const pid_t reader = 4711;
	uint32_t slot;

	event_signal(plan, SIGHUP, now);
	assert_int_equal(plan_next(plan, now).task, TASK_READ_INITTAB);
	event_step_done(plan, &read, reader, now);
	(void)event_exited(plan, reader, 0, now, &slot);
}

/* No result of the reload is reported, as if init re-executed after a fault. */
static void a_reload_that_faults_is_given_up(void **state)
{
	struct life *life = begin("::respawn:a\n");
	struct step done = {.kind = STEP_RELOAD};

	(void)state;
	life_run(life, 0);
	read_inittab(life->plan, 0);
	for (int i = 0; i < PLAN_RELOAD_TRIES; i++)
		assert_int_equal(plan_next(life->plan, 0).kind, STEP_RELOAD);
	assert_int_equal(plan_next(life->plan, 0).message,
			 MESSAGE_RELOAD_FAULTED);
	assert_int_equal(plan_next(life->plan, 0).kind, STEP_SLEEP);
	/* the next request has all its tries, also after one that worked */
	for (int i = 0; i < PLAN_RELOAD_TRIES; i++) {
		read_inittab(life->plan, 0);
		assert_int_equal(plan_next(life->plan, 0).kind, STEP_RELOAD);
		event_step_done(life->plan, &done, -1, 0);
	}
	read_inittab(life->plan, 0);
	assert_int_equal(plan_next(life->plan, 0).kind, STEP_RELOAD);
	life_end(life);
}

/* At boot the built-in table is taken instead. */
static void a_first_table_that_faults_is_replaced(void **state)
{
	struct life *life = life_begin_unread("::respawn:a\n", true);

	(void)state;
	read_inittab(life->plan, 0);
	for (int i = 0; i < PLAN_RELOAD_TRIES; i++)
		assert_int_equal(plan_next(life->plan, 0).kind, STEP_RELOAD);
	assert_int_equal(plan_next(life->plan, 0).message,
			 MESSAGE_RELOAD_FAULTED);
	life_run(life, 0);
	assert_non_null(strstr(life_trace(life), "0 built in\n"
						 "0 start /etc/init.d/rcS\n"));
	life_end(life);
}

/* File tasks. */

static void the_inittab_comes_first(void **state)
{
	struct life *life = life_begin_unread("::sysinit:a 10\n::wait:b 10\n"
					      "::once:c\n::respawn:d\n!job",
					      true);

	(void)state;
	life->file_takes = 100;
	life_run(life, HOUR);
	assert_trace(life, "0 start read inittab\n"
			   "100 reload\n"
			   "100 start a\n"
			   "110 end a 0\n"
			   "110 start b\n"
			   "120 end b 0\n"
			   "120 start job\n");
	assert_int_equal(life->plan->table.last_number, 5);
	life_end(life);
}

/* Nothing runs without it, but all that is asked for is done. */
static void requests_are_served_before_there_is_an_inittab(void **state)
{
	struct life *life = life_begin_unread("::sysinit:a\n", true);

	(void)state;
	life->file_takes = FOREVER;
	life_run(life, 2000);
	assert_trace(life, "0 start read inittab\n"
			   "1000 say slow read inittab\n");
	ask(life, SIGHUP, 2000); /* once more, after this one */
	ask(life, SIGTERM, 2000);
	assert_trace(life, "2000 say down\n"
			   "2000 TERM to all\n");
	life_run(life, HOUR);
	assert_true(life->over);
	life_end(life);
}

static void a_first_inittab_that_can_not_be_read_is_replaced(void **state)
{
	static const char *const files[] = {NULL, "::once:late\n"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct life *life = life_begin_unread(files[i], true);
		const char *trace;

		life->file_takes = files[i] ? FOREVER : 0;
		life_run(life, HOUR);
		trace = life_trace(life);
		assert_non_null(strstr(trace, "built in\n"));
		assert_non_null(strstr(trace, "start /etc/init.d/rcS\n"));
		assert_int_equal(strncmp(trace, "0 built in", 10) == 0,
				 !files[i]);
		if (files[i])
			assert_non_null(strstr(trace,
					       "60000 kill read inittab\n"
					       "60000 built in\n"));
		life_end(life);
	}
}

static void a_dead_disk_does_not_hold_up_a_reload_for_ever(void **state)
{
	struct life *life = begin_up("::respawn:a 5000\n");

	(void)state;
	life->file_takes = FOREVER;
	life_reload(life, "::respawn:b\n");
	life_run(life, 62000);
	assert_non_null(strstr(life_trace(life), "61000 kill read inittab\n"
						 "61000 no reload\n"));
	/* it has started what was due meanwhile, and a shutdown is served */
	assert_true(life->starts > 9);
	life_reload(life, "::respawn:b\n");
	life_run(life, 63000);
	ask(life, SIGUSR2, HOUR);
	assert_true(life->over);
	assert_in_range(life->over_since, 63000, 63000 + 15000);
	life_end(life);
}

/* As a task of the shutdown: with another image, and not for ever. */
static void a_child_that_faults_reads_once_more(void **state)
{
	struct life *life = begin_up("");

	(void)state;
	life->file_takes = 100;
	life_reload(life, "::once:late\n");
	for (int i = 0; i < PLAN_TASK_TRIES + 1; i++) {
		life_run(life, 1050 + 50 * i);
		life_kill(life, "read inittab", SIGSEGV);
	}
	life_run(life, HOUR);
	assert_trace(life, "1000 start read inittab\n"
			   "1050 re-execute\n"
			   "1050 start read inittab\n"
			   "1100 re-execute\n"
			   "1100 start read inittab\n"
			   "1150 no reload\n");
	assert_int_equal(life->plan->file_error, EINTR);
	(void)life_request(life, VERB_UPGRADE, "");
	life->accepts = true;
	life_run(life, HOUR + 50);
	life_kill(life, "read upgrade", SIGSEGV);
	life_run(life, 2 * HOUR);
	assert_trace(life, "3600000 start read upgrade\n"
			   "3600050 say no upgrade\n");
	life_end(life);
	life = begin_up("");
	life->file_takes = 100;
	life->accepts = true;
	(void)life_request(life, VERB_UPGRADE, "");
	life_run(life, 1050);
	life_kill(life, "read upgrade", SIGSEGV);
	life_run(life, HOUR);
	assert_trace(life, "1000 start read upgrade\n"
			   "1050 re-execute\n"
			   "1050 start read upgrade\n"
			   "1150 start check upgrade\n"
			   "1250 upgrade\n");
	life_end(life);
}

static void what_is_asked_while_a_file_is_read_is_done_then(void **state)
{
	struct life *life = begin_up("::respawn:a\n");

	(void)state;
	life->file_takes = 100;
	life->accepts = true;
	life_reload(life, "::respawn:b\n");
	life_run(life, 1050);
	life_reload(life, "::respawn:c\n");
	(void)life_request(life, VERB_UPGRADE, "");
	life_run(life, 1350);
	(void)life_request(life, VERB_UPGRADE, ""); /* the same one */
	life_run(life, HOUR);
	assert_trace(life, "1000 start read inittab\n"
			   "1100 reload\n"
			   "1100 start read inittab\n"
			   "1100 start c\n"
			   "1100 TERM to a\n"
			   "1100 end a signal 15\n"
			   "1200 reload\n"
			   "1200 start read upgrade\n"
			   "1300 start check upgrade\n"
			   "1400 upgrade\n");
	life_end(life);
}

static void an_upgrade_that_is_refused_is_said(void **state)
{
	struct life *life = begin_up("");

	(void)state;
	(void)life_request(life, VERB_UPGRADE, "");
	life_run(life, HOUR);
	assert_trace(life, "1000 say no upgrade\n");
	assert_int_equal(life->plan->file_error, 0);
	life_end(life);
}

/* It has two seconds, and no signal that it ignores gives it more. */
static void a_file_that_does_not_answer_is_killed(void **state)
{
	struct life *life = begin_up("");

	(void)state;
	(void)life_request(life, VERB_UPGRADE, "");
	life_run(life, 1000);
	(void)life_trace(life);
	(void)life_request(life, VERB_UPGRADE, "");
	life->file_takes = 1;
	life_run(life, 1000);
	life->file_takes = FOREVER;
	life_run(life, 3001);
	assert_trace(life, "1000 start read upgrade\n"
			   "1001 start check upgrade\n"
			   "3001 kill check upgrade\n"
			   "3001 say no upgrade\n");
	assert_int_equal(life->plan->file_error, ETIMEDOUT);
	life->file_takes = 0;
	life->accepts = true;
	(void)life_request(life, VERB_UPGRADE, "");
	life_run(life, HOUR);
	assert_trace(life, "3001 upgrade\n");
	life_end(life);
}

static void an_empty_table_idles(void **state)
{
	struct life *life = begin("");

	(void)state;
	life_run(life, HOUR);
	assert_trace(life, "");
	ask(life, SIGUSR2, HOUR + 1000);
	assert_trace(life, "3600000 say down\n"
			   "3600000 TERM to all\n"
			   "3600000 KILL to all\n"
			   "3600000 start sync(2)\n"
			   "3600010 start reboot(2) poweroff\n");
	life_end(life);
}

static void what_is_waited_for_is_reported_when_it_fails(void **state)
{
	struct life *life = begin("::sysinit:a 5 x1\n::wait:b 5 s11\n"
				  "::wait:c 5\n::once:d 5 x1\n");

	(void)state;
	life_run(life, HOUR);
	assert_trace(life, "0 start a\n"
			   "5 end a 1\n"
			   "5 notice: failed a\n"
			   "5 start b\n"
			   "10 end b signal 11\n"
			   "10 notice: failed b\n"
			   "10 start c\n"
			   "15 end c 0\n"
			   "15 start d\n"
			   "20 end d 1\n");
	life_end(life);
}

static void orphans_are_nobodys(void **state)
{
	struct life *life = begin("::sysinit:a 50\n::respawn:b\n");

	(void)state;
	life_orphan(life, "o 10 x1");
	life_orphan(life, "p 60 s9");
	life_run(life, HOUR);
	assert_trace(life, "0 start a\n50 end a 0\n50 start b\n");
	assert_int_equal(life->child_count, 1);
	life_end(life);
}

/* Respawn. */

static void a_quick_exit_0_runs_once_a_second(void **state)
{
	struct life *life = begin("::respawn:cron 3\n");

	(void)state;
	life_run(life, 999 * 1000);
	assert_int_equal(life->starts, 1000);
	life_end(life);
}

static void a_long_life_is_followed_at_once(void **state)
{
	struct life *life = begin("::respawn:a 20000 x1\n");

	(void)state;
	life_run(life, 40000);
	assert_trace(life, "0 start a\n20000 end a 1\n20000 start a\n"
			   "40000 end a 1\n40000 start a\n");
	life_end(life);
}

static void failures_are_throttled(void **state)
{
	static const int64_t seconds[] = {0,  1,  2,  3,  4,   6,
					  10, 18, 34, 66, 126, 186};
	struct life *life = begin("::respawn:a 0 x1\n");

	(void)state;
	for (uint32_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		if (i > 0)
			life_run(life, seconds[i] * 1000 - 1);
		assert_int_equal(life->starts, i);
		life_run(life, seconds[i] * 1000);
		assert_int_equal(life->starts, i + 1);
	}
	assert_non_null(strstr(life_trace(life), "4000 notice: throttled a\n"));
	life_end(life);
}

static void throttling_is_reported_once(void **state)
{
	struct life *life = begin("::respawn:a 0 x1\n");
	char *first;

	(void)state;
	life_run(life, HOUR);
	first = strstr(life_trace(life), "throttled");
	assert_non_null(first);
	assert_null(strstr(first + 1, "throttled"));
	/* an hour of a getty that fails at once costs few starts */
	assert_in_range(life->starts, 60, 70);
	life_end(life);
}

static void it_lives_again_when_the_cause_of_an_hour_is_gone(void **state)
{
	struct life *life = begin("tty1::respawn:getty 0 x1 till3600000\n");
	const char *notice;
	uint32_t starts;

	(void)state;
	life_run(life, HOUR - 1);
	starts = life->starts;
	assert_in_range(starts, 60, 70);
	/* printed on the console once */
	notice = strstr(life_trace(life), "notice");
	assert_non_null(notice);
	assert_null(strstr(notice + 1, "notice"));
	life_run(life, HOUR + 60000);
	assert_int_equal(life->starts, starts + 1);
	assert_int_equal(life_count(life, "getty"), 1);
	life_run(life, 2 * HOUR);
	assert_int_equal(life->starts, starts + 1);
	life_kill(life, "getty", 9); /* its failures are forgotten */
	life_run(life, 2 * HOUR);
	assert_int_equal(life->starts, starts + 2);
	assert_null(strstr(life_trace(life), "notice"));
	life_end(life);
}

static void one_that_fails_holds_up_no_other(void **state)
{
	struct life *life = begin("::respawn:bad 0 x1\n::respawn:good 10\n"
				  "::respawn:calm\n");

	(void)state;
	life_run(life, 60000);
	assert_int_equal(life->starts, 9 + 61 + 1);
	life_end(life);
}

/* Endings. */

static const struct {
	int signal;
	const char *last;
} endings[] = {
	{SIGUSR1, "start reboot(2) halt\n"},
	{SIGUSR2, "start reboot(2) poweroff\n"},
	{SIGTERM, "start reboot(2) reboot\n"},
	{SIGPWR, "start reboot(2) poweroff\n"},
	{SIGNAL_HALT, "start reboot(2) halt\n"},
	{SIGNAL_POWEROFF, "start reboot(2) poweroff\n"},
	{SIGNAL_REBOOT, "start reboot(2) reboot\n"},
	{SIGQUIT, "become other\n"},
};

#define ENDINGS (sizeof(endings) / sizeof(endings[0]))

static void assert_ends_with(struct life *life, const char *last)
{
	const char *trace = life_trace(life);
	size_t len = strlen(trace), last_len = strlen(last);

	assert_true(life->over);
	assert_true(len > last_len);
	assert_string_equal(trace + len - last_len, last);
}

static void every_ending_is_served_in_every_phase(void **state)
{
	static const struct {
		const char *inittab;
		enum phase phase;
		uint32_t fork_fails;
		int before;
	} phases[] = {
		{"::sysinit:a\n", PHASE_SYSINIT, 0, 0},
		{"::sysinit:a\n", PHASE_SYSINIT, 0, SIGTSTP},
		{"::sysinit:a\n", PHASE_SYSINIT, 3, 0},
		{"::wait:a\n", PHASE_WAIT, 0, 0},
		{"::wait:a\n", PHASE_WAIT, 3, 0},
		{"::once:a\n", PHASE_ONCE, 3, 0},
		{"::respawn:a\n", PHASE_RUN, 3, 0},
		{"::respawn:a\n", PHASE_RUN, 0, 0},
		{"::respawn:a\n", PHASE_RUN, 0, SIGTSTP},
		{"::ctrlaltdel:a\n", PHASE_RUN, 0, SIGINT},
		{"::respawn:a 0 x1\n", PHASE_RUN, 0, 0},
	};

	(void)state;
	for (size_t p = 0; p < sizeof(phases) / sizeof(phases[0]); p++)
		for (size_t e = 0; e < ENDINGS; e++) {
			char text[64];
			struct life *life;

			snprintf(text, sizeof(text), "%s::restart:other\n",
				 phases[p].inittab);
			life = begin(text);
			life->fork_fails = phases[p].fork_fails;
			life_run(life, 100);
			ask(life, phases[p].before, 200);
			assert_int_equal(life->plan->phase, phases[p].phase);
			ask(life, endings[e].signal, 5000);
			assert_ends_with(life, endings[e].last);
			life_end(life);
		}
}

static void an_idle_machine_goes_down_at_once(void **state)
{
	struct life *life = begin_up("::respawn:a\n::once:b\n");

	(void)state;
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 TERM to all\n"
			   "1000 end b signal 15\n"
			   "1000 end a signal 15\n"
			   "1000 KILL to all\n"
			   "1000 start sync(2)\n"
			   "1010 start reboot(2) poweroff\n");
	life_end(life);
}

static void the_slow_get_their_time_and_no_more_is_taken(void **state)
{
	struct life *life = begin_up("::respawn:a slow3000\n"
				     "::respawn:b slow200\n");

	(void)state;
	life_orphan(life, "o slow4000");
	ask(life, SIGTERM, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 TERM to all\n"
			   "1200 end b signal 15\n"
			   "2000 say slow\n"
			   "4000 end a signal 15\n"
			   "5000 KILL to all\n"
			   "5000 start sync(2)\n"
			   "5010 start reboot(2) reboot\n");
	life_end(life);
}

static void a_deaf_one_costs_ten_seconds(void **state)
{
	struct life *life = begin_up("::respawn:a deaf\n");

	(void)state;
	ask(life, SIGUSR1, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 TERM to all\n"
			   "2000 say slow\n"
			   "11000 say kill\n"
			   "11000 KILL to all\n"
			   "11001 end a signal 9\n"
			   "11001 start sync(2)\n"
			   "11011 start reboot(2) halt\n");
	life_end(life);
}

static void one_who_cannot_be_killed_costs_two_more_twice(void **state)
{
	struct life *life = begin_up("::respawn:a deaf stuck\n");

	(void)state;
	ask(life, SIGUSR1, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 TERM to all\n"
			   "2000 say slow\n"
			   "11000 say kill\n"
			   "11000 KILL to all\n"
			   "12000 say slow\n"
			   "13000 start sync(2)\n"
			   "14010 say slow\n"
			   "15010 start sync(2)\n"
			   "15020 start reboot(2) halt\n");
	life_end(life);
}

/* An interactive shell ignores SIGTERM; SIGHUP ends it. */
static void shells_are_hung_up(void **state)
{
	struct life *life =
		begin_up("t::askfirst:a shell\n::respawn:b deaf 1500\n"
			 "u::respawn:-c shell slow20\n"
			 "v::respawn:-d\nw::askfirst:e 0 x1\n"
			 "x::respawn:getty shell\n");

	(void)state;
	life_run(life, 1100);
	(void)life_trace(life);
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "1100 say down\n"
			   "1100 TERM to all\n"
			   "1100 end -d signal 15\n"
			   "1100 HUP to a\n"
			   "1100 HUP to -c\n"
			   "1100 HUP to getty\n"
			   "1100 end a signal 1\n"
			   "1100 end getty signal 1\n"
			   "1120 end -c signal 1\n"
			   "1500 end b 0\n"
			   "1500 KILL to all\n"
			   "1500 start sync(2)\n"
			   "1510 start reboot(2) poweroff\n");
	life_end(life);
}

static void a_request_waits_for_the_reboot_under_way(void **state)
{
	struct life *life = begin_up("");

	(void)state;
	life->refuses_reboot = true;
	ask(life, SIGUSR2, 1010);
	(void)life_trace(life);
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "1011 say refused\n");
	life_end(life);
}

static void throttling_is_not_reported_during_shutdown(void **state)
{
	struct life *life = begin("::respawn:a 100 x1\n");

	(void)state;
	life_run(life, 4050);
	(void)life_trace(life);
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "4050 say down\n"
			   "4050 TERM to all\n"
			   "4050 end a signal 15\n"
			   "4050 KILL to all\n"
			   "4050 start sync(2)\n"
			   "4060 start reboot(2) poweroff\n");
	life_end(life);
}

/* ECHILD of long ago says nothing about the child started since. */
static void alone_is_forgotten_with_the_next_child(void **state)
{
	struct life *life = begin_up("::shutdown:a\n::respawn:b 100 deaf\n");

	(void)state;
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 start a\n"
			   "1100 end b 0\n"
			   "2000 say slow a\n"
			   "61000 say late a\n"
			   "61000 TERM to all\n"
			   "61000 end a signal 15\n"
			   "61000 KILL to all\n"
			   "61000 start sync(2)\n"
			   "61010 start reboot(2) poweroff\n");
	life_end(life);
}

static void shutdown_entries_run_one_after_the_other(void **state)
{
	struct life *life = begin_up("::shutdown:a 100\n::respawn:b\n"
				     "::shutdown:c 50 x1\n::shutdown:d\n"
				     "::shutdown:e 5\n");

	(void)state;
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 start a\n"
			   "1100 end a 0\n"
			   "1100 start c\n"
			   "1150 end c 1\n"
			   "1150 notice: failed c\n"
			   "1150 start d\n"
			   "2150 say slow d\n"
			   "61150 say late d\n"
			   "61150 start e\n"
			   "61155 end e 0\n"
			   "61155 TERM to all\n"
			   "61155 end b signal 15\n"
			   "61155 end d signal 15\n"
			   "61155 KILL to all\n"
			   "61155 start sync(2)\n"
			   "61165 start reboot(2) poweroff\n");
	life_end(life);
}

static void nothing_is_respawned_during_shutdown(void **state)
{
	struct life *life = begin_up("::shutdown:s 5000\n::respawn:a 1500\n"
				     "::respawn:b 0 x1\n");

	(void)state;
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 start s\n"
			   "1500 end a 0\n"
			   "2000 say slow s\n"
			   "6000 end s 0\n"
			   "6000 TERM to all\n"
			   "6000 KILL to all\n"
			   "6000 start sync(2)\n"
			   "6010 start reboot(2) poweroff\n");
	life_end(life);
}

static void a_different_ending_replaces_the_ending(void **state)
{
	/* at these times it is in SHUTDOWN (2), GRACE, REAP, SYNC, and in REAP
	 * and SYNC once more */
	static const int64_t times[] = {1000,  1050,  5000, 11150,
					13150, 14000, 15250};
	struct life *life;

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		for (size_t e = 0; e < ENDINGS; e++) {
			life = begin_up("::shutdown:a 100\n::restart:other\n"
					"::once:b deaf stuck\n");
			life->sync_takes = 100;
			ask(life, SIGUSR1, times[i]);
			assert_false(life->over);
			ask(life, endings[e].signal, HOUR);
			if (i >= 4 && endings[e].signal == SIGQUIT)
				assert_ends_with(life, endings[0].last);
			else
				assert_ends_with(life, endings[e].last);
			assert_int_equal(life->signals_to_all, 2);
			life_end(life);
		}
	life = begin_up("::restart:other\n::once:b deaf\n");
	ask(life, SIGQUIT, 5000);
	ask(life, SIGUSR2, HOUR); /* and the other way round */
	assert_ends_with(life, endings[1].last);
	life_end(life);
}

static void repeated_requests_are_one(void **state)
{
	struct life *life = begin_up("::shutdown:a 3000\n::once:b deaf\n"
				     "::ctrlaltdel:c 10\n");

	(void)state;
	life_signal(life, SIGUSR2);
	for (int64_t time = 1000; time < 20000; time += 250) {
		ask(life, SIGUSR2, time);
		ask(life, SIGPWR, time);
		ask(life, SIGHUP, time);
	}
	assert_trace(life, "1000 say down\n"
			   "1000 start a\n"
			   "2000 say slow a\n"
			   "4000 end a 0\n"
			   "4000 TERM to all\n"
			   "5000 say slow\n"
			   "14000 say kill\n"
			   "14000 KILL to all\n"
			   "14001 end b signal 9\n"
			   "14001 start sync(2)\n"
			   "14011 start reboot(2) poweroff\n");
	life_end(life);
}

static void an_ending_goes_before_all_else(void **state)
{
	struct life *life = begin_up("::ctrlaltdel:c 10\n::shutdown:s 5\n");

	(void)state;
	life_reload(life, "");
	life_signal(life, SIGINT);
	life_signal(life, SIGTSTP);
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 start s\n"
			   "1005 end s 0\n"
			   "1005 TERM to all\n"
			   "1005 KILL to all\n"
			   "1005 start sync(2)\n"
			   "1015 start reboot(2) poweroff\n");
	life_end(life);
}

static void ctrlaltdel_cuts_the_grace_after_two_seconds(void **state)
{
	struct life *life = begin_up("::once:b deaf\n");

	(void)state;
	ask(life, SIGUSR2, 1500);
	ask(life, SIGINT, 2999);
	ask(life, SIGINT, 3000);
	assert_trace(life, "1000 say down\n1000 TERM to all\n2000 say slow\n");
	ask(life, SIGINT, HOUR);
	assert_trace(life, "3000 say kill\n"
			   "3000 KILL to all\n"
			   "3001 end b signal 9\n"
			   "3001 start sync(2)\n"
			   "3011 start reboot(2) poweroff\n");
	life_end(life);
}

/* The two seconds count from the shutdown, or from the last cut: keys that
 * are held down must not cut all waits at once. */
static void ctrlaltdel_cuts_one_wait_at_a_time(void **state)
{
	struct life *life = begin_up("::shutdown:a\n::shutdown:c\n"
				     "::once:b deaf\n");

	(void)state;
	ask(life, SIGUSR2, 4000);
	for (int64_t time = 4033; time < 10000; time += 33)
		ask(life, SIGINT, time);
	ask(life, SIGINT, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 start a\n"
			   "2000 say slow a\n"
			   "4000 say late a\n"
			   "4000 start c\n"
			   "5000 say slow c\n"
			   "6013 say late c\n"
			   "6013 TERM to all\n"
			   "6013 end a signal 15\n"
			   "6013 end c signal 15\n"
			   "7013 say slow\n"
			   "8026 say kill\n"
			   "8026 KILL to all\n"
			   "8027 end b signal 9\n"
			   "8027 start sync(2)\n"
			   "8037 start reboot(2) poweroff\n");
	life_end(life);
}

static void a_dead_disk_costs_a_minute(void **state)
{
	struct life *life = begin_up("");

	(void)state;
	life->sync_takes = FOREVER;
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 TERM to all\n"
			   "1000 KILL to all\n"
			   "1000 start sync(2)\n"
			   "2000 say slow sync(2)\n"
			   "61000 say late sync(2)\n"
			   "61000 start reboot(2) poweroff\n");
	life_end(life);
}

static void ctrlaltdel_does_not_cut_the_sync(void **state)
{
	struct life *life = begin_up("");

	(void)state;
	life->sync_takes = 30000;
	ask(life, SIGUSR2, 2000);
	ask(life, SIGINT, 9000);
	ask(life, SIGINT, HOUR);
	assert_ends_with(life, "1000 start sync(2)\n"
			       "2000 say slow sync(2)\n"
			       "31000 start reboot(2) poweroff\n");
	life_end(life);
}

/* The end of a sync that was given up is not the end of the reboot. */
static void a_late_sync_is_not_taken_for_the_reboot(void **state)
{
	struct life *life = begin_up("");

	(void)state;
	life->sync_takes = 70000;
	life->refuses_reboot = true;
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 TERM to all\n"
			   "1000 KILL to all\n"
			   "1000 start sync(2)\n"
			   "2000 say slow sync(2)\n"
			   "61000 say late sync(2)\n"
			   "61000 start reboot(2) poweroff\n"
			   "61001 say refused\n");
	life_end(life);
}

static void a_refused_reboot_is_said_once(void **state)
{
	struct life *life = begin_up("::restart:other\n");

	(void)state;
	life->refuses_reboot = true;
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 TERM to all\n"
			   "1000 KILL to all\n"
			   "1000 start sync(2)\n"
			   "1010 start reboot(2) poweroff\n"
			   "1011 say refused\n");
	life_orphan(life, "o 10");
	ask(life, SIGINT, 2 * HOUR);
	ask(life, SIGQUIT, 2 * HOUR); /* too late for it */
	assert_trace(life, "");
	ask(life, SIGUSR1, 3 * HOUR);
	assert_trace(life, "7200000 start reboot(2) halt\n"
			   "7200001 say refused\n");
	life->refuses_reboot = false;
	ask(life, SIGTERM, 4 * HOUR);
	assert_trace(life, "10800000 start reboot(2) reboot\n");
	assert_true(life->over);
	life_end(life);
}

static void a_container_is_left(void **state)
{
	struct life *life = life_begin("::respawn:a\n", false);

	(void)state;
	life->refuses_reboot = true;
	life_run(life, 100);
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "0 start a\n"
			   "100 say down\n"
			   "100 TERM to all\n"
			   "100 end a signal 15\n"
			   "100 KILL to all\n"
			   "100 start sync(2)\n"
			   "110 start reboot(2) poweroff\n"
			   "111 leave\n");
	life_end(life);
}

static void restart_becomes_the_first_restart_entry(void **state)
{
	struct life *life = begin_up("::shutdown:s 10\n::respawn:a\n"
				     "::restart:first\n::restart:second\n");

	(void)state;
	ask(life, SIGQUIT, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 start s\n"
			   "1010 end s 0\n"
			   "1010 TERM to all\n"
			   "1010 end a signal 15\n"
			   "1010 KILL to all\n"
			   "1010 become first\n");
	life_end(life);
}

static void restart_without_an_entry_is_nothing(void **state)
{
	struct life *life = begin_up("::respawn:a\n");

	(void)state;
	ask(life, SIGQUIT, 2000);
	assert_trace(life, "");
	assert_int_equal(life->plan->shutdown, SHUTDOWN_NONE);
	ask(life, SIGUSR2, 2000);
	ask(life, SIGQUIT, HOUR);
	assert_ends_with(life, "start reboot(2) poweroff\n");
	life_end(life);
}

static void a_failed_restart_halts(void **state)
{
	struct life *life = begin_up("::restart:other\n");

	(void)state;
	life->refuses_restart = true;
	ask(life, SIGQUIT, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 TERM to all\n"
			   "1000 KILL to all\n"
			   "1000 become other\n"
			   "1000 start sync(2)\n"
			   "1010 start reboot(2) halt\n");
	life_end(life);
}

static void a_repeated_restart_is_no_second_one(void **state)
{
	struct life *life = begin_up("::restart:other\n");

	(void)state;
	life->refuses_restart = true;
	life->sync_takes = FOREVER;
	ask(life, SIGQUIT, 2000);
	ask(life, SIGQUIT, HOUR);
	assert_ends_with(life, "1000 start sync(2)\n"
			       "2000 say slow sync(2)\n"
			       "61000 say late sync(2)\n"
			       "61000 start reboot(2) halt\n");
	life_end(life);
}

/* Forks that fail. */

static void a_failed_fork_is_tried_again(void **state)
{
	struct life *life = begin("::sysinit:a 10\n::wait:b 10\n::once:c\n"
				  "::respawn:d\n::respawn:e\n");

	(void)state;
	life->fork_fails = 1;
	life_run(life, 505);
	life->fork_fails = 1;
	life_run(life, 1015);
	life->fork_fails = 1;
	life_run(life, HOUR);
	assert_trace(life, "0 no fork for a\n"
			   "500 start a\n"
			   "510 end a 0\n"
			   "510 no fork for b\n"
			   "1010 start b\n"
			   "1020 end b 0\n"
			   "1020 no fork for c\n"
			   "1520 start c\n"
			   "1520 start d\n"
			   "1520 start e\n");
	life_end(life);
}

static void no_start_is_lost_to_failed_forks(void **state)
{
	struct life *life = begin("::sysinit:a 10\n::once:b\n::respawn:c\n"
				  "::respawn:d 5000\n::ctrlaltdel:e 10\n");

	(void)state;
	life->fork_fails = 3;
	life_run(life, 5000);
	assert_int_equal(life->starts, 4);
	life->fork_fails = 3;
	life_run(life, 8100);
	assert_trace(life, "0 no fork for a\n"
			   "500 no fork for a\n"
			   "1000 no fork for a\n"
			   "1500 start a\n"
			   "1510 end a 0\n"
			   "1510 start b\n"
			   "1510 start c\n"
			   "1510 start d\n"
			   "6510 end d 0\n"
			   "6510 no fork for d\n"
			   "7010 no fork for d\n"
			   "7510 no fork for d\n"
			   "8010 start d\n");
	life->fork_fails = 2;
	ask(life, SIGINT, 10000);
	assert_trace(life, "8100 no fork for e\n"
			   "8600 no fork for e\n"
			   "9100 start e\n"
			   "9110 end e 0\n");
	life_end(life);
}

/* What another event starts does not wait for the failed fork's time. */
static void a_failed_fork_delays_forks_only(void **state)
{
	struct life *life = begin("::respawn:a\n::respawn:b deaf\n");

	(void)state;
	life_run(life, 100);
	life_kill(life, "a", 0);
	life->fork_fails = UINT32_MAX;
	life_run(life, 1200);
	(void)life_trace(life);
	life_reload(life, "::respawn:a\n");
	life_run(life, 1300);
	assert_trace(life, "");
	life_run(life, 1600);
	life->fork_fails = 0;
	life_run(life, HOUR);
	assert_trace(life, "1500 no fork for read inittab\n"
			   "2000 start a\n"
			   "2000 reload\n"
			   "2000 TERM to b\n"
			   "12000 KILL to b\n"
			   "12001 end b signal 9\n");
	life_end(life);
}

static void a_shutdown_needs_no_fork(void **state)
{
	struct life *life = begin_up("::shutdown:a\n::shutdown:b 10\n");
	const char *trace;

	(void)state;
	life->fork_fails = UINT32_MAX;
	ask(life, SIGUSR2, 60999);
	assert_null(strstr(life_trace(life), "late"));
	life_run(life, 120999);
	assert_non_null(strstr(life_trace(life), "61000 say late a\n"));
	life_run(life, 180999);
	trace = life_trace(life);
	assert_non_null(strstr(trace, "121000 say late b\n"
				      "121000 TERM to all\n"
				      "121000 KILL to all\n"));
	assert_non_null(strstr(trace, "126000 say late copy\n"));
	assert_int_equal(life->plan->phase, PHASE_LOOPS);
	life_run(life, 306500);
	trace = life_trace(life);
	assert_non_null(strstr(trace, "186000 say late loops\n"));
	assert_non_null(strstr(trace, "246000 say late umount \n"));
	assert_non_null(strstr(trace, "306000 say late swapoff \n"));
	assert_int_equal(life->plan->phase, PHASE_SYNC);
	life_run(life, 366200);
	assert_non_null(strstr(life_trace(life), "366000 say late sync(2)\n"));
	life_run(life, 370999);
	life->fork_works = 1;
	life->fork_fails = 1;
	(void)life_trace(life);
	life_run(life, HOUR);
	assert_trace(life, "371000 say late report\n"
			   "371000 start reboot(2) poweroff\n");
	life_end(life);
}

static void sync_and_reboot_are_forked_again(void **state)
{
	struct life *life = begin_up("::shutdown:a 10\n");

	(void)state;
	life->fork_fails = 2;
	life_signal(life, SIGUSR2);
	life_run(life, 2010);
	assert_trace(life, "1000 say down\n"
			   "1000 no fork for a\n"
			   "1500 no fork for a\n"
			   "2000 start a\n"
			   "2010 end a 0\n"
			   "2010 TERM to all\n"
			   "2010 KILL to all\n"
			   "2010 start sync(2)\n");
	life->fork_works = 1; /* to report mounts */
	life->fork_fails = 2;
	life_run(life, HOUR);
	assert_trace(life, "2020 no fork for reboot(2)\n"
			   "2520 no fork for reboot(2)\n"
			   "3020 start reboot(2) poweroff\n");
	life_end(life);
	life = begin_up("");
	life->fork_works = 4; /* for a copy, loop devices, mounts, swap */
	life->fork_fails = 1;
	ask(life, SIGUSR2, HOUR);
	assert_trace(life, "1000 say down\n"
			   "1000 TERM to all\n"
			   "1000 KILL to all\n"
			   "1000 no fork for sync(2)\n"
			   "1500 start sync(2)\n"
			   "1510 start reboot(2) poweroff\n");
	life_end(life);
}

/* Pause. */

static void a_pause_starts_nothing(void **state)
{
	struct life *life = begin("::sysinit:a 100\n::wait:b 10\n"
				  "::respawn:c 3000\n");

	(void)state;
	ask(life, SIGTSTP, 50);
	assert_trace(life, "");
	ask(life, SIGCONT, 60);
	ask(life, SIGTSTP, 500);
	ask(life, SIGTSTP, 600);
	ask(life, SIGCONT, 700);
	life_run(life, 1000);
	ask(life, SIGTSTP, 20000);
	ask(life, SIGCONT, 20000);
	assert_trace(life, "50 start a\n"
			   "150 end a 0\n"
			   "600 start b\n"
			   "610 end b 0\n"
			   "610 start c\n"
			   "3610 end c 0\n"
			   "20000 start c\n");
	life_end(life);
}

static void signals_are_served_in_a_pause(void **state)
{
	struct life *life = begin_up("::respawn:a\n::ctrlaltdel:b 10\n");

	(void)state;
	ask(life, SIGTSTP, 2000);
	ask(life, SIGINT, 3000);
	life_reload(life, "::respawn:a\n::respawn:c\n");
	life_run(life, 4000);
	assert_trace(life, "2000 start b\n"
			   "2010 end b 0\n"
			   "3000 reload\n");
	ask(life, SIGCONT, 5000);
	assert_trace(life, "4000 start c\n");
	ask(life, SIGTSTP, 6000);
	ask(life, SIGUSR2, HOUR);
	assert_ends_with(life, "start reboot(2) poweroff\n");
	life_end(life);
}

/* Ctrl-Alt-Del. */

static void ctrlaltdel_entries_are_waited_for(void **state)
{
	struct life *life = begin_up("::ctrlaltdel:a 100\n"
				     "::ctrlaltdel:b 5000 x1\n"
				     "::respawn:c\n::ctrlaltdel:d 10\n");

	(void)state;
	life_signal(life, SIGINT);
	ask(life, SIGINT, 1050);
	ask(life, SIGINT, 2000); /* it runs: the same request */
	ask(life, SIGINT, 2100);
	life_kill(life, "c", 0); /* respawn goes on beside */
	life_run(life, 20000);
	ask(life, SIGINT, 20200); /* it is over: another one */
	assert_trace(life, "1000 start a\n"
			   "1100 end a 0\n"
			   "1100 start b\n"
			   "2100 end c 0\n"
			   "2100 start c\n"
			   "6100 end b 1\n"
			   "6100 notice: failed b\n"
			   "6100 start d\n"
			   "6110 end d 0\n"
			   "20000 start a\n"
			   "20100 end a 0\n"
			   "20100 start b\n");
	life_end(life);
}

static void ctrlaltdel_is_served_while_sysinit_hangs(void **state)
{
	struct life *life = begin("::sysinit:a\n::ctrlaltdel:b 10\n"
				  "::ctrlaltdel:c 10\n::wait:d 100\n");

	(void)state;
	life_run(life, 100);
	ask(life, SIGINT, 105);
	life_kill(life, "a", 0);
	life_run(life, 1000);
	assert_trace(life, "0 start a\n"
			   "100 start b\n"
			   "105 end a 0\n"
			   "105 start d\n"
			   "110 end b 0\n"
			   "110 start c\n"
			   "120 end c 0\n"
			   "205 end d 0\n");
	life_end(life);
}

static void ctrlaltdel_without_an_entry_is_nothing(void **state)
{
	struct life *life = begin_up("::respawn:a\n");

	(void)state;
	ask(life, SIGINT, HOUR);
	assert_trace(life, "");
	life_end(life);
}

static void ctrlaltdel_may_ask_for_an_ending(void **state)
{
	struct life *life = begin_up("::ctrlaltdel:reboot slow10\n"
				     "::ctrlaltdel:never\n");

	(void)state;
	ask(life, SIGINT, 1100);
	ask(life, SIGTERM, HOUR);
	assert_trace(life, "1000 start reboot\n"
			   "1100 say down\n"
			   "1100 TERM to all\n"
			   "1110 end reboot signal 15\n"
			   "1110 notice: failed reboot\n"
			   "1110 KILL to all\n"
			   "1110 start sync(2)\n"
			   "1120 start reboot(2) reboot\n");
	life_end(life);
}

/* Reload. */

static void a_reload_changes_what_runs(void **state)
{
	struct life *life = begin_up("::respawn:same\n::respawn:gone slow200\n"
				     "::once:once\n::respawn:failing 0 x1\n");

	(void)state;
	life_run(life, 100000);
	(void)life_trace(life);
	life_reload(life, "::sysinit:i\n::wait:w\n::once:o\n::once:once\n"
			  "::respawn:new\n::respawn:same\n"
			  "::respawn:failing 0 x1\n");
	life_run(life, 101000);
	/* new one-time entries are not run; a throttled entry is tried now */
	assert_trace(life, "100000 reload\n"
			   "100000 start new\n"
			   "100000 start failing\n"
			   "100000 TERM to gone\n"
			   "100000 end failing 1\n"
			   "100200 end gone signal 15\n");
	life_run(life, 159999); /* but its failures are not forgotten */
	assert_trace(life, "");
	life_run(life, 160000);
	assert_trace(life, "160000 start failing\n160000 end failing 1\n");
	life_end(life);
}

static void a_reload_that_fails_changes_nothing(void **state)
{
	struct life *life = begin_up("::respawn:a\n::respawn:b 2000\n");

	(void)state;
	life_reload(life, NULL);
	life_run(life, 3000);
	assert_trace(life, "1000 no reload\n2000 end b 0\n2000 start b\n");
	life_end(life);
}

static void a_reload_keeps_starts_a_second_apart(void **state)
{
	static const char inittab[] = "::respawn:a 100\n";
	struct life *life = begin_up(inittab);

	(void)state;
	life_run(life, 1200);
	life_reload(life, inittab);
	life_run(life, 1300);
	life_reload(life, inittab);
	life_run(life, 2000);
	assert_trace(life, "1100 end a 0\n"
			   "1200 reload\n"
			   "1300 reload\n"
			   "2000 start a\n");
	life_end(life);
}

static void what_a_reload_took_away_is_killed_after_the_grace(void **state)
{
	struct life *life =
		begin_up("::respawn:a deaf\n::respawn:b stuck deaf\n");

	(void)state;
	life_reload(life, "");
	life_run(life, 6000);
	life_reload(life, ""); /* does not begin the grace anew */
	life_run(life, HOUR);
	assert_trace(life, "1000 reload\n"
			   "1000 TERM to a\n"
			   "1000 TERM to b\n"
			   "6000 reload\n"
			   "11000 KILL to a\n"
			   "11000 KILL to b\n"
			   "11001 end a signal 9\n");
	life_end(life);
}

static void a_one_time_child_is_left_by_a_reload(void **state)
{
	struct life *life = begin_up("::once:a 5000\n::wait:w 10\n");

	(void)state;
	life_reload(life, "");
	life_run(life, 2000);
	life_reload(life, "::once:a 5000\n");
	life_run(life, HOUR);
	assert_trace(life, "1000 reload\n2000 reload\n5010 end a 0\n");
	life_end(life);
}

static void a_successor_waits_until_the_tty_is_free(void **state)
{
	struct life *life = begin_up("t::respawn:a slow3000\n");

	(void)state;
	life_reload(life, "t::respawn:b\nu::respawn:c\n");
	life_run(life, 2000);
	life_reload(life, "t::respawn:b\nt::askfirst:d\nu::respawn:c\n");
	life_run(life, HOUR);
	assert_trace(life, "1000 reload\n"
			   "1000 start c\n"
			   "1000 TERM to a\n"
			   "2000 reload\n"
			   "4000 end a signal 15\n"
			   "4000 start b\n"
			   "4000 start d\n");
	life_end(life);
}

static void a_successor_waits_until_all_have_left_the_tty(void **state)
{
	struct life *life = begin_up("t::respawn:a slow100\n"
				     "t::respawn:b slow3000\n");

	(void)state;
	life_reload(life, "t::respawn:c\n");
	life_run(life, HOUR);
	assert_trace(life, "1000 reload\n"
			   "1000 TERM to a\n"
			   "1000 TERM to b\n"
			   "1100 end a signal 15\n"
			   "4000 end b signal 15\n"
			   "4000 start c\n");
	life_end(life);
	life = begin_up("t::respawn:b slow3000\nt::respawn:a slow100\n");
	life_reload(life, "t::respawn:c\n");
	life_run(life, HOUR);
	assert_trace(life, "1000 reload\n"
			   "1000 TERM to b\n"
			   "1000 TERM to a\n"
			   "1100 end a signal 15\n"
			   "4000 end b signal 15\n"
			   "4000 start c\n");
	life_end(life);
}

static void an_entry_called_back_starts_anew(void **state)
{
	struct life *life = begin_up("t::respawn:a slow300\n");

	(void)state;
	life_reload(life, "");
	life_run(life, 1100);
	life_reload(life, "t::respawn:a slow300\n");
	life_run(life, HOUR);
	assert_trace(life, "1000 reload\n"
			   "1000 TERM to a\n"
			   "1100 reload\n"
			   "1300 end a signal 15\n"
			   "1300 start a\n");
	life_end(life);
}

static void once_to_respawn_starts_no_second_copy(void **state)
{
	struct life *life = begin_up("::once:a\n");

	(void)state;
	life_reload(life, "::respawn:a\n");
	life_run(life, 5000);
	life_kill(life, "a", 0);
	life_run(life, HOUR);
	assert_trace(life, "1000 reload\n5000 end a 0\n5000 start a\n");
	life_end(life);
	life = begin_up("::respawn:a\n");
	life_reload(life, "::once:a\n");
	life_run(life, 5000);
	life_kill(life, "a", 0);
	life_run(life, HOUR);
	assert_trace(life, "1000 reload\n5000 end a 0\n");
	life_end(life);
}

static void a_reload_in_sysinit_keeps_its_place(void **state)
{
	struct life *life = begin("::sysinit:a 100\n::sysinit:b 100\n"
				  "::sysinit:c 100\n::wait:old\n");

	(void)state;
	life_run(life, 150);
	life_reload(life, "::sysinit:new\n::sysinit:c 100\n"
			  "::sysinit:b 100\n::sysinit:a 100\n"
			  "::wait:w 10\n::once:o\n::respawn:r\n");
	life_run(life, HOUR);
	assert_trace(life, "0 start a\n"
			   "100 end a 0\n"
			   "100 start b\n"
			   "150 reload\n"
			   "200 end b 0\n"
			   "200 start c\n"
			   "300 end c 0\n"
			   "300 start w\n"
			   "310 end w 0\n"
			   "310 start o\n"
			   "310 start r\n");
	life_end(life);
}

/* What runs is waited for, also when its line is gone. */
static void a_reload_in_wait_goes_on_waiting(void **state)
{
	struct life *life = begin("::wait:a 100 x1\n::wait:b 100\n::once:o\n");

	(void)state;
	life_run(life, 50);
	life_reload(life, "::wait:new\n::wait:b 100\n::once:p\n");
	life_run(life, 60);
	life_reload(life, "::wait:b 100\n::wait:new\n::once:p\n");
	life_run(life, HOUR);
	assert_trace(life, "0 start a\n"
			   "50 reload\n"
			   "60 reload\n"
			   "100 end a 1\n"
			   "100 notice: failed a\n"
			   "100 start b\n"
			   "200 end b 0\n"
			   "200 start p\n");
	life_end(life);
}

static void a_reload_in_once_runs_what_is_pending(void **state)
{
	struct life *life = begin("::once:a\n::once:b\n");

	(void)state;
	life_run(life, 0);
	life_end(life);
	life = begin("::once:a\n::once:b\n");
	life->fork_works = 1; /* for who reads */
	life->fork_fails = 1;
	life->file_takes = 100;
	life_reload(life, "::once:new\n::once:b\n::respawn:r\n");
	life_run(life, HOUR);
	assert_trace(life, "0 start read inittab\n"
			   "0 no fork for a\n"
			   "100 reload\n"
			   "500 start b\n"
			   "500 start r\n");
	life_end(life);
}

static void a_reload_keeps_the_ctrlaltdel_list(void **state)
{
	struct life *life = begin_up("::ctrlaltdel:a 1000\n"
				     "::ctrlaltdel:b 1000\n"
				     "::ctrlaltdel:c 1000\n");

	(void)state;
	ask(life, SIGINT, 1500);
	life_reload(life, "::ctrlaltdel:b 1000\n::ctrlaltdel:d 10\n");
	life_run(life, 1600);
	ask(life, SIGINT, 5000); /* the same request still */
	assert_trace(life, "1000 start a\n"
			   "1500 reload\n"
			   "2000 end a 0\n"
			   "2000 start b\n"
			   "3000 end b 0\n"
			   "3000 start d\n"
			   "3010 end d 0\n");
	life_end(life);
}

static void a_reload_keeps_a_request_for_ctrlaltdel(void **state)
{
	struct life *life = begin_up("::ctrlaltdel:a 10\n");

	(void)state;
	life->file_takes = 100;
	life_reload(life, "::ctrlaltdel:b 10\n");
	life_run(life, 1099);
	life->now = 1100;
	life_signal(life, SIGINT);
	life_run(life, HOUR);
	assert_trace(life, "1000 start read inittab\n"
			   "1100 reload\n"
			   "1100 start b\n"
			   "1110 end b 0\n");
	life_end(life);
}

static void a_reload_keeps_a_pause(void **state)
{
	struct life *life = begin_up("");

	(void)state;
	ask(life, SIGTSTP, 1000);
	life_reload(life, "::respawn:a\n");
	life_run(life, 2000);
	ask(life, SIGCONT, 2000);
	assert_trace(life, "1000 reload\n2000 start a\n");
	life_end(life);
}

static void a_reload_during_shutdown_does_nothing(void **state)
{
	struct life *life = begin_up("::shutdown:a 100\n");

	(void)state;
	ask(life, SIGUSR2, 1050);
	life_reload(life, "::shutdown:b\n");
	life_run(life, HOUR);
	assert_ends_with(life, "1100 end a 0\n1100 TERM to all\n"
			       "1100 KILL to all\n1100 start sync(2)\n"
			       "1110 start reboot(2) poweroff\n");
	life_end(life);
}

static void the_new_shutdown_entries_count(void **state)
{
	struct life *life = begin_up("::shutdown:a 1\n::restart:x\n");

	(void)state;
	life_reload(life, "::shutdown:b 1\n::restart:y\n");
	life_run(life, 2000);
	ask(life, SIGQUIT, HOUR);
	assert_trace(life, "1000 reload\n"
			   "2000 say down\n"
			   "2000 start b\n"
			   "2001 end b 0\n"
			   "2001 TERM to all\n"
			   "2001 KILL to all\n"
			   "2001 become y\n");
	life_end(life);
}

/* What becomes a respawn entry before those have their turn. */

static void a_sysinit_entry_turned_respawn_runs_once(void **state)
{
	struct life *life = begin("::sysinit:a 100\n");

	(void)state;
	life_run(life, 50);
	life_reload(life, "::respawn:a 100\n");
	life_run(life, 1150);
	assert_trace(life, "0 start a\n"
			   "50 reload\n"
			   "100 end a 0\n"
			   "1000 start a\n"
			   "1100 end a 0\n");
	life_end(life);
}

static void a_once_entry_turned_respawn_has_one_child(void **state)
{
	struct life *life = begin("::once:a\n::once:b\n");

	(void)state;
	life->fork_works = 2; /* who reads, and a */
	life->fork_fails = 1;
	life->file_takes = 100;
	life_reload(life, "::respawn:a\n::once:b\n");
	life_run(life, 2000);
	life_kill(life, "a", 0);
	life_run(life, HOUR);
	assert_trace(life, "0 start read inittab\n"
			   "0 start a\n"
			   "0 no fork for b\n"
			   "100 reload\n"
			   "500 start b\n"
			   "2000 end a 0\n"
			   "2000 start a\n");
	life_end(life);
}

/* The same, and its line goes before respawn entries have their turn. */
static void what_ends_before_its_time_gives_its_tty(void **state)
{
	struct life *life = begin("t::once:a slow700\n::once:b\n");

	(void)state;
	life->fork_works = 1;
	life->fork_fails = 1;
	life_run(life, 100);
	life_signal(life, SIGTSTP);
	life_reload(life, "t::respawn:a slow700\n::once:b\n");
	life_run(life, 500);
	life_reload(life, "t::respawn:new\n::once:b\n");
	life_run(life, 500);
	life_signal(life, SIGCONT);
	life_run(life, HOUR);
	assert_trace(life, "0 start a\n"
			   "0 no fork for b\n"
			   "500 reload\n"
			   "500 reload\n"
			   "500 start b\n"
			   "500 TERM to a\n"
			   "1200 end a signal 15\n"
			   "1200 start new\n");
	life_end(life);
}

static void a_change_forth_and_back_runs_nothing_twice(void **state)
{
	struct life *life = begin("::sysinit:a 10\n::sysinit:b\n");

	(void)state;
	life_run(life, 50);
	life_reload(life, "::once:a 10\n::sysinit:b\n");
	life_run(life, 60);
	life_reload(life, "::sysinit:a 10\n::sysinit:b\n");
	life_run(life, 70);
	life_kill(life, "b", 0);
	life_run(life, HOUR);
	assert_trace(life, "0 start a\n"
			   "10 end a 0\n"
			   "10 start b\n"
			   "50 reload\n"
			   "60 reload\n"
			   "70 end b 0\n");
	life_end(life);
}

static void many_entries_come_up(void **state)
{
	enum { MANY = 10000 };
	char *text = malloc(MANY * 32);
	struct life *life;
	size_t used = 0;

	(void)state;
	for (int i = 0; i < MANY; i++)
		used += (size_t)sprintf(text + used, "t%d::respawn:a\n", i);
	life = begin(text);
	free(text);
	for (uint32_t i = 0; i < MANY; i++) {
		struct step step = plan_next(life->plan, 0);

		assert_int_equal(step.kind, STEP_START);
		assert_int_equal(step.slot, i + 1);
		event_step_done(life->plan, &step, (int)i + 300, 0);
	}
	assert_int_equal(plan_next(life->plan, 0).kind, STEP_SLEEP);
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t slot;

		event_exited(life->plan, (pid_t)(MANY - 1 - i) + 300, 0, i,
			     &slot);
		assert_int_equal(slot, MANY - i);
	}
	for (uint32_t i = 0; i < MANY; i++) { /* the first ended comes first */
		struct step step = plan_next(life->plan, MANY);

		assert_int_equal(step.kind, STEP_START);
		event_step_done(life->plan, &step, (int)i + 300, MANY);
	}
	life_end(life);
}

static void each_phase_has_its_name(void **state)
{
	(void)state;
	assert_string_equal(plan_phase_name(PHASE_SYSINIT), "sysinit");
	assert_string_equal(plan_phase_name(PHASE_COUNT - 1), "rebooting");
	for (enum phase a = 0; a < PHASE_COUNT; a++) {
		assert_non_null(plan_phase_name(a));
		for (enum phase b = 0; b < a; b++)
			assert_string_not_equal(plan_phase_name(a),
						plan_phase_name(b));
	}
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_phase_has_its_name),
		TEST(boot_goes_class_by_class),
		TEST(who_has_a_child_is_not_alone),
		TEST(a_reload_that_faults_is_given_up),
		TEST(a_first_table_that_faults_is_replaced),
		TEST(the_inittab_comes_first),
		TEST(requests_are_served_before_there_is_an_inittab),
		TEST(a_first_inittab_that_can_not_be_read_is_replaced),
		TEST(a_dead_disk_does_not_hold_up_a_reload_for_ever),
		TEST(a_child_that_faults_reads_once_more),
		TEST(what_is_asked_while_a_file_is_read_is_done_then),
		TEST(an_upgrade_that_is_refused_is_said),
		TEST(a_file_that_does_not_answer_is_killed),
		TEST(an_empty_table_idles),
		TEST(what_is_waited_for_is_reported_when_it_fails),
		TEST(orphans_are_nobodys),
		TEST(a_quick_exit_0_runs_once_a_second),
		TEST(a_long_life_is_followed_at_once),
		TEST(failures_are_throttled),
		TEST(throttling_is_reported_once),
		TEST(it_lives_again_when_the_cause_of_an_hour_is_gone),
		TEST(one_that_fails_holds_up_no_other),
		TEST(every_ending_is_served_in_every_phase),
		TEST(an_idle_machine_goes_down_at_once),
		TEST(the_slow_get_their_time_and_no_more_is_taken),
		TEST(a_deaf_one_costs_ten_seconds),
		TEST(one_who_cannot_be_killed_costs_two_more_twice),
		TEST(shells_are_hung_up),
		TEST(a_request_waits_for_the_reboot_under_way),
		TEST(throttling_is_not_reported_during_shutdown),
		TEST(alone_is_forgotten_with_the_next_child),
		TEST(shutdown_entries_run_one_after_the_other),
		TEST(nothing_is_respawned_during_shutdown),
		TEST(a_different_ending_replaces_the_ending),
		TEST(repeated_requests_are_one),
		TEST(an_ending_goes_before_all_else),
		TEST(ctrlaltdel_cuts_the_grace_after_two_seconds),
		TEST(ctrlaltdel_cuts_one_wait_at_a_time),
		TEST(a_dead_disk_costs_a_minute),
		TEST(ctrlaltdel_does_not_cut_the_sync),
		TEST(a_late_sync_is_not_taken_for_the_reboot),
		TEST(a_refused_reboot_is_said_once),
		TEST(a_container_is_left),
		TEST(restart_becomes_the_first_restart_entry),
		TEST(restart_without_an_entry_is_nothing),
		TEST(a_failed_restart_halts),
		TEST(a_repeated_restart_is_no_second_one),
		TEST(a_failed_fork_is_tried_again),
		TEST(no_start_is_lost_to_failed_forks),
		TEST(a_failed_fork_delays_forks_only),
		TEST(a_shutdown_needs_no_fork),
		TEST(sync_and_reboot_are_forked_again),
		TEST(a_pause_starts_nothing),
		TEST(signals_are_served_in_a_pause),
		TEST(ctrlaltdel_entries_are_waited_for),
		TEST(ctrlaltdel_is_served_while_sysinit_hangs),
		TEST(ctrlaltdel_without_an_entry_is_nothing),
		TEST(ctrlaltdel_may_ask_for_an_ending),
		TEST(a_reload_changes_what_runs),
		TEST(a_reload_that_fails_changes_nothing),
		TEST(a_reload_keeps_starts_a_second_apart),
		TEST(what_a_reload_took_away_is_killed_after_the_grace),
		TEST(a_one_time_child_is_left_by_a_reload),
		TEST(a_successor_waits_until_the_tty_is_free),
		TEST(a_successor_waits_until_all_have_left_the_tty),
		TEST(an_entry_called_back_starts_anew),
		TEST(once_to_respawn_starts_no_second_copy),
		TEST(a_reload_in_sysinit_keeps_its_place),
		TEST(a_reload_in_wait_goes_on_waiting),
		TEST(a_reload_in_once_runs_what_is_pending),
		TEST(a_reload_keeps_the_ctrlaltdel_list),
		TEST(a_reload_keeps_a_request_for_ctrlaltdel),
		TEST(a_reload_keeps_a_pause),
		TEST(a_reload_during_shutdown_does_nothing),
		TEST(the_new_shutdown_entries_count),
		TEST(a_sysinit_entry_turned_respawn_runs_once),
		TEST(a_once_entry_turned_respawn_has_one_child),
		TEST(what_ends_before_its_time_gives_its_tty),
		TEST(a_change_forth_and_back_runs_nothing_twice),
		TEST(many_entries_come_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
