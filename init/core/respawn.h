/*
 * respawn.h - when an entry may start again: one rule and four numbers. Starts
 * nothing.
 */
#ifndef RESPAWN_H
#define RESPAWN_H

#include <stdint.h>

#include "table.h"

/* Two starts of one entry are at least this far apart (ms; busybox: 1 s). */
#define RESPAWN_MIN_INTERVAL 1000
/* An entry that has run this long is stable: its failures are forgotten (ms).
 */
#define RESPAWN_STABLE 10000
/* After this many quick failures in a row the entry is throttled ... */
#define RESPAWN_MAX_FAILURES 5
/* ... by 2, 4, 8 s and so on, but never by more than this (ms). */
#define RESPAWN_MAX_DELAY 60000

/*
 * Records that the child of slot ended at now with status (as of wait(2)), and
 * returns when it may start again. An exit by a signal or with a status other
 * than 0 within RESPAWN_STABLE is a failure. A quick exit 0 is none, so an
 * entry that is used as a timer keeps its one start a second.
 */
int64_t respawn_on_exit(struct slot *slot, int status, int64_t now);

/* The earliest time for a start that was requested. */
int64_t respawn_earliest(const struct slot *slot, int64_t now);

/* Has the entry failed so often that its starts are delayed? */
static inline bool respawn_is_throttled(const struct slot *slot)
{
	return slot->history.failures >= RESPAWN_MAX_FAILURES;
}

#endif
