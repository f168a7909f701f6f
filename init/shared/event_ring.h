/*
 * event_ring.h - what happened last, for whoever looks in from outside (initctl
 * log). Nothing here does anything; note.c writes it, init itself never reads
 * it.
 */
#ifndef EVENT_RING_H
#define EVENT_RING_H

#include <stdint.h>

enum event_kind {
	EVENT_NONE,	 /* not used yet */
	EVENT_BOOT,	 /* init began */
	EVENT_PHASE,	 /* entered; status is an enum phase */
	EVENT_STARTED,	 /* a child of the entry */
	EVENT_EXITED,	 /* that child, with status as of wait(2) */
	EVENT_THROTTLED, /* the entry keeps failing: the next start is put off
			  */
	EVENT_RELOADED,	 /* the inittab */
	EVENT_FAULT,	 /* of init, survived; status is its signal */
	EVENT_UPGRADED	 /* to another file of init */
};

struct event_record {
	int64_t time;	 /* us, monotonic clock */
	uint32_t number; /* of the entry; 0: it is about none */
	int32_t pid;	 /* of the child */
	uint16_t status;
	uint8_t kind; /* enum event_kind */
};

/* A power of two: plan.events counts on past it, and wraps. 6 KiB in all. */
#define EVENT_RING_SIZE 256

#endif
