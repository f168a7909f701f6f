/*
 * event_ring.h - a ring of the latest events, for "initctl log". Only the
 * layout, no function: record_events.c in PID 1 writes the ring, initctl reads
 * it, and init never decides anything by it.
 */
#ifndef EVENT_RING_H
#define EVENT_RING_H

#include <stdint.h>

enum event_kind {
	EVENT_NONE,	 /* not written yet */
	EVENT_BOOT,	 /* init started */
	EVENT_PHASE,	 /* a phase was entered; status is an enum phase */
	EVENT_STARTED,	 /* a child of the entry was started */
	EVENT_EXITED,	 /* that child ended, with status as of wait(2) */
	EVENT_THROTTLED, /* the entry keeps failing: its starts are delayed */
	EVENT_RELOADED,	 /* the inittab was read again */
	EVENT_FAULT,	 /* init survived a fault; status is the signal */
	EVENT_UPGRADED,	 /* another file of init took over */
	EVENT_COUNT
};

struct event_record {
	int64_t time;	 /* us, monotonic clock */
	uint32_t number; /* of the entry; 0: none */
	int32_t pid;	 /* of the child; 0: none */
	uint16_t status;
	uint8_t kind; /* enum event_kind */
};

/* Records in the ring, 6 KiB in all. A power of two: the next record goes to
 * plan.event_count modulo this size, and event_count itself may wrap. */
#define EVENT_RING_SIZE 256

#endif
