#include "plan_internal.h"

#include "respawn.h"

enum list phase_list(enum phase phase)
{
	if (phase <= PHASE_RUN)
		return LIST_SYSINIT + (enum list)phase;
	if (phase == PHASE_HANGUP)
		return LIST_RESPAWN;
	return phase == PHASE_SHUTDOWN ? LIST_SHUTDOWN : LIST_COUNT;
}

/* Is the slot still to be started in its phase? What the due heap has, or will
 * have when its child or that of another ends, is not. */
static bool is_undone(const struct slot *s)
{
	enum list list = table_list(s->entry.action);

	if (s->pid || s->is_stopped)
		return false;
	if (list == LIST_RESPAWN)
		return !s->waits_for_tty && !s->is_queued;
	return !(s->ran_lists >> list & 1);
}

bool plan_phase_reached(const struct plan *plan, const struct slot *s)
{
	return table_list(s->entry.action) <= phase_list(plan->phase);
}

uint32_t plan_first_pending(const struct plan *plan, uint32_t slot)
{
	while (slot && !is_undone(table_slot(&plan->table, slot)))
		slot = table_slot(&plan->table, slot)->next;
	return slot;
}

int64_t deadline_after(int64_t wait, int64_t now)
{
	return wait == FOREVER ? FOREVER : now + wait;
}

static void queue(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	int64_t due = respawn_earliest(s, now);

	if (s->stop == STOP_SEND_TERM)
		table_push_due(&plan->table, slot, now);
	else if (s->stop == STOP_SEND_KILL)
		table_push_due(&plan->table, slot, s->due);
	else if (s->membership == SLOT_LISTED && !s->pid && !s->waits_for_tty &&
		 due > now && plan->phase == PHASE_RUN &&
		 table_list(s->entry.action) == LIST_RESPAWN)
		table_push_due(&plan->table, slot, due);
}

void plan_rebuild_due(struct plan *plan, int64_t now)
{
	for (uint32_t i = 1; i <= plan->table.count; i++)
		queue(plan, i, now);
}

void plan_enter_phase(struct plan *plan, enum phase phase, int64_t wait,
		      int64_t now)
{
	enum list list = phase_list(phase);

	plan->phase = phase;
	plan->skip_wait = false;
	plan->waiting = 0;
	plan->cursor = list == LIST_COUNT ? 0 : plan->table.first[list];
	plan->deadline = deadline_after(wait, now);
	plan->next_slow_message = now + PLAN_SLOW_AFTER;
	plan->next_io_sample = FOREVER;
	plan->scan_found = false;
	plan->scan_id = 0;
	if (phase == PHASE_RUN)
		plan_rebuild_due(plan, now);
	if (phase != PHASE_HANGUP)
		plan->cursor = plan_first_pending(plan, plan->cursor);
}

struct step plan_sleep(int64_t until)
{
	return (struct step){.kind = STEP_SLEEP, .until = until};
}

struct step plan_message(enum message what, uint32_t slot)
{
	return (struct step){
		.kind = STEP_MESSAGE, .message = what, .slot = slot};
}

struct step plan_fork_when_allowed(const struct plan *plan, struct step step,
				   int64_t now)
{
	int64_t until = plan->fork_retry_at < plan->deadline
				? plan->fork_retry_at
				: plan->deadline;

	return now < plan->fork_retry_at ? plan_sleep(until) : step;
}

struct step plan_start(const struct plan *plan, uint32_t slot, int64_t now)
{
	struct step step = {.kind = STEP_START, .slot = slot};

	return plan_fork_when_allowed(plan, step, now);
}
