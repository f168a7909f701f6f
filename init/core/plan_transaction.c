#include "plan_transaction.h"

#include <stdatomic.h>
#include <string.h>

#include "plan_internal.h"
#include "reconcile.h"

/* The other side is an image of init after a fault in this thread: only the
 * compiler could reorder what it sees. */
static void order_stores(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

void plan_begin(const struct plan *plan, uint32_t slot, struct plan_undo *undo)
{
	memcpy(undo->plan_copy, plan, sizeof(undo->plan_copy));
	undo->slot = slot;
	undo->slot_copy = *table_slot(&plan->table, slot);
	order_stores();
	undo->sequence |= 1;
	order_stores();
}

void plan_commit(struct plan_undo *undo)
{
	order_stores();
	undo->sequence += undo->sequence & 1;
	order_stores();
}

/* Undoes an open transaction, if there is one. False: the record is invalid. */
static bool roll_back(struct plan *plan, struct plan_undo *undo)
{
	if (!(undo->sequence & 1))
		return true;
	if (undo->slot > plan->table.count)
		return false;
	memcpy(plan, undo->plan_copy, sizeof(undo->plan_copy));
	*table_slot(&plan->table, undo->slot) = undo->slot_copy;
	plan_commit(undo);
	return true;
}

/* Rebuilds indexes, due heap and lists from the slots. False: a slot is
 * invalid. */
static bool rebuild_table(struct table *t, int64_t now)
{
	for (uint32_t i = 1; i <= t->count; i++) {
		struct slot *s = table_slot(t, i);

		if (!plan_validate_slot(t, s, now) ||
		    (s->pid && table_find_pid(t, s->pid)))
			return false;
		s->next = 0;
		s->tty_waiters = 0;
		table_set_pid(t, i, s->pid);
		if (s->membership == SLOT_LISTED ||
		    s->membership == SLOT_ORPHANED)
			table_add_key(t, i);
		if (s->is_queued)
			table_restore_due(t, i);
	}
	reconcile_rebuild_lists(t);
	return true;
}

bool plan_recover(struct plan *plan, size_t size, struct plan_undo *undo,
		  int64_t now)
{
	struct table *t = &plan->table;

	if (size < sizeof(*plan) ||
	    !table_check_layout(t, size - offsetof(struct plan, table)) ||
	    !roll_back(plan, undo) || plan->phase >= PHASE_COUNT ||
	    !rebuild_table(t, now))
		return false;
	if (phase_is_up(plan->phase))
		plan->cursor = plan_first_pending(
			plan, t->first[phase_list(plan->phase)]);
	return plan_validate(plan, now);
}

bool plan_knows_child(const struct plan *plan, const struct step *step,
		      pid_t pid)
{
	const struct table *t = &plan->table;

	if (!is_child_pid(pid) || table_find_pid(t, pid))
		return true;
	if (step->kind == STEP_TASK)
		return plan->task == pid || plan->file_child == pid;
	return step->kind != STEP_START || !step->slot ||
	       step->slot > t->count || table_slot(t, step->slot)->pid;
}

void plan_reset_to_run(struct plan *plan, int64_t now)
{
	plan_enter_phase(plan, PHASE_RUN, FOREVER, now);
}
