#include "plan_internal.h"

#include <signal.h>

/* Passes a signal that init received on to the job: the lowest number first, as
 * the kernel does. */
static struct step forward(const struct plan *plan)
{
	return (struct step){
		.kind = STEP_SIGNAL_GROUP,
		.slot = plan->waiting,
		.signal = (int8_t)__builtin_ctz(plan->forward_signals)};
}

/* Requests are served before the work of each phase of the boot. */
static struct step serve_requests(struct plan *plan, int64_t now)
{
	struct step step;

	if (plan->shutdown) {
		plan->last_skip = now;
		plan_enter_phase(plan, PHASE_SHUTDOWN, plan->stop_timeout, now);
		return plan_message(MESSAGE_SHUTDOWN, 0);
	}
	if (plan->forward_signals && plan->waiting)
		return forward(plan);
	step = plan_serve_files(plan, now);
	if (step.kind != STEP_AGAIN)
		return step;
	if (!plan->is_loaded)
		return plan_await(plan, now);
	if (plan->cad_requested && !plan->cad_cursor && !plan->cad_waiting) {
		plan->cad_requested = false;
		plan->cad_cursor = plan_first_pending(
			plan, plan->table.first[LIST_CTRLALTDEL]);
	}
	if (plan->cad_cursor && !plan->cad_waiting)
		return plan_start(plan, plan->cad_cursor, now);
	return plan->paused ? plan_sleep(FOREVER) : PLAN_AGAIN;
}

/* Ends one child: by SIGTERM, and after the grace period by SIGKILL. */
static struct step stop_child(struct plan *plan, uint32_t slot)
{
	bool was_sent_term =
		table_slot(&plan->table, slot)->history.stop == STOP_SEND_KILL;

	return (struct step){.kind = STEP_SIGNAL_GROUP,
			     .slot = slot,
			     .signal = was_sent_term ? SIGKILL : SIGTERM};
}

/* The first slot of the due heap, or a sleep until its time. */
static struct step next_due(struct plan *plan, int64_t now)
{
	uint32_t slot = table_top_due(&plan->table);
	struct slot *s = table_slot(&plan->table, slot);

	if (!slot)
		return plan_sleep(FOREVER);
	if (s->history.due > now)
		return plan_sleep(s->history.due);
	if (s->pid)
		return stop_child(plan, slot);
	if (s->membership == SLOT_LISTED && !s->history.is_stopped &&
	    plan_phase_reached(plan, s))
		return plan_start(plan, slot, now);
	table_pop_due(&plan->table);
	return PLAN_AGAIN;
}

/* The phases of the boot, and RUN. They differ in what plan_step_done() makes
 * of a start, and RUN is never done. */
struct step plan_boot_next(struct plan *plan, int64_t now)
{
	struct step step = serve_requests(plan, now);

	if (step.kind != STEP_AGAIN)
		return step;
	if (plan->cursor && !plan->waiting)
		return plan_start(plan, plan->cursor, now);
	step = next_due(plan, now);
	if (step.kind != STEP_SLEEP || plan->waiting ||
	    plan->phase == PHASE_RUN)
		return step;
	plan_enter_phase(plan, plan->phase + 1, FOREVER, now);
	return PLAN_AGAIN;
}
