/*
 * types.h - the vocabulary that all of init shares: actions, entries, limits.
 * Nothing here does anything; pure and system code both include it.
 */
#ifndef TYPES_H
#define TYPES_H

#include <stdbool.h>
#include <stdint.h>

#define INITTAB_PATH "/etc/inittab"

/* An inittab larger than this is not read (bytes). */
#define INITTAB_MAX (16u * 1024 * 1024)

/* A time that never comes (ms on the monotonic clock). */
#define FOREVER INT64_MAX

/* What a child of ours exits with when it could not become its command.
 * 126 and 127 as in POSIX sh, "Exit Status for Commands"; 125 is ours. */
#define EXIT_NO_TTY 125
#define EXIT_NOT_RUN 126
#define EXIT_NOT_FOUND 127

/* The third field of an inittab line; names in inittab.c. */
enum action {
	ACTION_SYSINIT,
	ACTION_WAIT,
	ACTION_ONCE,
	ACTION_RESPAWN,
	ACTION_ASKFIRST,
	ACTION_CTRLALTDEL,
	ACTION_SHUTDOWN,
	ACTION_RESTART,
	ACTION_COUNT,		  /* so many has an inittab; and this: */
	ACTION_JOB = ACTION_COUNT /* what the machine was started for */
};

/*
 * One line of the inittab. Strings are offsets into the text it was parsed
 * from, so that an entry means the same at whatever address the text lies.
 */
struct entry {
	uint32_t tty;	  /* name below /dev, "" for the console */
	uint32_t command; /* never empty */
	enum action action;
};

/* How a machine stops. plan speaks of these, machine knows the numbers of
 * reboot(2). */
enum shutdown_kind {
	SHUTDOWN_NONE,
	SHUTDOWN_HALT,
	SHUTDOWN_POWEROFF,
	SHUTDOWN_REBOOT,
	SHUTDOWN_RESTART, /* not an end: another init takes over */
};

#endif
