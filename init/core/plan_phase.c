#include "plan_internal.h"

#include "respawn.h"

enum list plan_list(enum phase phase)
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
		return !s->is_held && !s->is_queued;
	return !(s->done >> list & 1);
}

bool plan_is_time(const struct plan *plan, const struct slot *s)
{
	return table_list(s->entry.action) <= plan_list(plan->phase);
}

uint32_t plan_undone(const struct plan *plan, uint32_t slot)
{
	while (slot && !is_undone(table_slot(&plan->table, slot)))
		slot = table_slot(&plan->table, slot)->next;
	return slot;
}

int64_t plan_after(int64_t wait, int64_t now)
{
	return wait == FOREVER ? FOREVER : now + wait;
}

static void queue(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	int64_t due = respawn_asked(s, now);

	if (s->end == END_TERM)
		table_push_due(&plan->table, slot, now);
	else if (s->end == END_KILL)
		table_push_due(&plan->table, slot, s->due);
	else if (s->fate == SLOT_LISTED && !s->pid && !s->is_held &&
		 due > now && plan->phase == PHASE_RUN &&
		 table_list(s->entry.action) == LIST_RESPAWN)
		table_push_due(&plan->table, slot, due);
}

void plan_queue(struct plan *plan, int64_t now)
{
	for (uint32_t i = 1; i <= plan->table.count; i++)
		queue(plan, i, now);
}

void plan_enter(struct plan *plan, enum phase phase, int64_t wait, int64_t now)
{
	enum list list = plan_list(phase);

	plan->phase = phase;
	plan->cut = false;
	plan->waiting = 0;
	plan->cursor = list == LIST_COUNT ? 0 : plan->table.first[list];
	plan->deadline = plan_after(wait, now);
	plan->slow = now + PLAN_SLOW;
	plan->look = FOREVER;
	plan->found = false;
	plan->mark = 0;
	if (phase == PHASE_RUN)
		plan_queue(plan, now);
	if (phase != PHASE_HANGUP)
		plan->cursor = plan_undone(plan, plan->cursor);
}

struct step plan_sleep(int64_t until)
{
	return (struct step){.kind = STEP_SLEEP, .until = until};
}

struct step plan_say(enum say what, uint32_t slot)
{
	return (struct step){.kind = STEP_SAY, .say = what, .slot = slot};
}

struct step plan_fork(const struct plan *plan, struct step step, int64_t now)
{
	int64_t until =
		plan->hold < plan->deadline ? plan->hold : plan->deadline;

	return now < plan->hold ? plan_sleep(until) : step;
}

struct step plan_start(const struct plan *plan, uint32_t slot, int64_t now)
{
	struct step step = {.kind = STEP_START, .slot = slot};

	return plan_fork(plan, step, now);
}
