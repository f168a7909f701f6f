/*
 * init - PID 1. Boots, reads the inittab, keeps its entries running, shuts the
 * machine down. The plan (core/plan.h) decides; this file brings it events and
 * carries out its steps.
 */
#define _GNU_SOURCE /* siginfo_t */

#include <signal.h>
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
#include "record_events.h"
#include "recover.h"
#include "reexec.h"
#include "signals.h"
#include "state_file.h"
#include "telinit.h"
#include "watchdog.h"

/* Room for what a message is about: a path, or the names of the processes that
 * a shutdown waits for (bytes). A longer one is cut. */
#define OBJECT_SIZE 300

/* The state in use; NULL until boot() has made one. A reload takes effect by
 * the store of this pointer. No other variable outlives a step, but those that
 * the fault handler needs: recover.c, emergency.c. */
static struct state *live;

/* Pings the watchdog, which resets a machine that hangs during shutdown.
 * Returns when to wake up: at until, or earlier for the next ping. */
static int64_t ping_watchdog(int64_t until)
{
	int64_t next_ping;

	if (!plan_wants_watchdog(&live->plan, live->watchdog > 0))
		return until;
	next_ping = clock_ms() + WATCHDOG_INTERVAL_MS;
	watchdog_ping(&live->watchdog);
	return live->watchdog && next_ping < until ? next_ping : until;
}

static void sleep_until(int64_t until)
{
	int64_t wake = ping_watchdog(until);
	int signal = signals_wait(live->unreaped ? 0 : wake,
				  &live->mailboxes.signal);
	int64_t now = clock_ms(); /* once for all events: the call is slow */
	int sender, external_fault = fault_take_external(&sender);

	if (signal)
		record_signal(live, now);
	if (external_fault)
		message_ignored_signal(&live->plan, external_fault, sender);
	reap_and_record(live, now);
}

/* The counter of STEP_SAMPLE_IO. */
static int64_t sample_io(enum task task)
{
	if (task_has_list(task))
		record_progress(live);
	return disk_io_counter();
}

static void log_message(const struct step *step)
{
	char object[OBJECT_SIZE] = "";

	_Static_assert(OBJECT_SIZE >= STATE_PATH_SIZE, "it fits");
	if (step->message == MESSAGE_NO_UPGRADE) {
		strcat(object, live->settings.file);
		close(FD_FILE); /* up to 4 MiB of memory */
	} else if (task_has_list(step->task)) {
		/* its child may write anything there */
		strncat(object, state_progress(live)->path,
			sizeof(object) - strlen(object) - 1);
	} else if (step->message == MESSAGE_SLOW && !step->task &&
		   !step->slot) {
		list_children(object, sizeof(object));
	}
	message_step(&live->plan, step, object);
}

static void signal_all_processes(int signal)
{
	if (live->plan.is_machine && signal == SIGTERM) {
		mount_restore(); /* /proc is needed from here on */
		kernel_clear_hotplug();
	}
	signal_all(signal);
	/* if no child is left, no SIGCHLD will wake init */
	reap_and_record(live, clock_ms());
}

/* The result of STEP_RELOAD. */
static int reload(void)
{
	struct state *old = live;
	struct state *next = load_inittab(old, clock_ms());
	bool is_first = !old->plan.is_loaded;

	if (!next)
		return -1;
	live = next; /* a fault before this store finds the old table */
	state_unmap(old);
	if (is_first)
		return 1;
	log_line(next->plan.is_machine, LOG_INFO, INITTAB_PATH " reloaded",
		 NULL);
	return 0;
}

/* Returns only if the command can't be executed. */
static void exec_restart(uint32_t slot)
{
	watchdog_disarm(&live->watchdog);
	cad_enable();
	launch_in_place(live, slot);
	(void)cad_disable(); /* the result is that of boot() */
}

static pid_t child_of(const struct step *step)
{
	return table_slot(&live->plan.table, step->slot)->pid;
}

/* Carries out a step. Returns the result that the plan gets, see enum
 * step_kind. */
static int64_t perform(const struct step *step)
{
	switch (step->kind) {
	case STEP_START:
	case STEP_TASK:
		return launch_step(live, step);
	case STEP_SIGNAL_GROUP:
		signal_group(child_of(step), step->signal);
		break;
	case STEP_HANGUP:
		hangup_interactive_shell(child_of(step));
		break;
	case STEP_SIGNAL_ALL:
		signal_all_processes(step->signal);
		break;
	case STEP_KILL_TASK:
		(void)kill(live->plan.file_child, SIGKILL);
		break;
	case STEP_RELOAD:
		return reload();
	case STEP_EXEC_RESTART:
		exec_restart(step->slot);
		break;
	case STEP_UPGRADE:
		reexec_new_file(live);
		break;
	case STEP_REEXEC_COPY:
		reexec_copy(live);
		break;
	case STEP_REEXEC:
		fault_of_child(live, step->signal);
		break;
	case STEP_SAMPLE_IO:
		return sample_io(step->task);
	case STEP_MESSAGE:
		log_message(step);
		break;
	case STEP_EXIT:
		_exit(plan_exit_status(&live->plan));
	case STEP_SLEEP:
		sleep_until(step->until);
		break;
	}
	return 0;
}

/* Goes on with the state that another image of init passed on or, if that is
 * unusable, with the inittab. */
static void resume(char **argv)
{
	struct state *state;

	if (reexec_adopt_state(&live, argv, clock_ms())) {
		record_takeover(live);
		return;
	}
	state = boot(1, argv);
	plan_reset_to_run(&state->plan, clock_ms());
	log_line(state->plan.is_machine, LOG_ERROR,
		 "the state is lost: respawn entries are started again", NULL);
	live = state;
}

/* Logs a fault that came before there was a state, and whether later faults can
 * be survived. */
static void log_recovery(void)
{
	bool is_machine = live->plan.is_machine;

	if (fault_before_state_message())
		log_line(is_machine, LOG_ERROR, fault_before_state_message(),
			 NULL);
	if (!reexec_is_supported(live))
		log_line(is_machine, LOG_WARNING,
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
	if (reexec_is_resumed(argv)) {
		signals_block();
		resume(argv);
	} else {
		signals_init();
		live = boot(argc, argv);
	}
	strcpy(live->settings.version, VERSION); /* of this image */
	if (live->plan.is_machine)
		memory_lock(live);
	log_recovery();
	for (;;) {
		struct step step = record_next_step(live);
		int64_t result = perform(&step);

		/* sleep_until() has recorded the events that ended it */
		if (step.kind != STEP_SLEEP)
			record_step_result(live, &step, result);
		/* not earlier: after a fault the step is carried out again */
		if (step.kind == STEP_RELOAD)
			close(FD_FILE);
	}
}
