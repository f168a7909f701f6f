/*
 * respawn.h - when an entry may start again: one rule and four numbers. Starts
 * nothing, makes no system call, and can't fail. The planner calls it, in PID 1
 * and in tests. Times are ms on the monotonic clock.
 */
#ifndef RESPAWN_H
#define RESPAWN_H

#include <stdint.h>

#include "table.h"

/* Two starts of one entry are at least this far apart (ms; busybox: 1 s). */
#define RESPAWN_MIN_INTERVAL 1000
/* An entry that has run at least this long is stable: when it ends, its count
 * of failures is set to 0 (ms). */
#define RESPAWN_STABLE 10000
/* From this many quick failures in a row on, the entry is throttled. */
#define RESPAWN_MAX_FAILURES 5
/* A throttled entry starts 2, 4, 8, 16 and 32 s after its exit, then always
 * this long after it (ms). */
#define RESPAWN_MAX_DELAY 60000

/*
 * Counts the exit of slot's child at now with status (as of wait(2)) in
 * history.failures, and returns when the entry may start again. An end by a
 * signal or with a status other than 0 within RESPAWN_STABLE of history.started
 * is a failure; any other end sets the count to 0. So an entry that exits with
 * 0 at once, as a timer does, is started once a second and never throttled. The
 * result is at least RESPAWN_MIN_INTERVAL after history.started. Changes
 * nothing but the count.
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
