/*
 * event_log.h - reads the event ring (event_ring.h) of a snapshot: the order of
 * events, which child an event belongs to, and the times of the boot. Prints
 * nothing.
 *
 * An event is named by its index: the number of events that init wrote before
 * it. Only the last EVENT_RING_SIZE events exist; every function takes one of
 * those.
 */
#ifndef EVENT_LOG_H
#define EVENT_LOG_H

#include "event_ring.h"
#include "plan.h"

struct event_log {
	const struct event_record *ring;
	const struct plan *plan;
	uint32_t first; /* the oldest event; plan->events is past the last */
};

/* The result points to ring and plan, which must outlive it. */
struct event_log event_log_of(const struct event_record *ring,
			      const struct plan *plan);

const struct event_record *event_log_at(const struct event_log *log,
					uint32_t event);

/* The slot of the entry that the event is about; 0 if it is about none, or if
 * the entry no longer has a slot. */
uint32_t event_log_slot(const struct event_log *log,
			const struct event_record *event);

/* The name of the kind of event, "started"; NULL for an unknown kind. */
const char *event_log_name(const struct event_record *event);

/* How long the child of a EVENT_EXITED event ran (us); -1 if its start is no
 * longer in the ring. */
int64_t event_log_lifetime(const struct event_log *log, uint32_t exit);

/* The times of the boot (us, monotonic clock); -1 for what has not happened
 * yet, or is no longer in the ring. */
struct boot_times {
	int64_t init;	  /* init started */
	int64_t sysinit;  /* the first sysinit entry could start */
	int64_t services; /* all sysinit and wait entries have ended */
	int64_t getty;	  /* the first getty started; if there is none, the
			   * first respawn or askfirst entry */
	uint32_t slot;	  /* of that entry; 0: none */
};

struct boot_times event_log_boot_times(const struct event_log *log);

/* How long the sysinit or wait entry of a EVENT_STARTED event took (us); if it
 * still runs, until now. -1 if the event is no such start. */
int64_t event_log_duration(const struct event_log *log, uint32_t start,
			   int64_t now);

/* Iterates over the starts that event_log_duration() knows, the slowest first.
 * Begin with *duration = INT64_MAX and *start = 0. Sets both to those of the
 * next start and returns true, or returns false at the end. */
bool event_log_next_slowest(const struct event_log *log, int64_t now,
			    int64_t *duration, uint32_t *start);

#endif
