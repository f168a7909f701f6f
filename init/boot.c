#define _GNU_SOURCE /* environ, syscall */

#include "boot.h"

#include <string.h>
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
#include "record_events.h"
#include "reexec.h"
#include "signals.h"
#include "tty.h"

#define INIT_UMASK 022

/* For a console that is not below /dev: a name that can't be opened as a tty,
 * so that a shell keeps descriptors 0-2. */
#define NO_TTY "."

/* Without memory for the first state: ms until the next try. */
#define MEMORY_RETRY 1000

static const char *option(const char *name)
{
	return environment_get(environ, name);
}

/* Opens the console on descriptors 0-2: the file that CONSOLE= or console=
 * name, else /dev/console; in a container without these, keeps the descriptors
 * that were inherited. Returns the name below /dev of the file that was named,
 * NO_TTY if it is not there, "" if none was named or it can't be opened. */
static const char *open_console(bool is_machine)
{
	const char *path = option("CONSOLE");

	if (is_machine)
		(void)tty_set_stdio("/dev/console"); /* on failure, keep them */
	if (!path)
		path = option("console");
	if (!path || !tty_set_stdio(path))
		return "";
	return strncmp(path, "/dev/", 5) == 0 ? path + 5 : NO_TTY;
}

static void record_settings(struct state *state, const char *console,
			    const char *runlevel, const char *file)
{
	struct settings *settings = &state->settings;
	if (strlen(file) < STATE_PATH_SIZE)
		strcpy(settings->file, file);
	strncat(settings->runlevel, runlevel, STATE_WORD_SIZE - 1);
	strncat(settings->console, console, STATE_WORD_SIZE - 1);
}

static void set_options(struct plan *plan)
{
	if (!plan_set_options(plan, option("INIT_GRACE"), option("INIT_STOP"),
			      option("INIT_POWEROFF")))
		log_line(plan->is_machine, LOG_ERROR,
			 "INIT_GRACE, INIT_STOP: seconds;"
			 " INIT_POWEROFF: off, reboot, halt",
			 NULL);
}

/* The words of busybox init.c, and S of sysvinit. */
static bool is_single_user(const char *runlevel)
{
	return strcmp(runlevel, "single") == 0 || strcmp(runlevel, "-s") == 0 ||
	       strcmp(runlevel, "1") == 0 || strcmp(runlevel, "S") == 0;
}

/* There is no memory for a state: waits until other processes have released
 * some. Signals that arrive meanwhile are lost, since there is no state to
 * record them in. */
static void wait_for_memory(void)
{
	siginfo_t ignored;

	signals_wait(clock_ms() + MEMORY_RETRY, &ignored);
}

static struct state *load(const char *runlevel, bool is_machine,
			  const struct job_source *job)
{
	static const struct job_source no_job = {.job.status = -1};
	bool is_single = !job->job.is_only && is_single_user(runlevel);

	return load_first(is_single ? inittab_single : "",
			  is_single || job->job.is_only, is_machine,
			  is_single ? &no_job : job, clock_ms());
}

/* Closes the descriptors that a shell which executed init had open, but not
 * those that an earlier image of init passed on. By system call: musl 1.2.3 has
 * no close_range(). */
static void close_inherited(void)
{
	(void)syscall(SYS_close_range, STDERR_FILENO + 1, FD_RESERVED - 1, 0);
	(void)syscall(SYS_close_range, FD_RESERVED_END, ~0u, 0);
}

/* Sets up descriptors, mounts, console and session. Returns the result of
 * open_console(). Not for a container that runs a job only: the job inherits
 * all of these. */
static const char *set_up_process(bool is_machine)
{
	const char *console;

	if (is_machine) {
		close_inherited();
		mount_dev();
	}
	console = open_console(is_machine);
	if (is_machine) {
		mount_early();
		kernel_set_printk(option("INIT_PRINTK"));
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
	bool is_machine = cad_disable();
	const char *console = "", *runlevel;
	struct job_source job;
	struct state *state;

	stdio_ensure_open();
	if (!job_is_container_command(argc, argv, is_machine))
		console = set_up_process(is_machine);
	argc = job_parse(&job, argc, argv, is_machine);
	runlevel = argc > 1 ? argv[1] : "";
	while (!(state = load(runlevel, is_machine, &job)))
		wait_for_memory();
	record_settings(state, console, runlevel, reexec_file(argv));
	set_options(&state->plan);
	/* children of the program that has executed init, or of an earlier
	 * image, may have ended before */
	state->unreaped = true;
	record_boot(state, began);
	return state;
}
