#include "plan.h"

#include "adopt.h"
#include "respawn.h"

size_t plan_bytes(uint32_t capacity, uint32_t text_size)
{
	return offsetof(struct plan, table) + table_bytes(capacity, text_size);
}

void plan_init(struct plan *plan, bool machine, uint32_t capacity,
	       uint32_t text_size)
{
	plan->machine = machine;
	table_init(&plan->table, capacity, text_size);
}

static void queue(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	int64_t due = respawn_asked(s, now);

	if (s->fate == SLOT_TO_TERM)
		table_push_due(&plan->table, slot, now);
	else if (s->fate == SLOT_TO_KILL)
		table_push_due(&plan->table, slot, s->due);
	else if (s->fate == SLOT_LISTED && !s->pid && !s->is_held &&
		 due > now && table_list(s->entry.action) == LIST_RESPAWN)
		table_push_due(&plan->table, slot, due);
}

void plan_queue(struct plan *plan, int64_t now)
{
	for (uint32_t i = 1; i <= plan->table.count; i++)
		queue(plan, i, now);
}

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
	plan->hold = old->hold;
	plan->waiting = heir(old, old->waiting);
	plan->cad_waiting = heir(old, old->cad_waiting);
	plan->cad_cursor = heir(old, old->cad_cursor);
	plan->deadline = FOREVER;
	for (uint32_t i = 1; i <= plan->table.count; i++)
		settle(plan, i, old->table.numbers);
	if (plan->phase == PHASE_RUN)
		plan_queue(plan, now);
	list = plan_list(plan->phase);
	plan->cursor = plan_undone(plan, plan->table.first[list]);
}
