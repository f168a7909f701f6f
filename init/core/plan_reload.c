#include "plan_internal.h"

#include "reconcile.h"

static uint32_t heir(struct plan *old, uint32_t slot)
{
	return slot ? table_slot(&old->table, slot)->successor : 0;
}

/* A new entry whose phase has begun is not run any more. */
static void settle(struct plan *plan, uint32_t slot, uint32_t old_numbers)
{
	struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);

	if (s->number > old_numbers && list < LIST_RESPAWN &&
	    list <= phase_list(plan->phase))
		s->ran_lists |= (uint8_t)(1 << list);
}

void plan_adopt(struct plan *plan, struct plan *old, int64_t now)
{
	enum list list;

	if (!old) {
		reconcile_tables(&plan->table, NULL);
		plan_enter_phase(plan, PHASE_SYSINIT, FOREVER, now);
		return;
	}
	reconcile_tables(&plan->table, &old->table);
	plan->phase = old->phase;
	plan->shutdown = old->shutdown;
	plan->paused = old->paused;
	plan->cad_requested = old->cad_requested;
	plan->no_children = old->no_children;
	plan->upgrade_requested = old->upgrade_requested;
	plan->upgrade_accepted = old->upgrade_accepted;
	plan->upgrade_probe = old->upgrade_probe;
	plan->fork_retry_at = old->fork_retry_at;
	plan->grace = old->grace;
	plan->stop_timeout = old->stop_timeout;
	plan->poweroff_kind = old->poweroff_kind;
	plan->job_status = old->job_status;
	plan->event_count = old->event_count;
	plan->waiting = heir(old, old->waiting);
	plan->cad_waiting = heir(old, old->cad_waiting);
	plan->cad_cursor = heir(old, old->cad_cursor);
	plan->deadline = FOREVER;
	for (uint32_t i = 1; i <= plan->table.count; i++)
		settle(plan, i, old->table.last_number);
	plan_rebuild_due(plan, now);
	list = phase_list(plan->phase);
	plan->cursor = plan_first_pending(plan, plan->table.first[list]);
}
