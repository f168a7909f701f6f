/*
 * snapshot.h - what PID 1 knows, as a copy. It is found in /proc/1/fd, read
 * while nothing of it is being changed, and sound (sound.h). PID 1 is left
 * alone: it is not stopped, gets no signal, and none of its memory is taken.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stddef.h>

#include "outcome.h"
#include "state.h"

/* So long is looked for a state, or waited for the end of a change (ms). */
#define LOOK_PATIENCE 2000

struct look {
	struct state *state; /* NULL: none */
	size_t size;	     /* of the copy (bytes) */
	uint64_t file;	     /* that it is of: another one after a reload */
	int64_t now;	     /* when it was taken: ms, monotonic clock */
};

/* Copies the state of PID 1. What is wrong is said on standard error. The copy
 * is to be dropped, if there is one. */
enum outcome look_take(struct look *look);

/* The same in silence. */
enum outcome look_try(struct look *look);

/* Drops a copy; none is nothing to do. */
void look_drop(struct look *look);

/* Takes another one in its place: what was there is gone, whatever comes. */
enum outcome look_again(struct look *look);

/* ms on the monotonic clock, and a wait of so many. */
int64_t look_now(void);
void look_wait(int ms);

#endif
