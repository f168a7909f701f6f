#define _GNU_SOURCE /* environ */

#include "boot.h"

#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "inittab.h"
#include "job.h"
#include "kernel.h"
#include "load_inittab.h"
#include "log.h"
#include "mount.h"
#include "record.h"
#include "signals.h"
#include "tty.h"

#define INIT_UMASK 022

/* Below /dev, where it can't be opened as a tty: a console is elsewhere. */
#define NO_TTY "."

/* Without memory for the first state, ms until the next try. */
#define BOOT_AGAIN 1000

static const char *environment_variable(const char *name)
{
	return environment_get(environ, name);
}

/* Whatever descriptors 0-2 were at birth, they are the console now. Returns
 * its name below /dev if CONSOLE= or console= gave one, else "". */
static const char *take_console(bool machine)
{
	const char *path = environment_variable("CONSOLE");

	if (machine)
		(void)tty_set_stdio("/dev/console"); /* or keep what is */
	if (!path)
		path = environment_variable("console");
	if (!path || !tty_set_stdio(path))
		return "";
	return strncmp(path, "/dev/", 5) == 0 ? path + 5 : NO_TTY;
}

static void note_settings(struct state *state, const char *console,
			  const char *runlevel)
{
	struct settings *settings = &state->settings;
	const char *file = (const char *)getauxval(AT_EXECFN);

	if (strlen(file) < STATE_WORD_SIZE)
		strcpy(settings->file, file);
	strncat(settings->runlevel, runlevel, STATE_WORD_SIZE - 1);
	strncat(settings->console, console, STATE_WORD_SIZE - 1);
}

static void take_wishes(struct plan *plan)
{
	if (!plan_set_options(plan, environment_variable("INIT_GRACE"),
			      environment_variable("INIT_STOP"),
			      environment_variable("INIT_POWEROFF")))
		log_line(plan->is_machine, LOG_ERROR,
			 "INIT_GRACE, INIT_STOP: seconds;"
			 " INIT_POWEROFF: off, reboot, halt",
			 NULL);
}

/* busybox init.c, and sysvinit's S. */
static bool is_single_user(const char *runlevel)
{
	return strcmp(runlevel, "single") == 0 || strcmp(runlevel, "-s") == 0 ||
	       strcmp(runlevel, "1") == 0 || strcmp(runlevel, "S") == 0;
}

/* No memory for a page: somebody has to give. Requests that come meanwhile are
 * lost, for want of a place to note them. */
static struct state *wait_for_memory(bool machine, const struct job *job)
{
	struct state *state;
	siginfo_t ignored;

	do {
		signals_wait(clock_ms() + BOOT_AGAIN, &ignored);
		state = load_text(job->is_only ? "" : inittab_builtin, machine,
				  job, clock_ms());
	} while (!state);
	return state;
}

static struct state *load(const char *runlevel, bool machine,
			  const struct job *job)
{
	static const struct job none;

	if (job->is_only)
		return load_text("", machine, job, clock_ms());
	if (is_single_user(runlevel))
		return load_text(inittab_single, machine, &none, clock_ms());
	return load_inittab(machine, job, clock_ms());
}

/* Whatever we were born with, it is ours: all but the command's. Returns what
 * take_console() does. */
static const char *settle_in(bool machine)
{
	const char *console;

	if (machine) {
		/* what a shell before us had open for writing; no children's */
		(void)syscall(SYS_close_range, STDERR_FILENO + 1,
			      FD_RESERVED - 1, 0);
		(void)syscall(SYS_close_range, FD_RESERVED_END, ~0u, 0);
		mount_dev();
	}
	console = take_console(machine);
	if (machine) {
		mount_early();
		kernel_set_printk(environment_variable("INIT_PRINTK"));
	}
	tty_make_sane(STDIN_FILENO);
	(void)chdir("/");
	(void)setsid();
	(void)umask(INIT_UMASK);
	return console;
}

struct state *boot(int argc, char **argv)
{
	int64_t began = clock_us();
	bool machine = cad_disable();
	const char *console = "", *runlevel;
	struct state *state;
	struct job job;

	stdio_ensure_open();
	if (!job_is_container_command(argc, argv, machine))
		console = settle_in(machine);
	argc = job_parse(&job, argc, argv, machine);
	runlevel = argc > 1 ? argv[1] : "";
	state = load(runlevel, machine, &job);
	if (!state)
		state = wait_for_memory(machine, &job);
	note_settings(state, console, runlevel);
	take_wishes(&state->plan);
	record_boot(state, began);
	return state;
}
