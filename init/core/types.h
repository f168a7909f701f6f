/*
 * types.h - the vocabulary that every layer shares: actions, entries, kinds of
 * shutdown, limits. Declares no function. Core and sys both include it.
 */
#ifndef TYPES_H
#define TYPES_H

#include <stdbool.h>
#include <stdint.h>

#define INITTAB_PATH "/etc/inittab"

/* A larger inittab is not read (bytes). */
#define INITTAB_MAX (16u * 1024 * 1024)

/* A time that never comes (ms on the monotonic clock). */
#define FOREVER INT64_MAX

/* Exit statuses of a child that could not execute its command. 126 and 127 as
 * in POSIX sh, "Exit Status for Commands"; 125 is this program's own. */
#define EXIT_NO_TTY 125
#define EXIT_NOT_RUN 126
#define EXIT_NOT_FOUND 127

/* The third field of an inittab line; inittab.c has the names. */
enum action {
	ACTION_SYSINIT,
	ACTION_WAIT,
	ACTION_ONCE,
	ACTION_RESPAWN,
	ACTION_ASKFIRST,
	ACTION_CTRLALTDEL,
	ACTION_SHUTDOWN,
	ACTION_RESTART,
	ACTION_INITTAB_COUNT, /* the actions above can stand in an inittab */
	ACTION_JOB = ACTION_INITTAB_COUNT, /* the one command of a job */
	ACTION_COUNT
};

/*
 * One line of the inittab. Strings are offsets into the text that the line was
 * parsed from, so an entry is valid at whatever address the text is mapped.
 */
struct entry {
	uint32_t tty;	  /* name below /dev; "" is the console */
	uint32_t command; /* never empty */
	enum action action;
};

/* The one command that a machine or container was started for, if any. Its text
 * is the command of the only slot in LIST_JOB. */
struct job {
	uint32_t size;	  /* of the command, or of all words, with the NULs
			   * (bytes); 0: there is no job */
	int status;	  /* how the job ended (wait(2)); -1: it has not */
	uint8_t is_words; /* words with a NUL after each, not a command line */
	uint8_t is_only;  /* there is no inittab, and the job gets the signals
			   * that init receives */
};

/* How a machine stops. shutdown_kind.h has names and signals; sys/kernel.c has
 * the numbers of reboot(2). */
enum shutdown_kind {
	SHUTDOWN_NONE,
	SHUTDOWN_HALT,
	SHUTDOWN_POWEROFF,
	SHUTDOWN_REBOOT,
	SHUTDOWN_RESTART, /* the machine stays up: another init takes over */
	SHUTDOWN_COUNT
};

#endif
