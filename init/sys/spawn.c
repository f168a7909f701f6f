#define _GNU_SOURCE /* CLONE_PARENT_SETTID */

#include "spawn.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "command.h"
#include "log.h"
#include "signals.h"
#include "tty.h"
#include "types.h"

/* Set for every child, whatever the kernel's command line says. Source: busybox
 * init.c, for PATH, SHELL and USER. */
static const char path_setting[] = "PATH=/sbin:/usr/sbin:/bin:/usr/bin";
static const char shell_setting[] = "SHELL=/bin/sh";
static const char user_setting[] = "USER=root";
static const char runlevel_name[] = "RUNLEVEL=";
static const char reason_name[] = "INIT_REASON=";

#define SETTINGS_MAX 7 /* these five, TERM, NULL */

/* execve(2) takes pointers to char, but writes nothing through them. */
static char *unconst(const char *s)
{
	return (char *)(uintptr_t)s;
}

/* "TERM=..." for the tty on descriptor 0; NULL: keep the inherited TERM. */
static const char *term_setting(char *const *environment)
{
	const char *term = environment_get(environment, "TERM");

	if (term && strcmp(term, "linux") != 0)
		return NULL; /* set by a user: the kernel sets "linux" */
	return strcmp(tty_term_type(STDIN_FILENO), "linux") == 0 ? "TERM=linux"
								 : "TERM=vt102";
}

/* Memory that is never freed, since exec follows. A failed
 * spawn_exec_in_place() leaves PID 1 a few pages of it. */
static void *allocate(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* Joins name, which ends in "=", and value. NULL: no memory. */
static char *setting(const char *name, const char *value)
{
	char *setting = allocate(strlen(name) + strlen(value) + 1);

	if (setting) {
		strcpy(setting, name);
		strcat(setting, value);
	}
	return setting;
}

static char **make_environment(const struct spawn *spawn)
{
	const char *term = term_setting(spawn->environment);
	char *settings[SETTINGS_MAX];
	size_t n = 0;
	char **out;

	settings[n++] = unconst(path_setting);
	settings[n++] = unconst(shell_setting);
	settings[n++] = unconst(user_setting);
	if (term)
		settings[n++] = unconst(term);
	if (*spawn->runlevel)
		settings[n++] = setting(runlevel_name, spawn->runlevel);
	if (spawn->reason)
		settings[n++] = setting(reason_name, spawn->reason);
	settings[n] = NULL;
	out = allocate(environment_merge_bytes(spawn->environment, settings));
	return out ? environment_merge(spawn->environment, settings, out)
		   : NULL;
}

static bool is_repeated_failure(const struct spawn *spawn, int exit_status)
{
	return spawn->last_status == exit_status << 8; /* as of wait(2) */
}

/* Logs a failure, unless the last child failed in the same way. Returns
 * exit_status. */
static int log_failure(const struct spawn *spawn, int exit_status,
		       const char *what, const char *name)
{
	if (!is_repeated_failure(spawn, exit_status))
		log_line(spawn->is_machine, LOG_ERRNO, what, name, NULL);
	return exit_status;
}

/* As execvpe(3), except that a script without #! fails with ENOEXEC, that an
 * empty element of PATH is / (ignored at the end), and that an element that is
 * too long ends the search. Returns only on failure, with errno. */
static void execute_by_path(const struct command *command,
			    char *const *environment)
{
	const char *directory = environment_get(environment, "PATH");
	size_t room = PATH_MAX - NAME_MAX - sizeof("/");
	char path[PATH_MAX];
	int error = ENOENT;

	if (!directory)
		directory = path_setting + strlen("PATH=");
	if (strlen(command->path) > NAME_MAX || strchr(command->path, '/')) {
		execve(command->path, command->argv, environment);
		return;
	}
	while (*directory) {
		size_t len = strcspn(directory, ":");

		if (len > room)
			break;
		memcpy(path, directory, len);
		path[len] = '/';
		strcpy(path + len + 1, command->path);
		directory += len + (directory[len] == ':');
		execve(path, command->argv, environment);
		if (errno == EACCES) /* a later directory may have it, too */
			error = errno;
		else if (errno != ENOENT && errno != ENOTDIR)
			return;
	}
	errno = error;
}

/* Executes the command. Returns only on failure, with an exit status. */
static int execute(const struct spawn *spawn)
{
	size_t words = spawn->words_size;
	void *space = allocate(words ? (words + 1) * sizeof(char *)
				     : command_bytes(spawn->command));
	char *const *environment = spawn->inherit_all ? spawn->environment
						      : make_environment(spawn);
	struct command command;

	if (!space || !environment)
		return log_failure(spawn, EXIT_NOT_RUN, "no memory to run ",
				   spawn->command);
	command = words ? command_from_words(spawn->command, words, space)
			: command_split(spawn->command, space);
	execute_by_path(&command, environment);
	if (errno == ENOEXEC && !words) { /* a script without #! */
		command = command_wrap_in_shell(spawn->command, space);
		execve(command.path, command.argv, environment);
	}
	return log_failure(spawn,
			   errno == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN,
			   "can't run ", command.path);
}

static bool open_shell_console(const struct spawn *spawn)
{
	if (*spawn->console)
		return tty_open_stdio(spawn->console);
	return spawn->is_machine && tty_open_console();
}

/*
 * Opens the entry's tty on descriptors 0-2. A shell on the console gets the
 * device behind /dev/console, which itself can't be a controlling terminal. All
 * other entries on the console keep /dev/console, since the hangup at the end
 * of a login session cuts off every descriptor of the device, but none of
 * /dev/console. Returns false and errno.
 */
static bool set_up_tty(const struct spawn *spawn)
{
	bool on_console = !*spawn->tty || strcmp(spawn->tty, "console") == 0;

	if (!on_console || !spawn->is_shell || !open_shell_console(spawn))
		if (*spawn->tty && !tty_open_stdio(spawn->tty))
			return false;
	if (spawn->is_shell || !on_console)
		tty_make_controlling();
	tty_make_sane(STDIN_FILENO);
	return true;
}

static _Noreturn void become_entry(const struct spawn *spawn)
{
	if (!spawn->is_job) {
		signals_unblock();
		setsid();
	}
	if (!spawn->inherit_all && !set_up_tty(spawn))
		_exit(log_failure(spawn, EXIT_NO_TTY, "can't open /dev/",
				  spawn->tty));
	if (spawn->is_job) {
		tty_foreground();
		signals_unblock();
	}
	if (spawn->ask)
		tty_wait_for_enter();
	_exit(execute(spawn));
}

/*
 * As fork(2), but the kernel writes the pid to *started (clone(2),
 * CLONE_PARENT_SETTID), where a fault of init does not lose it. The child first
 * makes the state read-only for itself. It must not call raise(3) or abort(3),
 * for which the C library has cached the thread id of the parent.
 */
static pid_t fork_recording_pid(const struct spawn *spawn, pid_t *started)
{
	long pid = syscall(SYS_clone, SIGCHLD | CLONE_PARENT_SETTID, NULL,
			   started, NULL, NULL);

	if (pid == 0 && spawn->state_map)
		(void)mprotect(spawn->state_map, spawn->state_map_size,
			       PROT_READ);
	return (pid_t)pid;
}

pid_t spawn_entry(const struct spawn *spawn, pid_t *started)
{
	pid_t pid;

	if (spawn->is_job)
		tty_make_controlling();
	pid = fork_recording_pid(spawn, started);
	if (pid == 0)
		become_entry(spawn);
	return pid;
}

pid_t spawn_task(const struct spawn *spawn, int (*task)(const void *),
		 const void *argument, pid_t *started)
{
	pid_t pid = fork_recording_pid(spawn, started);

	if (pid == 0)
		_exit(task(argument));
	return pid;
}

void spawn_exec_in_place(const struct spawn *spawn)
{
	signals_unblock();
	if (set_up_tty(spawn))
		(void)execute(spawn); /* logs its failure */
	else
		(void)log_failure(spawn, EXIT_NO_TTY, "can't open /dev/",
				  spawn->tty);
	signals_init();
}
