/*
 * init - PID 1. Boots, reads the inittab, keeps its entries running, takes
 * the machine down. What is decided is decided in plan.c; this file brings it
 * facts, and carries out its steps.
 */
#define _GNU_SOURCE /* environ */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "boot.h"
#include "event.h"
#include "kmsg.h"
#include "load.h"
#include "machine.h"
#include "mount.h"
#include "plan.h"
#include "recover.h"
#include "report.h"
#include "spawn.h"
#include "state.h"
#include "telinit.h"

/* Room for the names of those who are waited for. */
#define CHILDREN_SIZE 300

/* Ended children taken before all else has its turn. */
#define REAP_AT_ONCE 256

/* Which state is live: the one mutable word outside of it. A reload is the
 * store of this word. */
static struct state *live;

/* Brings the plan what the mailbox of an ended child says. */
static void take_exited(siginfo_t *exited)
{
	enum news news;
	uint32_t slot;

	news = plan_exited(&live->plan, exited->si_pid, event_status(exited),
			   event_now(), &slot);
	report_news(&live->plan, news, slot, exited->si_status);
	exited->si_pid = 0;
}

/* Takes what children have ended, but not so many that a flood of them keeps
 * us from all else. */
static void reap(void)
{
	enum reaped reaped = REAPED_ONE;

	for (int i = 0; i < REAP_AT_ONCE && reaped == REAPED_ONE; i++) {
		reaped = event_reap(&live->mail.exited);
		if (reaped == REAPED_ONE)
			take_exited(&live->mail.exited);
	}
	live->unreaped = reaped == REAPED_ONE;
	plan_alone(&live->plan, reaped == REAPED_ALONE);
}

/* On its way down a machine that stands still is reset. */
static int64_t watch(int64_t until)
{
	int64_t pat = event_now() + MACHINE_PAT;

	if (!plan_wants_watchdog(&live->plan, live->watchdog > 0))
		return until;
	machine_watch(&live->watchdog);
	return live->watchdog && pat < until ? pat : until;
}

static void sleep_until(int64_t until)
{
	int64_t wake = watch(until);
	int signal = event_wait(live->unreaped ? 0 : wake, &live->mail.arrived);

	if (signal > 0)
		plan_signal(&live->plan, signal, event_now());
	live->mail.arrived.si_signo = 0;
	reap();
}

static const char *reason(enum action action)
{
	if (action == ACTION_CTRLALTDEL)
		return "ctrlaltdel";
	return action == ACTION_SHUTDOWN ? report_ending(live->plan.ending)
					 : NULL;
}

static struct spawn spawn_of(uint32_t slot)
{
	const struct table *table = &live->plan.table;
	const struct slot *s = table_slot(table, slot);

	return (struct spawn){
		.tty = table_tty(table, slot),
		.console = live->settings.console,
		.command = table_command(table, slot),
		.ask = s->entry.action == ACTION_ASKFIRST,
		.machine = live->plan.machine,
		.last_status = s->status,
		.environment = environ,
		.runlevel = live->settings.runlevel,
		.reason = reason(s->entry.action),
		.guarded = live,
		.guarded_size = live->size,
	};
}

static pid_t start_task(const struct spawn *spawn, enum task task)
{
	static int (*const tasks[])(const void *) = {
		[TASK_LOOPS] = mount_detach_loops,
		[TASK_SWAPOFF] = mount_swapoff,
		[TASK_UNMOUNT] = mount_unmount,
		[TASK_SYNC] = machine_sync,
		[TASK_REBOOT] = machine_end,
	};
	const enum ending ending = plan_ending(&live->plan);
	const void *argument = &live->line;

	if (task == TASK_REBOOT) {
		argument = &ending;
		if (ending != ENDING_REBOOT) /* it would end what has halted */
			machine_unwatch(&live->watchdog);
	}
	return spawn_task(spawn, tasks[task], argument, &live->mail.started);
}

/* Starts an entry or a task; the pid is in the mailbox before we know it. */
static pid_t start(const struct step *step)
{
	bool is_entry = step->kind == STEP_START;
	struct spawn spawn = spawn_of(is_entry ? step->slot : 0);
	pid_t pid;

	live->mail.starting = *step;
	if (is_entry)
		pid = spawn_entry(&spawn, &live->mail.started);
	else
		pid = start_task(&spawn, step->task);
	if (pid < 0 && !live->plan.hold)
		kmsg_say(live->plan.machine, KMSG_FAILED,
			 "can't fork, trying again", NULL);
	return pid;
}

/* Looks for the last thing that the task could be about. */
static void find(enum task task, uint32_t before)
{
	mount_find(task == TASK_SWAPOFF ? MOUNT_SWAPS : MOUNT_MOUNTS, before,
		   &live->line);
	plan_found(&live->plan, live->line.number, live->line.mark,
		   event_now());
}

static void say(const struct step *step)
{
	char children[CHILDREN_SIZE];
	const char *who = live->line.path;

	if (step->say == SAY_LEFT) {
		mount_say_left();
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
	struct state *next = load_inittab(old->plan.machine, old, event_now());

	if (!next)
		return -1;
	live = next; /* before this store the old table, after it the new */
	state_drop(old);
	kmsg_say(next->plan.machine, KMSG_INFO, INITTAB_PATH " reloaded", NULL);
	return 0;
}

static void restart(uint32_t slot)
{
	struct spawn spawn = spawn_of(slot);

	machine_unwatch(&live->watchdog);
	machine_release_ctrlaltdel();
	spawn_replace(&spawn);
	(void)machine_take_ctrlaltdel(); /* the same answer as at boot */
}

/* Carries a step out and tells the plan what came of it. */
static void perform(const struct step *step)
{
	int64_t result = 0;

	switch (step->kind) {
	case STEP_SLEEP:
		sleep_until(step->until);
		break;
	case STEP_START:
	case STEP_TASK:
		result = start(step);
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
		reap(); /* without a child no SIGCHLD will come */
		break;
	case STEP_RELOAD:
		result = reload();
		break;
	case STEP_RESTART:
		restart(step->slot);
		break;
	case STEP_COPY:
		recover_from_memory(live->fd, live->watchdog);
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
		_exit(EXIT_SUCCESS);
	case STEP_AGAIN:
		break;
	}
	plan_done(&live->plan, step, result, event_now());
	live->mail.started = 0;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	event_block();
	if (getpid() != 1)
		return telinit(word);
	if (strcmp(word, RECOVER_WORD) == 0)
		live = state_resume(RECOVER_FD);
	if (!live)
		live = boot(word);
	for (;;) {
		struct step step = plan_next(&live->plan, event_now());

		perform(&step);
	}
}
