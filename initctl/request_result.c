#include "request_result.h"

const char *request_refusal(const struct plan *plan, enum verb verb,
			    uint32_t slot)
{
	const struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);

	if (plan->phase > PHASE_RUN)
		return "the machine is going down";
	if (list == LIST_JOB)
		return "it is the job: when it ends, init shuts down";
	if (list > LIST_RESPAWN)
		return "init runs it on an event only";
	if (verb == VERB_STOP_ENTRY)
		return NULL;
	if (s->membership != SLOT_LISTED)
		return "it was removed from the inittab";
	if (list < LIST_RESPAWN && plan->phase != PHASE_RUN)
		return "the boot has not finished: init will run it in its "
		       "turn";
	return NULL;
}

static enum request_result stop_result(const struct slot *s)
{
	if (!s) /* it was removed from the inittab, and its child has ended */
		return RESULT_STOPPED;
	if (s->pid || (s->membership == SLOT_LISTED && !s->history.is_stopped))
		return RESULT_PENDING;
	return RESULT_STOPPED;
}

static enum request_result
start_result(enum verb verb, const struct slot *before, const struct slot *s)
{
	if (!s || s->membership != SLOT_LISTED)
		return RESULT_REMOVED;
	if (s->history.starts != before->history.starts)
		return s->pid ? RESULT_STARTED : RESULT_ENDED;
	if (verb == VERB_START_ENTRY && s->pid && !s->history.stop)
		return RESULT_ALREADY_RUNNING;
	return RESULT_PENDING;
}

enum request_result request_result_of(const struct plan *plan, enum verb verb,
				      const struct slot *before)
{
	const struct table *t = &plan->table;
	uint32_t slot = table_find_number(t, before->history.number);
	const struct slot *s = slot ? table_slot(t, slot) : NULL;
	enum request_result result = verb == VERB_STOP_ENTRY
					     ? stop_result(s)
					     : start_result(verb, before, s);

	return result == RESULT_PENDING && plan->phase > PHASE_RUN
		       ? RESULT_SHUTDOWN
		       : result;
}
