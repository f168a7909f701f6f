/*
 * request_result.h - may init be asked to stop, start or restart an entry; and
 * has it done so, as its state says later?
 */
#ifndef REQUEST_RESULT_H
#define REQUEST_RESULT_H

#include "plan.h"
#include "request.h"

/* Why init would not do it, or it makes no sense; NULL: it may be asked. */
const char *verdict_refusal(const struct plan *plan, enum verb verb,
			    uint32_t slot);

enum verdict {
	VERDICT_WAIT,	 /* not yet */
	VERDICT_STOPPED, /* it has no child, and gets none */
	VERDICT_RAN,	 /* it runs, and was not started for this */
	VERDICT_STARTED, /* it runs */
	VERDICT_ENDED,	 /* it was started, and has ended: see its status */
	VERDICT_GONE,	 /* from the inittab */
	VERDICT_DOWN	 /* the machine is going down */
};

/* before is its slot as it was when init was asked, plan is now. */
enum verdict verdict_of(const struct plan *plan, enum verb verb,
			const struct slot *before);

#endif
