#include "request_result.h"

const char *verdict_refusal(const struct plan *plan, enum verb verb,
			    uint32_t slot)
{
	const struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);

	if (plan->phase > PHASE_RUN)
		return "the machine is going down";
	if (list == LIST_JOB)
		return "it is the job that the machine runs for";
	if (list > LIST_RESPAWN)
		return "it runs when its time comes";
	if (verb == VERB_STOP_ENTRY)
		return NULL;
	if (s->membership != SLOT_LISTED)
		return "it has left the inittab";
	if (list < LIST_RESPAWN && plan->phase != PHASE_RUN)
		return "the machine is not up yet: it runs when its time comes";
	return NULL;
}

static enum verdict of_stop(const struct slot *s)
{
	if (!s) /* it had left the inittab, and has ended */
		return VERDICT_STOPPED;
	if (s->pid || (s->membership == SLOT_LISTED && !s->history.is_stopped))
		return VERDICT_WAIT;
	return VERDICT_STOPPED;
}

static enum verdict of_start(enum verb verb, const struct slot *before,
			     const struct slot *s)
{
	if (!s || s->membership != SLOT_LISTED)
		return VERDICT_GONE;
	if (s->history.starts != before->history.starts)
		return s->pid ? VERDICT_STARTED : VERDICT_ENDED;
	if (verb == VERB_START_ENTRY && s->pid && !s->history.stop)
		return VERDICT_RAN;
	return VERDICT_WAIT;
}

enum verdict verdict_of(const struct plan *plan, enum verb verb,
			const struct slot *before)
{
	const struct table *t = &plan->table;
	uint32_t slot = table_find_number(t, before->history.number);
	const struct slot *s = slot ? table_slot(t, slot) : NULL;
	enum verdict verdict = verb == VERB_STOP_ENTRY
				       ? of_stop(s)
				       : of_start(verb, before, s);

	return verdict == VERDICT_WAIT && plan->phase > PHASE_RUN ? VERDICT_DOWN
								  : verdict;
}
