#define _GNU_SOURCE /* environ */

#include "boot.h"

#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "command.h"
#include "event.h"
#include "inittab.h"
#include "kmsg.h"
#include "load.h"
#include "machine.h"
#include "mount.h"
#include "tty.h"

#define INIT_UMASK 022

/* Without memory for the first state, ms until the next try. */
#define BOOT_AGAIN 1000

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
	const char *file = (const char *)getauxval(AT_EXECFN);

	if (strlen(file) < STATE_WORD_SIZE)
		strcpy(settings->file, file);
	strncat(settings->runlevel, runlevel, STATE_WORD_SIZE - 1);
	if (console)
		strncat(settings->console, console, STATE_WORD_SIZE - 1);
	else if (state->plan.machine)
		tty_find_console(settings->console, STATE_WORD_SIZE);
}

static void take_wishes(struct plan *plan)
{
	if (!plan_wish(plan, environment_variable("INIT_GRACE"),
		       environment_variable("INIT_STOP"),
		       environment_variable("INIT_POWEROFF")))
		kmsg_say(plan->machine, KMSG_ERROR,
			 "INIT_GRACE and INIT_STOP are numbers of seconds,"
			 " INIT_POWEROFF is off, reboot or halt",
			 NULL);
}

/* busybox init.c, and sysvinit's S. */
static bool is_single_user(const char *runlevel)
{
	return strcmp(runlevel, "single") == 0 || strcmp(runlevel, "-s") == 0 ||
	       strcmp(runlevel, "1") == 0 || strcmp(runlevel, "S") == 0;
}

struct state *boot(const char *runlevel)
{
	bool machine = machine_take_ctrlaltdel();
	const char *console;
	struct state *state;

	tty_repair();
	if (machine) {
		/* what a shell before us had open for writing; no children's */
		(void)syscall(SYS_close_range, STDERR_FILENO + 1,
			      STATE_KEPT - 1, 0);
		(void)syscall(SYS_close_range, STATE_KEPT_END, ~0u, 0);
		mount_dev();
	}
	console = take_console(machine);
	if (machine) {
		mount_early();
		machine_set_printk(environment_variable("INIT_PRINTK"));
	}
	tty_make_sane(STDIN_FILENO);
	(void)chdir("/");
	(void)setsid();
	(void)umask(INIT_UMASK);
	state = is_single_user(runlevel)
			? load_text(inittab_single, machine, event_now())
			: load_inittab(machine, NULL, event_now());
	/* No memory for a page: somebody has to give. Requests that come
	 * meanwhile are lost, for want of a place to note them. */
	while (!state) {
		siginfo_t ignored;

		event_wait(event_now() + BOOT_AGAIN, &ignored);
		state = load_text(inittab_builtin, machine, event_now());
	}
	note_settings(state, console, runlevel);
	take_wishes(&state->plan);
	return state;
}
