/*
 * snapshot.h - a consistent, validated copy of the state of PID 1. init writes
 * its state to a memfd under a sequence count, as a seqlock does: the count is
 * odd while a change is in progress. A reader copies the state, and retries
 * unless the count was even and the same before and after. Nothing here writes
 * to the state, stops PID 1 or signals it.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stddef.h>

#include "outcome.h"
#include "state.h"

/* How long snapshot_take() retries while there is no state, or no consistent
 * copy of it (ms). */
#define SNAPSHOT_TIMEOUT 2000

struct snapshot {
	struct state *state; /* the copy; NULL: none */
	size_t size;	     /* of the copy (bytes) */
	uint64_t inode;	     /* of the memfd; a reload creates another one */
	int64_t taken;	     /* when the copy was made (monotonic clock) */
};

/* Takes a snapshot, to be freed by snapshot_free(). On failure prints the
 * error, sets snapshot->state to NULL and returns OUTCOME_REFUSED or
 * OUTCOME_NOT_PERMITTED. */
enum outcome snapshot_take(struct snapshot *snapshot);

/* As snapshot_take(), but prints nothing and returns OUTCOME_REFUSED for every
 * failure. */
enum outcome snapshot_take_quietly(struct snapshot *snapshot);

/* Frees the snapshot, even if taking the next one fails, and takes another
 * one as snapshot_take() does. */
enum outcome snapshot_retake(struct snapshot *snapshot);

/* Frees the copy. Does nothing if there is none. */
void snapshot_free(struct snapshot *snapshot);

/* First check of a copied plan, when its slots and text need not be there yet:
 * can a plan with this table have size bytes? Recomputes the offsets of the
 * table's arrays, and empties its lists and indexes. */
bool snapshot_check_size(struct plan *plan, size_t size);

/* Second check, of the complete copy: are all values in range that a reader
 * uses as an index, an offset or an enum? After both checks any bytes are safe
 * to read as a plan. */
bool snapshot_check_plan(const struct plan *plan);

/* The time on the monotonic clock (ms), and a sleep of that many ms, which a
 * signal may cut short. */
int64_t clock_ms(void);
void sleep_ms(int ms);

#endif
