#include "plan_internal.h"

struct step plan_next(struct plan *plan, int64_t now)
{
	struct step step;

	if (plan->task_signal) {
		step = (struct step){.kind = STEP_REEXEC,
				     .signal = (int8_t)plan->task_signal};
		plan->task_signal = 0;
		return step;
	}
	do
		step = phase_is_up(plan->phase) ? plan_boot_next(plan, now)
						: plan_shutdown_next(plan, now);
	while (step.kind == STEP_AGAIN);
	if (step.kind == STEP_SLEEP && phase_is_up(plan->phase) &&
	    plan_files_due(plan) < step.until)
		step.until = plan_files_due(plan);
	return step;
}

uint32_t plan_event_slot(const struct plan *plan,
			 const struct plan_event *event)
{
	const struct step *step = &event->done.step;

	if (event->kind == PLAN_CHILD_EXITED)
		return table_find_pid(&plan->table, event->child.pid);
	if (event->kind == PLAN_REQUEST)
		return plan_request_slot(plan, event->request);
	if (event->kind == PLAN_STEP_DONE &&
	    (step->kind == STEP_START || step->kind == STEP_SIGNAL_GROUP ||
	     step->kind == STEP_HANGUP))
		return step->slot;
	return 0;
}

enum exit_notice plan_event(struct plan *plan, const struct plan_event *event,
			    int64_t now)
{
	uint32_t slot = plan_event_slot(plan, event);

	switch (event->kind) {
	case PLAN_SIGNAL:
		plan_signal(plan, event->signal, now);
		break;
	case PLAN_REQUEST:
		plan_request(plan, event->request, slot, now);
		break;
	case PLAN_CHILD_EXITED:
		return plan_child_exited(plan, slot, event->child.pid,
					 event->child.status, now);
	case PLAN_CHILDREN_LEFT:
		plan->no_children = !event->children_left;
		break;
	case PLAN_STEP_DONE:
		plan_step_done(plan, &event->done.step, event->done.result,
			       now);
		break;
	case PLAN_PROGRESS:
		plan_disk_progress(plan, event, now);
		break;
	}
	return NOTICE_NONE;
}
