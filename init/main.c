/*
 * init - PID 1. Boots, reads the inittab, keeps its entries running, takes
 * the machine down. What is decided is decided in plan.c; this file brings it
 * facts, and carries out its steps.
 */
#define _GNU_SOURCE /* siginfo_t */

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "boot.h"
#include "clock.h"
#include "emergency.h"
#include "kernel.h"
#include "launch.h"
#include "load_inittab.h"
#include "log.h"
#include "messages.h"
#include "mount.h"
#include "plan.h"
#include "process.h"
#include "record.h"
#include "recover.h"
#include "reexec.h"
#include "signals.h"
#include "state_file.h"
#include "telinit.h"
#include "watchdog.h"

/* Room for the names of those who are waited for. */
#define CHILDREN_SIZE 300

/* Which state is live: the one mutable word outside of it. A reload is the
 * store of this word. */
static struct state *live;

/* On its way down a machine that stands still is reset. */
static int64_t watch(int64_t until)
{
	int64_t pat;

	if (!plan_wants_watchdog(&live->plan, live->watchdog > 0))
		return until;
	pat = clock_ms() + WATCHDOG_INTERVAL_MS;
	watchdog_ping(&live->watchdog);
	return live->watchdog && pat < until ? pat : until;
}

static void sleep_until(int64_t until)
{
	int64_t wake = watch(until);
	int signal = signals_wait(live->unreaped ? 0 : wake,
				  &live->mailboxes.signal);
	int64_t now = clock_ms(); /* of all that woke us: the clock is slow */
	int sender, sent = fault_take_external(&sender);

	if (signal)
		record_signal(live, now);
	if (sent)
		message_ignored_signal(&live->plan, sent, sender);
	reap_and_record(live, now);
}

/* Looks for the last thing that the task could be about. */
static void find(enum task task, uint32_t before)
{
	mount_find_last(task == TASK_SWAPOFF ? MOUNT_SWAPS : MOUNT_MOUNTS,
			before, &live->scan_line);
	record_scan_result(live);
}

static void say(const struct step *step)
{
	char children[CHILDREN_SIZE];
	const char *who = live->scan_line.path;

	if (step->message == MESSAGE_MOUNTS_LEFT) {
		mount_log_remaining();
		message_job_end(&live->plan);
		return;
	}
	if (step->message == MESSAGE_SLOW && !step->task && !step->slot) {
		list_children(children, sizeof(children));
		who = children;
	}
	message_step(&live->plan, step, who);
}

static void tell_everyone(int signal)
{
	if (live->plan.is_machine && signal == SIGTERM) {
		mount_restore(); /* from here on /proc is needed */
		kernel_clear_hotplug();
	}
	signal_all(signal);
}

static int reload(void)
{
	struct state *old = live;
	struct state *next = load_reload(old, clock_ms());

	if (!next)
		return -1;
	live = next; /* before this store the old table, after it the new */
	state_unmap(old);
	log_line(next->plan.is_machine, LOG_INFO, INITTAB_PATH " reloaded",
		 NULL);
	return 0;
}

static void restart(uint32_t slot)
{
	watchdog_disarm(&live->watchdog);
	cad_enable();
	launch_in_place(live, slot);
	(void)cad_disable(); /* the same answer as at boot */
}

/* Carries a step out and tells the plan what came of it. */
static void perform(const struct step *step)
{
	int64_t result = 0;

	switch (step->kind) {
	case STEP_SLEEP:
		sleep_until(step->until);
		return; /* it has noted what came */
	case STEP_START:
	case STEP_TASK:
		result = launch_step(live, step);
		break;
	case STEP_SIGNAL_GROUP:
		signal_group(table_slot(&live->plan.table, step->slot)->pid,
			     step->signal);
		break;
	case STEP_HANGUP:
		hangup_interactive_shell(
			table_slot(&live->plan.table, step->slot)->pid);
		break;
	case STEP_SIGNAL_ALL:
		tell_everyone(step->signal);
		/* without a child no SIGCHLD will come */
		reap_and_record(live, clock_ms());
		break;
	case STEP_RELOAD:
		result = reload();
		break;
	case STEP_EXEC_RESTART:
		restart(step->slot);
		break;
	case STEP_UPGRADE:
		reexec_new_file(live);
		break;
	case STEP_REEXEC_COPY:
		reexec_from_memfd(live);
		break;
	case STEP_SCAN:
		find(step->task, step->slot);
		break;
	case STEP_SAMPLE_IO:
		result = disk_io_counter();
		break;
	case STEP_MESSAGE:
		say(step);
		break;
	case STEP_EXIT:
		_exit(plan_exit_status(&live->plan));
	case STEP_AGAIN:
		break;
	}
	record_step_result(live, step, result);
}

/* Goes on with the state that another image left, or, if that is of no use,
 * with the inittab. */
static void resume(char **argv)
{
	struct state *state;

	if (reexec_adopt_state(&live, argv, clock_ms())) {
		record_takeover(live);
		return;
	}
	state = boot(1, argv);
	plan_reset_to_run(&state->plan, clock_ms());
	state->unreaped = true; /* what signal told of it was taken */
	log_line(state->plan.is_machine, LOG_ERROR,
		 "the state is lost: respawn entries are started anew", NULL);
	live = state;
}

/* What is to be known of faults that came, or will, before there was a state.
 */
static void say_prospects(void)
{
	bool machine = live->plan.is_machine;

	if (fault_before_state_message())
		log_line(machine, LOG_ERROR, fault_before_state_message(),
			 NULL);
	if (!reexec_is_supported(live))
		log_line(machine, LOG_WARNING,
			 "no memfd, no execveat, or no descriptor for them: no"
			 " recovery, no upgrade",
			 NULL);
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	_Static_assert(sizeof(VERSION) <= STATE_VERSION_SIZE, "it fits");
	if (getpid() != 1)
		return strcmp(word, REEXEC_CHECK_STATE) == 0
			       ? reexec_check_state()
			       : telinit(word);
	fault_handlers_install(&live, argv, emergency_loop);
	if (strcmp(word, REEXEC_RESUME) == 0) {
		signals_block();
		resume(argv);
	} else {
		signals_init();
		live = boot(argc, argv);
	}
	/* after an upgrade another's is there */
	strcpy(live->settings.version, VERSION);
	if (live->plan.is_machine)
		memory_lock(live);
	say_prospects();
	for (;;) {
		struct step step = record_next_step(live);

		perform(&step);
	}
}
