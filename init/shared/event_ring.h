/*
 * event_ring.h - a ring of the latest events, for "initctl log". Only the
 * layout: record_events.c writes it, initctl reads it, and init itself never
 * does.
 */
#ifndef EVENT_RING_H
#define EVENT_RING_H

#include <stdint.h>

enum event_kind {
	EVENT_NONE,	 /* not written yet */
	EVENT_BOOT,	 /* init started */
	EVENT_PHASE,	 /* a phase was entered; status is an enum phase */
	EVENT_STARTED,	 /* a child of the entry */
	EVENT_EXITED,	 /* that child, with status as of wait(2) */
	EVENT_THROTTLED, /* the entry keeps failing: its starts are delayed */
	EVENT_RELOADED,	 /* the inittab */
	EVENT_FAULT,	 /* of init, survived; status is the signal */
	EVENT_UPGRADED,	 /* another file of init took over */
	EVENT_COUNT
};

struct event_record {
	int64_t time;	 /* us, monotonic clock */
	uint32_t number; /* of the entry; 0: none */
	int32_t pid;	 /* of the child */
	uint16_t status;
	uint8_t kind; /* enum event_kind */
};

/* A power of two: plan.event_count counts past it, and wraps. 6 KiB in all. */
#define EVENT_RING_SIZE 256

#endif
