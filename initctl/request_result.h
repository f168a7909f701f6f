/*
 * request_result.h - requests to stop, start or restart an entry, judged by the
 * state of init: would init accept one, and has it been carried out? Sends and
 * prints nothing.
 */
#ifndef REQUEST_RESULT_H
#define REQUEST_RESULT_H

#include "plan.h"
#include "request.h"

/* Returns the reason why init would ignore the request, or NULL if it would
 * accept it. */
const char *request_refusal(const struct plan *plan, enum verb verb,
			    uint32_t slot);

enum request_result {
	RESULT_PENDING,
	RESULT_STOPPED,		/* no child, and none will be started */
	RESULT_ALREADY_RUNNING, /* VERB_START_ENTRY of a running entry */
	RESULT_STARTED,		/* a new child runs */
	RESULT_ENDED,	 /* a new child was started and has ended: see the
			  * status of the slot */
	RESULT_REMOVED,	 /* the entry was removed from the inittab */
	RESULT_SHUTDOWN, /* a shutdown has begun, and the request is lost */
};

/* before is the entry's slot when the request was sent; plan is the present
 * one, of a later snapshot. */
enum request_result request_result_of(const struct plan *plan, enum verb verb,
				      const struct slot *before);

#endif
