/*
 * event_log.h - the ring of events (ring.h), read: where it begins, which event
 * belongs to which, and how the machine came up. An event is named by how many
 * were written before it.
 */
#ifndef EVENT_LOG_H
#define EVENT_LOG_H

#include "event_ring.h"
#include "plan.h"

struct history {
	const struct event_record *ring;
	const struct plan *plan;
	uint32_t first; /* the oldest that is left; plan->events is the end */
};

struct history history_of(const struct event_record *ring,
			  const struct plan *plan);

/* 0: no slot has the number of this event any more, or it is about none. */
uint32_t history_slot(const struct history *history,
		      const struct event_record *event);

const struct event_record *history_event(const struct history *history,
					 uint32_t event);

/* "started"; NULL of what is unknown. */
const char *history_name(const struct event_record *event);

/* Of an exit: the us since the start of that child; -1: it is too long ago. */
int64_t history_lived(const struct history *history, uint32_t exit);

/* Moments of the boot, us; -1: it was not yet, or is not known any more. */
struct history_boot {
	int64_t init;	  /* began */
	int64_t sysinit;  /* the phase began */
	int64_t services; /* sysinit and wait are over */
	int64_t getty;	  /* or, without one, what is kept running, started */
	uint32_t slot;	  /* of it */
};

struct history_boot history_boot(const struct history *history);

/* Of a start: us that an entry of sysinit or wait took; until now, if it has
 * not ended. -1: it is no such start. */
int64_t history_took(const struct history *history, uint32_t start,
		     int64_t now);

/* From the slowest such start to the quickest: *start is the next one after it,
 * *took how long; to begin with it is INT64_MAX. False: none is left. */
bool history_slowest(const struct history *history, int64_t now, int64_t *took,
		     uint32_t *start);

#endif
