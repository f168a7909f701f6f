/*
 * request.h - what other processes can ask of init: the contract of initctl,
 * telinit and the planner. plan_event() takes requests; request.c sets flags of
 * the plan, and acts on nothing.
 */
#ifndef REQUEST_H
#define REQUEST_H

/*
 * The signal of a queued request (sigqueue(3)). Its value has a verb in the
 * upper 4 bits, and the number of an entry in the lower 28. As with all signals
 * to PID 1 the sender must be root. Ignored unless si_code is SI_QUEUE.
 */
#define SIGNAL_REQUEST 40
#define REQUEST_VERB_SHIFT 28

enum verb {
	VERB_UPGRADE = 1, /* execute the file that init was started from */
	VERB_STOP_ENTRY,  /* end its child; no start before VERB_START_ENTRY */
	VERB_START_ENTRY, /* an entry that is stopped, throttled, or has run */
	VERB_RESTART_ENTRY, /* end its child, and start it again */
	VERB_SKIP_GRACE	    /* no grace period during shutdown */
};

#endif
