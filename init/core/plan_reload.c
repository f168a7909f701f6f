#include "plan_internal.h"

#include <string.h>

#include "reconcile.h"

static uint32_t successor(const struct plan *old, uint32_t slot)
{
	return slot ? table_slot(&old->table, slot)->successor : 0;
}

/* A one-time entry that is new is never run if its phase has begun. */
static void skip_if_late(struct plan *plan, uint32_t slot, uint32_t last_number)
{
	struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);

	if (s->history.number > last_number && list < LIST_RESPAWN &&
	    list <= phase_list(plan->phase))
		s->history.ran_lists |= (uint8_t)(1 << list);
}

/* A reload happens during boot or RUN, when a phase waits for an entry and for
 * nothing else. So all but the table is carried over, in one copy, and only
 * what names slots is translated. */
void plan_reload(struct plan *plan, struct plan *old, int64_t now)
{
	enum list list = phase_list(old->phase);
	bool is_first = !old->is_loaded;

	reconcile_tables(&plan->table, is_first ? NULL : &old->table);
	memcpy(plan, old, offsetof(struct plan, table));
	plan->is_loaded = true;
	plan->reload_read = false;
	plan->reload_tries = 0;
	if (!is_first || plan->phase != PHASE_SYSINIT)
		for (uint32_t i = 1; i <= plan->table.count; i++)
			skip_if_late(plan, i,
				     is_first ? 0 : old->table.last_number);
	if (is_first) {
		plan_enter_phase(plan, plan->phase, FOREVER, now);
		return;
	}
	plan->waiting = successor(old, old->waiting);
	plan->cad_waiting = successor(old, old->cad_waiting);
	plan->cad_cursor = successor(old, old->cad_cursor);
	plan_rebuild_due(plan, now);
	plan->cursor = plan_first_pending(plan, plan->table.first[list]);
}
