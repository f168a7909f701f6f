/*
 * spawn.h - starts a child process that runs the command of an inittab entry
 * (spawn_entry) or a function of init (spawn_task), or executes a command in
 * place of init. Called by PID 1 only, with signals blocked (signals.h). Keeps
 * no record of what it started, and never waits for it.
 *
 * fork semantics, not vfork: the child may block before exec (opening a tty,
 * waiting for Enter), and a vfork parent would be suspended until then.
 */
#ifndef SPAWN_H
#define SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What to start. The child has its own copy of everything that this points to,
 * so the caller may free it when the call returns. */
struct spawn {
	/* The tty to open as descriptors 0-2, a name below /dev. "": none is
	 * opened, and init's are inherited; but see `console`. */
	const char *tty;
	/* Used only if is_shell, and tty is "" or "console": the device to open
	 * in place of /dev/console, which can't be a controlling terminal. If
	 * this is "", a machine opens the device behind /dev/console, and a
	 * container inherits descriptors 0-2. */
	const char *console;
	/* A command line (command.h) if words_size is 0; else an argument
	 * vector: words with a NUL after each, words_size bytes in all. */
	const char *command;
	size_t words_size;
	/* Passes the environment on unchanged, and leaves descriptors 0-2 as
	 * they are whatever `tty` says. */
	bool inherit_all;
	/* Stays in init's session; all other children lead a session of their
	 * own. When a session leader exits, its terminal is hung up, and output
	 * that was not yet transmitted is lost. */
	bool is_job;
	/* Gets a controlling terminal even on the console. Other children get
	 * one only on a tty that is not the console. */
	bool is_shell;
	bool ask;	 /* waits for Enter before exec (askfirst) */
	bool is_machine; /* not a container: log_line() in log.h */
	/* Wait status (wait(2)) of the entry's previous child; 0: none. If the
	 * new child fails in the same way, that is not logged again. */
	int last_status;
	/* The environment that init was started with. PATH, SHELL and USER are
	 * set in the child's copy; TERM, unless the user chose one. */
	char *const *environment;
	const char *runlevel; /* RUNLEVEL; "": not set */
	const char *reason;   /* INIT_REASON; NULL: not set */
	/* The shared mapping of init's state, and its size (bytes). The child
	 * first makes its view of it read-only, so that no fault of the child
	 * can damage init. NULL: there is none. */
	void *state_map;
	size_t state_map_size;
};

/*
 * Starts a child that executes the command, with no signal blocked. Returns the
 * pid of the child, or -1 and errno as fork(2). The kernel itself writes the
 * pid to *started before the child runs, so that no child goes unrecorded if
 * init faults right after; on failure *started is unchanged.
 *
 * If the child can't execute the command, it logs why and exits (types.h) with
 * EXIT_NO_TTY (the tty can't be opened), EXIT_NOT_FOUND (there is no such
 * command) or EXIT_NOT_RUN (any other reason).
 *
 * If is_job, PID 1 first makes the terminal on descriptor 0 its controlling
 * terminal; if that fails, the job is started all the same.
 */
pid_t spawn_entry(const struct spawn *spawn, pid_t *started);

/* Starts a child that calls task(argument), and exits with the value that this
 * returns, by _exit(2). Signals stay blocked in the child. Uses only state_map
 * and state_map_size of *spawn. The return value and *started are as for
 * spawn_entry(). */
pid_t spawn_task(const struct spawn *spawn, int (*task)(const void *),
		 const void *argument, pid_t *started);

/* Executes the command in place of init. Returns only on failure, which is
 * logged unless last_status is the same failure. Signals are blocked on return,
 * but descriptors 0-2 may have been replaced. Does not use ask, is_job and
 * state_map. */
void spawn_exec_in_place(const struct spawn *spawn);

#endif
