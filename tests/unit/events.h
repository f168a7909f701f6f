/*
 * events.h - events for plan_event(), each by a function.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include "plan.h"

static inline void event_signal(struct plan *plan, int signal, int64_t now)
{
	const struct plan_event event = {.kind = PLAN_SIGNAL, .signal = signal};

	(void)plan_event(plan, &event, now);
}

/* Returns the slot that the request is about, or 0. */
static inline uint32_t event_request(struct plan *plan, uint32_t value,
				     int64_t now)
{
	const struct plan_event event = {.kind = PLAN_REQUEST,
					 .request = value};
	uint32_t slot = plan_event_slot(plan, &event);

	(void)plan_event(plan, &event, now);
	return slot;
}

/* *slot is the slot of the child, or 0. */
static inline enum exit_notice event_exited(struct plan *plan, pid_t pid,
					    int status, int64_t now,
					    uint32_t *slot)
{
	const struct plan_event event = {.kind = PLAN_CHILD_EXITED,
					 .child = {pid, status}};

	*slot = plan_event_slot(plan, &event);
	return plan_event(plan, &event, now);
}

static inline void event_children_left(struct plan *plan, bool are_left)
{
	const struct plan_event event = {.kind = PLAN_CHILDREN_LEFT,
					 .children_left = are_left};

	(void)plan_event(plan, &event, 0);
}

static inline void event_step_done(struct plan *plan, const struct step *step,
				   int64_t result, int64_t now)
{
	const struct plan_event event = {.kind = PLAN_STEP_DONE,
					 .done = {*step, result}};

	(void)plan_event(plan, &event, now);
}

static inline void event_progress(struct plan *plan, uint32_t object,
				  uint32_t id, uint32_t released, int64_t now)
{
	const struct plan_event event = {.kind = PLAN_PROGRESS,
					 .progress = {object, id, released}};

	(void)plan_event(plan, &event, now);
}

#endif
