/*
 * life.h - a machine that is played, to see a plan run through a whole life in
 * no time: a clock, children that live as their commands say, forks that fail.
 * It writes down what happens, and at every step checks what must always
 * hold (life.c, check_*).
 *
 * The command of an entry says how its child lives, in words after the name:
 *   100      ends after 100 ms (else it lives on)
 *   x3 s11   ends with exit status 3, by signal 11 (else exit 0)
 *   deaf     does not mind SIGTERM, nor SIGHUP
 *   shell    does not mind SIGTERM, but SIGHUP
 *   slow700  ends 700 ms after SIGTERM (else at once)
 *   stuck    does not even end by SIGKILL
 *   till900  born at 900 ms or later, it does not end as said before this word
 * What it has of disks, disks.h says. Without any, the trace is silent about
 * the steps that look for them.
 */
#ifndef LIFE_H
#define LIFE_H

#include "disks.h"
#include "plan_transaction.h"
#include "request.h"

struct child {
	pid_t pid;
	bool is_entry;
	enum task task;	   /* TASK_NONE: it is none */
	struct disk *disk; /* what a task is at */
	uint32_t line;	   /* of that in its list */
	uint32_t released; /* by the task */
	bool writes;
	bool given_up; /* a task that is not waited for */
	bool deaf;
	bool shell;
	bool stuck;
	int64_t slow;
	int64_t ends;
	int status;
	char name[40]; /* the command's first word, or the task */
};

/* What an entry has been through, by its number. */
struct history {
	int64_t respawned; /* last start as a respawn entry */
	uint32_t respawns;
	uint32_t starts[LIST_COUNT];
	bool is_asked; /* to run once more */
};

struct life {
	/* How the machine is: to be set by the test at any time. */
	const char *file;    /* the inittab now; NULL: it can't be read */
	int64_t file_takes;  /* for a file task; FOREVER: the disk is dead */
	bool accepts;	     /* the state: a new file of init */
	uint32_t fork_works; /* so many forks work from now on, */
	uint32_t fork_fails; /* and then so many fail */
	int64_t sync_takes;  /* FOREVER: the disk is dead */
	bool sync_writes;    /* disks are at work meanwhile */
	struct disks disks;  /* disks_set() */
	bool refuses_reboot;
	bool refuses_restart; /* the other init can't be run */
	uint32_t step_takes;  /* ms at the most; by the dice */
	uint64_t dice;
	bool random_pids;

	/* What came of it. */
	int64_t now;
	bool over;	 /* no plan any more: see the trace */
	uint32_t starts; /* of entries, in all */
	uint32_t signals_to_all;
	int64_t over_since;

	struct plan *plan;
	size_t plan_size;
	char *image; /* of the plan, before it was changed */
	struct plan_undo before;
	bool fails; /* what is done now, in the middle */
	struct child *children;
	size_t child_count, child_room;
	struct history *history;
	uint32_t history_room;
	uint32_t steps_in_a_row;
	int64_t slept_until; /* and no event came since */
	enum phase phase;    /* as it was last seen */
	int64_t since;	     /* when the wait began, during shutdown */
	int64_t alive;	     /* when it was seen last that disks work */
	int64_t look_by;     /* when to look for that, at the latest */
	bool looked;	     /* since the task began */
	uint32_t work;	     /* what a look shows */
	uint32_t work_then;  /* that of the begin of an interval */
	int64_t looked_at;   /* when that was */
	bool said_slow;	     /* in this wait */
	uint32_t round;	     /* REAP and the disks; 0: not yet */
	uint32_t copied;     /* in which round, last (TASK_COPY_SELF) */
	bool left;	     /* somebody was, when the last REAP ended */
	uint32_t pass;	     /* over the disks; 0: not yet */
	uint32_t taken;	     /* what was taken away in this pass */
	uint32_t given_up;   /* tasks */
	int64_t task_begun;
	uint32_t unbegun;   /* tasks that no fork worked for */
	bool loops_hang;    /* were given up */
	uint32_t late_ends; /* of these */
	struct disk *found; /* what the last task is at, or was to begin with */
	pid_t last_pid;
	char *trace;
	size_t trace_used, trace_room;
};

/* A machine, or a container, with this inittab, at time 0, nothing done. */
struct life *life_begin(const char *inittab, bool machine);

/* The same, but that the plan has to ask for the inittab first. */
struct life *life_begin_unread(const char *inittab, bool machine);
void life_end(struct life *life);

/* Plays on until that time, or until it is over. */
void life_run(struct life *life, int64_t until);

/* Brings a signal to init, now. What comes of it is seen by running on. */
void life_signal(struct life *life, int signal);

/* Brings a request to init, now, about the first entry with this command (its
 * first word), or "": none; returns its number. */
uint32_t life_request(struct life *life, enum verb verb, const char *name);

/* A process that is no entry's child comes to us: lives as words say. */
void life_orphan(struct life *life, const char *words);

/* Ends a child of this name (its command's first word) now. */
void life_kill(struct life *life, const char *name, int status);

/* Sets the inittab, asks for a reload. */
void life_reload(struct life *life, const char *inittab);

/* How many children have this name. */
uint32_t life_count(const struct life *life, const char *name);

/* The trace since the last call: "TIME WHAT\n" each. Valid until the next
 * thing happens. */
const char *life_trace(struct life *life);

/* Calls live for each seed of 1..seeds, without a trace; with SEED=n in the
 * environment for that one alone, and its trace is to be printed (show). */
void life_of_each_seed(void (*live)(uint64_t seed, bool show), uint64_t seeds);

/* A cmocka teardown: where live failed, prints for which seed. Returns 0. */
int life_print_seed(void **state);

#endif
