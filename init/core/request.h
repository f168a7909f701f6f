/*
 * request.h - what is asked of init: signals, and what a queued one says. Marks
 * it in the plan, and does nothing about it.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "plan.h"

/* Endings as container managers ask for them (systemd: SIGRTMIN+3 to +5 of
 * glibc, whose SIGRTMIN is 34); also beside a job that is alone. */
#define SIGNAL_HALT 37
#define SIGNAL_POWEROFF 38
#define SIGNAL_REBOOT 39

/*
 * What a queued signal asks for (sigqueue(3), SIGNAL_REQUEST): a verb in the
 * upper 4 bits of its value, the number of an entry in the others. As any
 * signal to PID 1, only root can send it.
 */
#define SIGNAL_REQUEST 40
#define REQUEST_VERB_SHIFT 28 /* bits to the right of it */
enum verb {
	VERB_UPGRADE = 1,   /* go on as the file that init was started from */
	VERB_STOP_ENTRY,    /* end the entry's child; no start before
			       VERB_START_ENTRY */
	VERB_START_ENTRY,   /* what was stopped, is put off, or has run */
	VERB_RESTART_ENTRY, /* end its child, and start it again */
	VERB_SKIP_GRACE	    /* no grace on the way down */
};

/* A signal came. Marks, acts on nothing; repeated ones are one. Of several that
 * are pending the kernel gives the lowest number first, so then the highest
 * decides the ending (busybox: the lowest). */
void plan_signal(struct plan *plan, int signal, int64_t now);

/* The ending that a signal asks for, if any. */
enum shutdown_kind shutdown_kind_of_signal(int signal);

/* The value of a queued SIGNAL_REQUEST; what is no request, or can't be done,
 * is ignored. slot is the one that it is about, as the other function says. */
void plan_request(struct plan *plan, uint32_t value, uint32_t slot,
		  int64_t now);
uint32_t plan_request_slot(const struct plan *plan, uint32_t value);

#endif
