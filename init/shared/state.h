/*
 * state.h - the layout of the memory file: everything that PID 1 knows, in one
 * sealed memfd, so that the program can be replaced and the knowledge stays.
 * Only the layout, no function. state_file.h creates and maps the file. PID 1
 * alone writes it; initctl reads it through /proc/1/fd.
 */
#ifndef STATE_H
#define STATE_H

#include <signal.h>

#include "event_ring.h"
#include "mountinfo.h"
#include "plan_transaction.h"
#include "state_version.h" /* STATE_VERSION: made by scripts/state-version */

#define STATE_MAGIC 0x6b696e64u /* "kind" */

/* Descriptors that an image of init passes to the next one, and that nothing
 * else of init uses: from FD_RESERVED on, below FD_RESERVED_END. */
#define FD_RESERVED 100
#define FD_STATE 100	      /* the state */
#define FD_IMAGE 101	      /* the file that the image was executed from */
#define FD_PREVIOUS_IMAGE 102 /* to go back to if the new image refuses */
#define FD_FILE 103	      /* in memory: what a file task reads */
#define FD_RESERVED_END 104

/* A string of the settings (bytes); a longer one is cut. */
#define STATE_WORD_SIZE 64
/* A path (bytes). */
#define STATE_PATH_SIZE 256
/* The version of an init, as --version prints it (bytes). */
#define STATE_VERSION_SIZE 16

/* What boot found out. All but the version stays the same as long as PID 1
 * lives. */
struct settings {
	char console[STATE_WORD_SIZE];	/* CONSOLE= or console=, a name below
					 * /dev; "": not given; ".": a file
					 * that is not below /dev */
	char runlevel[STATE_WORD_SIZE]; /* argv[1]: the kernel passes words that
					 * it does not know; "": none */
	char file[STATE_PATH_SIZE];	/* path that init was started from; "":
					 * that is too long */
	char version[STATE_VERSION_SIZE]; /* of the running image */
};

/*
 * The kernel itself writes what it tells init into the first three, so that no
 * event is ever in a register only. A mailbox is emptied after its event is
 * committed; to apply the event twice is harmless.
 */
struct mailboxes {
	siginfo_t signal;     /* signals_wait() */
	siginfo_t child;      /* reap_child() */
	pid_t started;	      /* clone(2), CLONE_PARENT_SETTID ... */
	struct step starting; /* ... for this step (launch_step()) */
};

/* After this many faults within this time (ms), init gives up at the next one:
 * emergency.h. */
#define FAULTS_MAX 5
#define FAULTS_WINDOW 10000

/* Faults of init that were survived. */
struct faults {
	uint32_t count;
	int signal;   /* of the last one, until it is logged; else 0 */
	uintptr_t at; /* its program counter */
	int64_t times[FAULTS_MAX]; /* of the last ones, at count % FAULTS_MAX */
};

/* What a child may write to: a page of its own. Where pages are larger, it
 * can't, and nothing is known of its progress. */
#define STATE_PAGE 4096

/* Ordered so that whole pages stay untouched, and cost no memory: most of the
 * ring, and the page that only the shutdown uses. */
struct state {
	uint32_t magic;
	uint32_t version; /* STATE_VERSION */
	size_t size;	  /* of the whole file (bytes) */
	int fd; /* of the memfd; -1: plain memory, since no memfd could
		 * be made */
	struct settings settings;
	int watchdog;  /* its descriptor (watchdog.h); 0: not open */
	bool unreaped; /* children may have ended that were not reaped */
	struct faults faults;
	struct mailboxes mailboxes;
	struct plan_undo undo;
	struct event_record ring[EVENT_RING_SIZE];
	/* a whole page of this: state_progress() in state_file.h */
	unsigned char progress[2 * STATE_PAGE];
	struct plan plan; /* last: its arrays lie behind it */
};

/* What initctl reads of a state of any version never moves. */
_Static_assert(offsetof(struct state, magic) == 0, "first");
_Static_assert(offsetof(struct state, version) == 4, "second");

#endif
