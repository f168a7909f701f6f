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
	pat = event_now() + MACHINE_PAT;
	machine_watch(&live->watchdog);
	return live->watchdog && pat < until ? pat : until;
}

static void sleep_until(int64_t until)
{
	int64_t wake = watch(until);
	int signal = event_wait(live->unreaped ? 0 : wake, &live->mail.arrived);
	int64_t now = event_now(); /* of all that woke us: the clock is slow */
	int sender, sent = recover_sent(&sender);

	if (signal)
		note_arrived(live, now);
	if (sent)
		report_sender(&live->plan, sent, sender);
	note_ended(live, now);
}

/* Looks for the last thing that the task could be about. */
static void find(enum task task, uint32_t before)
{
	mount_find(task == TASK_SWAPOFF ? MOUNT_SWAPS : MOUNT_MOUNTS, before,
		   &live->line);
	note_found(live);
}

static void say(const struct step *step)
{
	char children[CHILDREN_SIZE];
	const char *who = live->line.path;

	if (step->say == SAY_LEFT) {
		mount_say_left();
		report_job(&live->plan);
		return;
	}
	if (step->say == SAY_SLOW && !step->task && !step->slot) {
		machine_name_children(children, sizeof(children));
		who = children;
	}
	report_step(&live->plan, step, who);
}

static void tell_everyone(int signal)
{
	if (live->plan.machine && signal == SIGTERM) {
		mount_again(); /* from here on /proc is needed */
		machine_clear_hotplug();
	}
	machine_signal_everyone(signal);
}

static int reload(void)
{
	struct state *old = live;
	struct state *next = load_again(old, event_now());

	if (!next)
		return -1;
	live = next; /* before this store the old table, after it the new */
	state_drop(old);
	kmsg_say(next->plan.machine, KMSG_INFO, INITTAB_PATH " reloaded", NULL);
	return 0;
}

static void restart(uint32_t slot)
{
	machine_unwatch(&live->watchdog);
	machine_release_ctrlaltdel();
	child_replace_us(live, slot);
	(void)machine_take_ctrlaltdel(); /* the same answer as at boot */
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
		result = child_start(live, step);
		break;
	case STEP_GROUP:
		machine_signal_group(
			table_slot(&live->plan.table, step->slot)->pid,
			step->signal);
		break;
	case STEP_HANGUP:
		machine_hang_up(table_slot(&live->plan.table, step->slot)->pid);
		break;
	case STEP_EVERYONE:
		tell_everyone(step->signal);
		/* without a child no SIGCHLD will come */
		note_ended(live, event_now());
		break;
	case STEP_RELOAD:
		result = reload();
		break;
	case STEP_RESTART:
		restart(step->slot);
		break;
	case STEP_UPGRADE:
		image_upgrade(live);
		break;
	case STEP_COPY:
		image_from_memory(live);
		break;
	case STEP_FIND:
		find(step->task, step->slot);
		break;
	case STEP_LOOK:
		result = machine_disk_work();
		break;
	case STEP_SAY:
		say(step);
		break;
	case STEP_LEAVE:
		_exit(plan_exit_status(&live->plan));
	case STEP_AGAIN:
		break;
	}
	note_result(live, step, result);
}

/* Goes on with the state that another image left, or, if that is of no use,
 * with the inittab. */
static void resume(char **argv)
{
	struct state *state;

	if (image_resume(&live, argv, event_now())) {
		note_takeover(live);
		return;
	}
	state = boot(1, argv);
	plan_start_over(&state->plan, event_now());
	state->unreaped = true; /* what signal told of it was taken */
	kmsg_say(state->plan.machine, KMSG_ERROR,
		 "the state is lost: respawn entries are started anew", NULL);
	live = state;
}

/* What is to be known of faults that came, or will, before there was a state.
 */
static void say_prospects(void)
{
	bool machine = live->plan.machine;

	if (recover_again())
		kmsg_say(machine, KMSG_ERROR, recover_again(), NULL);
	if (!image_is_possible(live))
		kmsg_say(machine, KMSG_WARNING,
			 "no memfd, no execveat, or no descriptor for them: no"
			 " recovery, no upgrade",
			 NULL);
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	_Static_assert(sizeof(VERSION) <= STATE_VERSION_SIZE, "it fits");
	if (getpid() != 1)
		return strcmp(word, IMAGE_CHECK) == 0 ? image_check()
						      : telinit(word);
	recover_guard(&live, argv, smallest_loop);
	if (strcmp(word, IMAGE_RESUME) == 0) {
		event_mask();
		resume(argv);
	} else {
		event_block();
		live = boot(argc, argv);
	}
	/* after an upgrade another's is there */
	strcpy(live->settings.version, VERSION);
	if (live->plan.machine)
		image_stay_in_memory(live);
	say_prospects();
	for (;;) {
		struct step step = note_next(live);

		perform(&step);
	}
}
