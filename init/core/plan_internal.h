/*
 * plan_internal.h - what the files of the planner, plan_*.c, share. All else
 * includes plan.h.
 */
#ifndef PLAN_INTERNAL_H
#define PLAN_INTERNAL_H

#include "plan.h"

#define PLAN_AGAIN ((struct step){.kind = STEP_AGAIN})

struct step plan_sleep(int64_t until);
struct step plan_message(enum message what, uint32_t slot);

/* A step that forks: not while the last failure is fresh, though whatever the
 * phase waits for is not waited for any longer because of that. */
struct step plan_fork_when_allowed(const struct plan *plan, struct step step,
				   int64_t now);
struct step plan_start(const struct plan *plan, uint32_t slot, int64_t now);

/* The next step of a phase up to PHASE_RUN. */
struct step plan_boot_next(struct plan *plan, int64_t now);

/* The next step of PHASE_SHUTDOWN and all after it. */
struct step plan_shutdown_next(struct plan *plan, int64_t now);

/* Enters the phases that leave the disks clean: the last before the end. */
void plan_enter_disk_phases(struct plan *plan, int64_t now);

/* The time so long after now; FOREVER stays. */
int64_t deadline_after(int64_t wait, int64_t now);

/* Moves to a phase that waits so long at the most (FOREVER: no limit). */
void plan_enter_phase(struct plan *plan, enum phase phase, int64_t wait,
		      int64_t now);

/* One piece of disk work has ended, well or not: on to what is next. */
void plan_disk_task_done(struct plan *plan, bool well, int64_t now);

/* We run from memory, if there was need: on to the disks. */
void plan_self_copied(struct plan *plan, int64_t now);

/* The answer to STEP_SAMPLE_IO. */
void plan_disk_io_sampled(struct plan *plan, int64_t work, int64_t now);

/* The list that a phase works off from its cursor; LIST_COUNT: none. */
enum list phase_list(enum phase phase);

/* Queues the ends of children, and, in RUN, entries that were started less than
 * a second ago. All else is the cursor's. */
void plan_rebuild_due(struct plan *plan, int64_t now);

static inline bool plan_is_shutting_down(const struct plan *plan)
{
	return plan->phase >= PHASE_SHUTDOWN;
}

/* On the way up: is the time of the slot's list there, or past? */
bool plan_phase_reached(const struct plan *plan, const struct slot *s);

/* The first slot from this one on that is still to be run, or 0. */
uint32_t plan_first_pending(const struct plan *plan, uint32_t slot);

#endif
