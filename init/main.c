/*
 * init - PID 1. Boots, reads the inittab, keeps its entries running, takes
 * the machine down. What is decided is decided in plan.c; this file brings it
 * facts, and carries out its steps.
 */
#define _GNU_SOURCE /* environ */

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "event.h"
#include "inittab.h"
#include "kmsg.h"
#include "load.h"
#include "machine.h"
#include "mount.h"
#include "plan.h"
#include "report.h"
#include "spawn.h"
#include "state.h"
#include "telinit.h"
#include "tty.h"

#define INIT_UMASK 022

/* Without memory for the first state, ms until the next try. */
#define BOOT_AGAIN 1000

/* Ended children taken before all else has its turn. */
#define REAP_AT_ONCE 256

/* Which state is live: the one mutable word outside of it. A reload is the
 * store of this word. */
static struct state *live;

static const char *environment_variable(const char *name)
{
	return command_variable(environ, name);
}

/* Whatever descriptors 0-2 were at birth, they are the console now. Returns
 * its name below /dev if CONSOLE= or console= gave one, else NULL. */
static const char *take_console(bool machine)
{
	const char *path = environment_variable("CONSOLE");

	if (machine)
		(void)tty_take_console("/dev/console"); /* or keep what is */
	if (!path)
		path = environment_variable("console");
	if (!path || !tty_take_console(path))
		return NULL;
	return strncmp(path, "/dev/", 5) == 0 ? path + 5 : "";
}

static void note_settings(struct state *state, const char *console,
			  const char *runlevel)
{
	struct settings *settings = &state->settings;

	(void)strlcpy(settings->runlevel, runlevel, STATE_WORD_SIZE);
	if (console)
		(void)strlcpy(settings->console, console, STATE_WORD_SIZE);
	else if (state->plan.machine)
		tty_find_console(settings->console, STATE_WORD_SIZE);
}

static bool is_single_user(const char *runlevel)
{
	return strcmp(runlevel, "single") == 0 || strcmp(runlevel, "-s") == 0 ||
	       strcmp(runlevel, "1") == 0;
}

static void boot(const char *runlevel)
{
	bool machine = machine_take_ctrlaltdel();
	const char *console;

	tty_repair();
	if (machine)
		mount_dev();
	console = take_console(machine);
	if (machine) {
		mount_early();
		machine_set_printk(environment_variable("INIT_PRINTK"));
	}
	tty_make_sane(STDIN_FILENO);
	(void)chdir("/");
	(void)setsid();
	(void)umask(INIT_UMASK);
	live = is_single_user(runlevel)
		       ? load_text(inittab_single, machine, event_now())
		       : load_inittab(machine, NULL, event_now());
	/* No memory for a page: somebody has to give. Requests that come
	 * meanwhile are lost, for want of a place to note them. */
	while (!live) {
		siginfo_t ignored;

		event_wait(event_now() + BOOT_AGAIN, &ignored);
		live = load_text(inittab_builtin, machine, event_now());
	}
	note_settings(live, console, runlevel);
	if (live->fd < 0)
		kmsg_say(machine, KMSG_WARNING,
			 "no memfd in this kernel: no recovery, no upgrade",
			 NULL);
}

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

static void sleep_until(int64_t until)
{
	int signal =
		event_wait(live->unreaped ? 0 : until, &live->mail.arrived);

	if (signal > 0)
		plan_signal(&live->plan, signal, event_now());
	live->mail.arrived.si_signo = 0;
	reap();
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
		.guarded = live,
		.guarded_size = live->size,
	};
}

/* Starts an entry or a task; the pid is in the mailbox before we know it. */
static pid_t start(const struct step *step)
{
	struct spawn spawn = spawn_of(step->slot);
	pid_t *started = &live->mail.started;
	pid_t pid;

	live->mail.starting = *step;
	if (step->kind == STEP_START)
		pid = spawn_entry(&spawn, started);
	else if (step->task == TASK_SYNC)
		pid = spawn_task(&spawn, machine_sync, 0, started);
	else
		pid = spawn_task(&spawn, machine_end, (int)live->plan.ending,
				 started);
	if (pid < 0 && !live->plan.hold)
		kmsg_say(live->plan.machine, KMSG_ERROR,
			 "can't fork: ", strerror(errno), "; trying again",
			 NULL);
	return pid;
}

static void tell_everyone(int signal)
{
	if (live->plan.machine && signal == SIGTERM)
		machine_clear_hotplug();
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
	case STEP_SAY:
		report_step(&live->plan, step);
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
	boot(word);
	for (;;) {
		struct step step = plan_next(&live->plan, event_now());

		perform(&step);
	}
}
