/*
 * respawn.h - when an entry may start again: one rule and four numbers. Starts
 * nothing. Pure: the planner calls it, in PID 1 and in tests; times are ms on
 * the monotonic clock. Can't fail.
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
/* ... by 2, 4, 8, 16 and 32 s after the exit, then by this (ms). */
#define RESPAWN_MAX_DELAY 60000

/*
 * Counts the exit of slot's child at now with status (as of wait(2)) in
 * history.failures, and returns when the entry may start again. An end by a
 * signal or with a status other than 0 within RESPAWN_STABLE of history.started
 * is a failure; any other end sets the count to 0. So an entry that exits with
 * 0 at once, as a timer, keeps its one start a second.
 */
int64_t respawn_on_exit(struct slot *slot, int status, int64_t now);

/* The earliest time for a start that no throttle delays: now, but at least
 * RESPAWN_MIN_INTERVAL after the last start. */
int64_t respawn_earliest(const struct slot *slot, int64_t now);

/* Has the entry failed so often that its starts are delayed? */
static inline bool respawn_is_throttled(const struct slot *slot)
{
	return slot->history.failures >= RESPAWN_MAX_FAILURES;
}

#endif
