/*
 * spawn.h - from an entry to a running process: fork, session, tty, exec.
 * fork and not vfork: opening a tty may block, and a vfork parent stands
 * still until exec. Remembers nothing of whom it started.
 */
#ifndef SPAWN_H
#define SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct spawn {
	const char *tty; /* name below /dev; "": descriptors 0-2 as they are */
	const char *console; /* name below /dev that a shell gets for "" and
				"console"; "": the device behind it, on a
				machine */
	const char *command;
	size_t words_size; /* > 0: command is so many bytes of words, with a
			    * NUL after each */
	bool inherit_all;  /* environment and descriptors 0-2 as they are */
	bool is_job;	   /* in our session: its end hangs up no terminal,
			    * which would lose what it wrote last */
	bool is_shell;	   /* it is to control its terminal */
	bool ask;	   /* for Enter first */
	bool is_machine;   /* see log_line() */
	int last_status;   /* how it ended before (wait(2)): the same failure
			      again is not said again */
	char *const *environment; /* inherited; completed here */
	const char *runlevel;	  /* "": none */
	const char *reason;	  /* why a shutdown or ctrlaltdel entry runs;
				     NULL: it is none */
	void *state_map;	  /* memory that a child may read, not write */
	size_t state_map_size;
};

/*
 * Starts the command. Returns its pid, which the kernel has also written to
 * *started before the child runs, or -1 and errno. What fails in the child is
 * said there, and is its exit status: EXIT_NO_TTY, EXIT_NOT_RUN,
 * EXIT_NOT_FOUND.
 */
pid_t spawn_entry(const struct spawn *spawn, pid_t *started);

/* Starts a child that does task(argument) and exits with its result. */
pid_t spawn_task(const struct spawn *spawn, int (*task)(const void *),
		 const void *argument, pid_t *started);

/* Becomes the command, as this process. Returns only if that failed, and has
 * said why. */
void spawn_exec_in_place(const struct spawn *spawn);

#endif
