/*
 * state.h - the memory file: all that PID 1 knows, in one sealed memfd, so
 * that the program can be replaced and the knowledge stays. Only its layout:
 * init writes it (state_file.h), initctl reads it.
 */
#ifndef STATE_H
#define STATE_H

#include <signal.h>

#include "event_ring.h"
#include "mountinfo.h"
#include "plan_transaction.h"

#define STATE_MAGIC 0x6b696e64u /* "kind" */
#ifndef STATE_VERSION
#define STATE_VERSION 7u
#endif

/* Descriptors of PID 1's own, from this one on, before that one. */
#define FD_RESERVED 100
#define FD_RESERVED_END 103
#define FD_STATE FD_RESERVED	   /* the state */
#define FD_IMAGE (FD_RESERVED + 1) /* the file */
/* The file before, should the state not be known to the new one. */
#define FD_PREVIOUS_IMAGE (FD_RESERVED + 2)

/* A word of the settings; longer ones are cut. */
#define STATE_WORD_SIZE 64
/* The name of a version of init; a longer one is no program. */
#define STATE_VERSION_SIZE 16

/* What boot found out, for all entries and for as long as PID 1 lives. */
struct settings {
	char console[STATE_WORD_SIZE];	/* that CONSOLE= named, below /dev; "":
					   none did */
	char runlevel[STATE_WORD_SIZE]; /* argv[1]: the kernel passes on words
					   that it does not know; or "" */
	char file[STATE_WORD_SIZE];	/* that init was started from; "": its
					   name is too long */
	char version[STATE_VERSION_SIZE]; /* of the image that runs */
};

/*
 * What the kernel itself writes, so that no fact is ever only in a register.
 * To apply a mailbox twice is harmless; it is emptied last.
 */
struct mailboxes {
	siginfo_t signal;     /* signals_wait() */
	siginfo_t child;      /* reap_child() */
	pid_t started;	      /* clone(2), CLONE_PARENT_SETTID ... */
	struct step starting; /* ... for this step */
};

/* So many faults in so many ms: it makes no sense to go on. */
#define FAULTS_MAX 5
#define FAULTS_WINDOW 10000

/* Faults that were survived. */
struct faults {
	uint32_t count;
	int signal;   /* of the last one, until it was said; else 0 */
	uintptr_t at; /* its instruction */
	int64_t times[FAULTS_MAX]; /* of the last ones: number % FAULTS_MAX */
};

/* In an order that lets whole pages stay untouched for long, and so cost
 * nothing: most of the ring, and a path that only the way down has. */
struct state {
	uint32_t magic;
	uint32_t version;
	size_t size; /* of the whole file, bytes */
	int fd;	     /* of the memfd; -1: plain memory, this kernel has none */
	struct settings settings;
	int watchdog;  /* its descriptor; 0: none */
	bool unreaped; /* ended children may be left */
	struct faults faults;
	struct mailboxes mailboxes;
	struct plan_undo undo;
	struct event_record ring[EVENT_RING_SIZE];
	struct mount_line scan_line; /* what a task is about */
	struct plan plan;	     /* last: its arrays lie behind it */
};

#endif
