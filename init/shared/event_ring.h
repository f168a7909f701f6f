/*
 * event_ring.h - what happened last, for whoever looks in from outside (initctl
 * log). Nothing here does anything; note.c writes it, init itself never reads
 * it.
 */
#ifndef EVENT_RING_H
#define EVENT_RING_H

#include <stdint.h>

enum ring_what {
	RING_NONE,     /* not used yet */
	RING_BOOT,     /* init began */
	RING_PHASE,    /* entered; status is an enum phase */
	RING_STARTED,  /* a child of the entry */
	RING_EXITED,   /* that child, with status as of wait(2) */
	RING_PARKED,   /* the entry keeps failing: the next start is put off */
	RING_RELOADED, /* the inittab */
	RING_FAULT,    /* of init, survived; status is its signal */
	RING_UPGRADED  /* to another file of init */
};

struct ring_event {
	int64_t time;	 /* us, monotonic clock */
	uint32_t number; /* of the entry; 0: it is about none */
	int32_t pid;	 /* of the child */
	uint16_t status;
	uint8_t what; /* enum ring_what */
};

/* A power of two: plan.events counts on past it, and wraps. 6 KiB in all. */
#define RING_SIZE 256

#endif
