#include "plan_internal.h"

#include "reconcile.h"

static uint32_t heir(struct plan *old, uint32_t slot)
{
	return slot ? table_slot(&old->table, slot)->heir : 0;
}

/* A new entry whose phase has begun is not run any more. */
static void settle(struct plan *plan, uint32_t slot, uint32_t old_numbers)
{
	struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);

	if (s->number > old_numbers && list < LIST_RESPAWN &&
	    list <= plan_list(plan->phase))
		s->done |= (uint8_t)(1 << list);
}

void plan_adopt(struct plan *plan, struct plan *old, int64_t now)
{
	enum list list;

	if (!old) {
		adopt_table(&plan->table, NULL);
		plan_enter(plan, PHASE_SYSINIT, FOREVER, now);
		return;
	}
	adopt_table(&plan->table, &old->table);
	plan->phase = old->phase;
	plan->ending = old->ending;
	plan->paused = old->paused;
	plan->ctrlaltdel = old->ctrlaltdel;
	plan->alone = old->alone;
	plan->upgrade = old->upgrade;
	plan->is_known = old->is_known;
	plan->checker = old->checker;
	plan->hold = old->hold;
	plan->grace = old->grace;
	plan->stop = old->stop;
	plan->poweroff = old->poweroff;
	plan->job_status = old->job_status;
	plan->events = old->events;
	plan->waiting = heir(old, old->waiting);
	plan->cad_waiting = heir(old, old->cad_waiting);
	plan->cad_cursor = heir(old, old->cad_cursor);
	plan->deadline = FOREVER;
	for (uint32_t i = 1; i <= plan->table.count; i++)
		settle(plan, i, old->table.numbers);
	plan_queue(plan, now);
	list = plan_list(plan->phase);
	plan->cursor = plan_undone(plan, plan->table.first[list]);
}
