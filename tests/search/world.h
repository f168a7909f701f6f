/*
 * world.h - a simulated machine for search.c: a plan, the children that it
 * believes it has, and a clock that only the search advances. world.c checks
 * the invariants at each step. The search copies a world to try an event on it.
 */
#ifndef WORLD_H
#define WORLD_H

#include "plan_transaction.h"

#define CHILDREN_MAX 6
#define NUMBERS_MAX 16

struct being {
	pid_t pid;	 /* 0: nobody */
	uint32_t number; /* of the entry; 0: it does a task */
	enum task task;
	bool is_signalled; /* is to exit */
	bool is_dead;	   /* and not yet reaped */
	int status;
};

struct world {
	struct plan *plan;
	size_t size; /* of it, bytes */
	int64_t now;
	bool over;
	unsigned long steps;
	const char *texts[2]; /* a reload reads the other one */
	struct being children[CHILDREN_MAX];
	unsigned char ran[NUMBERS_MAX];	  /* one-time entries, by number */
	unsigned char asked[NUMBERS_MAX]; /* to run once more */
	struct {
		unsigned char text;	/* the one that was read last */
		unsigned char has_disk; /* still mounted */
		unsigned char fork_fails;
	} outside;
};

struct world *world_make(const char *text, const char *other, bool machine);
struct world *world_copy(const struct world *world);
void world_free(struct world *world);

/* Steps until the plan sleeps, or all is over. */
void world_settle(struct world *world);

/* Events. False: this one can't be now. After each comes world_settle(). */
void world_signal(struct world *world, int signal);
void world_request(struct world *world, int verb_and_number); /* << 4 */
bool world_pass_time(struct world *world, int unused); /* to the deadline */
bool world_fail_fork(struct world *world, int unused); /* the next one */
bool world_end_well(struct world *world, int child);
bool world_end_badly(struct world *world, int child);

/* The next thing that happens when all children obey signals, then
 * world_settle(). False: nothing happens. */
bool world_go_on(struct world *world);

/* Nothing was asked for that has not been done, and all that is to run runs. */
void world_check_up(const struct world *world);

#endif
