/*
 * respawn.h - when may an entry start again. A rule and four numbers.
 */
#ifndef RESPAWN_H
#define RESPAWN_H

#include <stdint.h>

#include "table.h"

/* Two starts of one entry are at least this far apart (busybox: 1 s). */
#define RESPAWN_MIN_INTERVAL 1000
/* Having lived this long, an entry is well: its failures are forgotten. */
#define RESPAWN_STABLE 10000
/* So many quick failures in a row, and the next starts are put off ... */
#define RESPAWN_MAX_FAILURES 5
/* ... by 2, 4, 8 s and so on, but never by more than this. */
#define RESPAWN_MAX_DELAY 60000

/*
 * Notes that the child of slot ended now with status (as of wait(2)), and
 * returns the time at which it may start again. A quick end by a signal or
 * with a status other than 0 is a failure; a quick exit 0 is none, so an
 * entry used as a clock keeps its one start a second.
 */
int64_t respawn_on_exit(struct slot *slot, int status, int64_t now);

/* The earliest time for a start that somebody asked for (a reload). */
int64_t respawn_earliest(const struct slot *slot, int64_t now);

/* Are the starts of this slot put off? */
static inline bool respawn_is_throttled(const struct slot *slot)
{
	return slot->failures >= RESPAWN_MAX_FAILURES;
}

#endif
