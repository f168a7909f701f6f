#include "plan_internal.h"

#include <signal.h>

/* One that faults again and again must not end in no init at all. */
static struct step reload(struct plan *plan)
{
	if (plan->reload_tries++ < PLAN_RELOAD_TRIES)
		return (struct step){.kind = STEP_RELOAD};
	plan->reload_requested = false;
	plan->reload_tries = 0;
	return plan_message(MESSAGE_RELOAD_FAULTED, 0);
}

/* The job gets a signal that we got; the lowest first, as the kernel does. */
static struct step forward(const struct plan *plan)
{
	return (struct step){
		.kind = STEP_SIGNAL_GROUP,
		.slot = plan->waiting,
		.signal = (int8_t)__builtin_ctz(plan->forward_signals)};
}

/* What comes before the work of any phase on the way up. */
static struct step serve(struct plan *plan, int64_t now)
{
	if (plan->shutdown) {
		plan->last_skip = now;
		plan_enter_phase(plan, PHASE_SHUTDOWN, plan->stop_timeout, now);
		return plan_message(MESSAGE_SHUTDOWN, 0);
	}
	if (plan->forward_signals && plan->waiting)
		return forward(plan);
	if (plan->reload_requested)
		return reload(plan);
	if (plan->upgrade_requested)
		return plan_fork_when_allowed(
			plan,
			(struct step){.kind = STEP_TASK,
				      .task = TASK_PROBE_UPGRADE},
			now);
	if (plan->upgrade_accepted)
		return (struct step){.kind = STEP_UPGRADE};
	if (plan->cad_requested && !plan->cad_cursor && !plan->cad_waiting) {
		plan->cad_requested = false;
		plan->cad_cursor = plan_first_pending(
			plan, plan->table.first[LIST_CTRLALTDEL]);
	}
	if (plan->cad_cursor && !plan->cad_waiting)
		return plan_start(plan, plan->cad_cursor, now);
	return plan->paused ? plan_sleep(FOREVER) : PLAN_AGAIN;
}

/* A child that is to end while all else runs on: told first, killed after the
 * grace. */
static struct step end_child(struct plan *plan, uint32_t slot)
{
	bool is_told = table_slot(&plan->table, slot)->stop == STOP_SEND_KILL;

	return (struct step){.kind = STEP_SIGNAL_GROUP,
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
	if (s->membership == SLOT_LISTED && !s->is_stopped &&
	    plan_phase_reached(plan, s))
		return plan_start(plan, slot, now);
	table_pop_due(&plan->table);
	return PLAN_AGAIN;
}

/* The phases of the way up: they differ in what plan_step_done() makes of a
 * start, and RUN has no end of its own. */
struct step plan_boot_next(struct plan *plan, int64_t now)
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
	plan_enter_phase(plan, plan->phase + 1, FOREVER, now);
	return PLAN_AGAIN;
}
