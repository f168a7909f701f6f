/*
 * request.h - what other processes can ask of init: the contract of initctl,
 * telinit and the planner. Declares no function: pid1_queue_signal() in
 * pid1_signal.h sends a request, plan_event() in plan.h takes it. There is no
 * answer: a request that can't be served now is ignored.
 */
#ifndef REQUEST_H
#define REQUEST_H

/*
 * The signal of a queued request (sigqueue(3)). Its value has a verb in the
 * upper 4 bits, and the number of an entry in the lower 28; 0 for a verb
 * without an entry. As with all signals to PID 1 the sender must be root. The
 * signal is ignored unless si_code is SI_QUEUE.
 */
#define SIGNAL_REQUEST 40
#define REQUEST_VERB_SHIFT 28

/* During shutdown all but VERB_SKIP_GRACE are ignored. So are verbs for the job
 * and for ctrlaltdel, shutdown and restart entries. */
enum verb {
	VERB_UPGRADE = 1, /* execute the file that init was started from */
	VERB_STOP_ENTRY,  /* end its child; no start before VERB_START_ENTRY or
			   * VERB_RESTART_ENTRY */
	VERB_START_ENTRY, /* start an entry that is stopped, throttled, or has
			   * run */
	VERB_RESTART_ENTRY, /* end its child, and start the entry again */
	VERB_SKIP_GRACE	    /* no grace period in this or the next shutdown */
};

#endif
