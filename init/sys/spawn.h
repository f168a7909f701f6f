/*
 * spawn.h - starts the child of an entry or a task: fork, session, tty, exec.
 * By fork and not by vfork, since the child may block before exec (opening a
 * tty, waiting for Enter), and a vfork parent is suspended until exec. Keeps no
 * record of what it started.
 */
#ifndef SPAWN_H
#define SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What to start. No pointer is used after the call, except by the child. */
struct spawn {
	const char *tty;     /* name below /dev; "": descriptors 0-2 are kept */
	const char *console; /* name below /dev that a shell opens for the tty
			      * "" or "console"; "": on a is_machine, the device
			      * behind /dev/console */
	const char *command; /* a command line */
	size_t words_size;   /* > 0: command is words instead, with a NUL after
			      * each, of this many bytes in all */
	bool inherit_all;    /* environment and descriptors 0-2 are kept */
	bool is_job;	     /* stays in init's session: the exit of a session
			      * leader would hang up the terminal, and discard
			      * output that is not transmitted yet */
	bool is_shell;	     /* gets a controlling terminal on the console too,
			      * not only on another tty */
	bool ask;	     /* waits for Enter before exec (askfirst) */
	bool is_machine;     /* see log_line() */
	int last_status;     /* of the entry's last child (wait(2)): the same
			      * failure is not logged again */
	char *const *environment; /* inherited; PATH and others are added */
	const char *runlevel;	  /* value of RUNLEVEL; "": not set */
	const char *reason;	  /* value of INIT_REASON, for shutdown and
				   * ctrlaltdel entries; NULL: not set */
	void *state_map;	  /* the state, which becomes read-only in the
				   * child; NULL: none */
	size_t state_map_size;	  /* bytes */
};

/*
 * Starts a child that executes the command. Returns its pid, which the kernel
 * has written to *started before the child runs, or -1 and errno. A child that
 * fails logs that and exits with EXIT_NO_TTY, EXIT_NOT_RUN or EXIT_NOT_FOUND.
 * For a job, the terminal on descriptor 0 first becomes the controlling
 * terminal of PID 1.
 */
pid_t spawn_entry(const struct spawn *spawn, pid_t *started);

/* Starts a child that calls task(argument), with signals blocked, and exits
 * with its result. Needs only state_map of spawn. Returns what spawn_entry()
 * does. */
pid_t spawn_task(const struct spawn *spawn, int (*task)(const void *),
		 const void *argument, pid_t *started);

/* Executes the command in place of PID 1. Returns only if that failed, which is
 * logged. Then signals are blocked again, but descriptors 0-2 may have changed.
 */
void spawn_exec_in_place(const struct spawn *spawn);

#endif
