#include "plan_internal.h"

#include <signal.h>

/* One that faults again and again must not end in no init at all. */
static struct step reload(struct plan *plan)
{
	if (plan->reload_tries++ < PLAN_RELOAD_TRIES)
		return (struct step){.kind = STEP_RELOAD};
	plan->reload = false;
	plan->reload_tries = 0;
	return plan_say(SAY_FAULTS, 0);
}

/* The job gets a signal that we got; the lowest first, as the kernel does. */
static struct step forward(const struct plan *plan)
{
	return (struct step){.kind = STEP_GROUP,
			     .slot = plan->waiting,
			     .signal = (int8_t)__builtin_ctz(plan->forward)};
}

/* What comes before the work of any phase on the way up. */
static struct step serve(struct plan *plan, int64_t now)
{
	if (plan->ending) {
		plan->down_since = now;
		plan_enter(plan, PHASE_SHUTDOWN, plan->stop, now);
		return plan_say(SAY_DOWN, 0);
	}
	if (plan->forward && plan->waiting)
		return forward(plan);
	if (plan->reload)
		return reload(plan);
	if (plan->upgrade)
		return plan_fork(
			plan,
			(struct step){.kind = STEP_TASK, .task = TASK_CHECK},
			now);
	if (plan->is_known)
		return (struct step){.kind = STEP_UPGRADE};
	if (plan->ctrlaltdel && !plan->cad_cursor && !plan->cad_waiting) {
		plan->ctrlaltdel = false;
		plan->cad_cursor =
			plan_undone(plan, plan->table.first[LIST_CTRLALTDEL]);
	}
	if (plan->cad_cursor && !plan->cad_waiting)
		return plan_start(plan, plan->cad_cursor, now);
	return plan->paused ? plan_sleep(FOREVER) : PLAN_AGAIN;
}

/* A child that is to end while all else runs on: told first, killed after the
 * grace. */
static struct step end_child(struct plan *plan, uint32_t slot)
{
	bool is_told = table_slot(&plan->table, slot)->end == END_KILL;

	return (struct step){.kind = STEP_GROUP,
			     .slot = slot,
			     .signal = is_told ? SIGKILL : SIGTERM};
}

/* What the due heap has. */
static struct step work_off_due(struct plan *plan, int64_t now)
{
	uint32_t slot = table_top_due(&plan->table);
	struct slot *s = table_slot(&plan->table, slot);

	if (!slot)
		return plan_sleep(FOREVER);
	if (s->due > now)
		return plan_sleep(s->due);
	if (s->pid)
		return end_child(plan, slot);
	if (s->fate == SLOT_LISTED && !s->is_stopped && plan_is_time(plan, s))
		return plan_start(plan, slot, now);
	table_pop_due(&plan->table);
	return PLAN_AGAIN;
}

/* The phases of the way up: they differ in what plan_done() makes of a start,
 * and RUN has no end of its own. */
struct step plan_up(struct plan *plan, int64_t now)
{
	struct step step = serve(plan, now);

	if (step.kind != STEP_AGAIN)
		return step;
	if (plan->cursor && !plan->waiting)
		return plan_start(plan, plan->cursor, now);
	step = work_off_due(plan, now);
	if (step.kind != STEP_SLEEP || plan->waiting ||
	    plan->phase == PHASE_RUN)
		return step;
	plan_enter(plan, plan->phase + 1, FOREVER, now);
	return PLAN_AGAIN;
}
