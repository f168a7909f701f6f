/*
 * plan_internal.h - what the files of the planner (plan.c, plan_*.c, request.c)
 * share. Everything else includes plan.h. Pure, as plan.h: makes no system
 * call. now is the current time (ms on the monotonic clock). Nothing here can
 * fail, and but for the validation every slot must be valid; 0 is none.
 */
#ifndef PLAN_INTERNAL_H
#define PLAN_INTERNAL_H

#include "plan.h"

/* A step that plan_next() never returns: the phase has changed, ask again. */
#define STEP_AGAIN ((enum step_kind)(STEP_MESSAGE + 1))
#define PLAN_AGAIN ((struct step){.kind = STEP_AGAIN})

/* Phases: plan_phase.c. */

/* The list that the cursor of a phase goes through, to start its entries or, in
 * HANGUP, to signal them; LIST_COUNT: none. */
enum list phase_list(enum phase phase);

/* The task that a phase gives to a child; TASK_NONE: none. */
enum task plan_phase_task(enum phase phase);

/* Enters a phase that waits at most this long (ms; FOREVER: no limit). The
 * cursor goes to the first slot that the phase handles. */
void plan_enter_phase(struct plan *plan, enum phase phase, int64_t wait,
		      int64_t now);

/* The first slot from this one on in its list that the cursor still must start,
 * or 0. */
uint32_t plan_first_pending(const struct plan *plan, uint32_t slot);

/* During boot: has the phase of the slot's list begun? */
bool plan_phase_reached(const struct plan *plan, const struct slot *s);

/* Puts into the due heap what belongs there: children to be ended and, in RUN,
 * entries that were started less than a second ago. The cursor finds all other
 * entries. */
void plan_rebuild_due(struct plan *plan, int64_t now);

/* now + wait; FOREVER stays FOREVER. */
int64_t deadline_after(int64_t wait, int64_t now);

/* Steps. */
struct step plan_sleep(int64_t until);
struct step plan_message(enum message message, uint32_t slot);

/* A message about the current wait: for an entry, for a task, or for any
 * process. */
struct step plan_wait_message(const struct plan *plan, enum message message);

/* Sleeps until the deadline of the wait, or until the next STEP_SAMPLE_IO.
 * After a second it is logged what init waits for: somebody may sit in front
 * of the machine. */
struct step plan_await(struct plan *plan, int64_t now);

/* Returns step, which forks, or a sleep if fork(2) failed less than
 * PLAN_FORK_RETRY ago. The sleep ends at the deadline of the phase at the
 * latest. */
struct step plan_fork_when_allowed(const struct plan *plan, struct step step,
				   int64_t now);
/* The same for a STEP_START of the slot. */
struct step plan_start(const struct plan *plan, uint32_t slot, int64_t now);

/* The next step of a phase of the boot, or RUN: plan_boot.c; of SHUTDOWN and
 * all later phases: plan_shutdown.c, which calls plan_disks.c for RELEASE_SELF
 * to REPORT_MOUNTS. May return PLAN_AGAIN. */
struct step plan_boot_next(struct plan *plan, int64_t now);
struct step plan_shutdown_next(struct plan *plan, int64_t now);
struct step plan_work_on_disks(struct plan *plan, int64_t now);

/* File tasks: plan_files.c. The next step for one, or for what it read;
 * PLAN_AGAIN: none. */
struct step plan_serve_files(struct plan *plan, int64_t now);

/* When plan_serve_files() will have a step if nothing happens. */
int64_t plan_files_due(const struct plan *plan);

/* Is an upgrade on its way, and not yet accepted or refused? */
bool plan_is_upgrading(const struct plan *plan);

/* A file task was started; its child has exited (wait(2)), and is started again
 * if is_retried; or the task has ended: is_done, or else with this errno, where
 * 0 is a file that does not accept the state. */
void plan_file_task_started(struct plan *plan, enum task task, pid_t pid,
			    int64_t now);
void plan_file_child_exited(struct plan *plan, int status, bool is_retried);
void plan_file_task_ended(struct plan *plan, bool is_done, int error);

/* The disk phases: plan_disks.c. Enters the first of them. */
void plan_enter_disk_phases(struct plan *plan, int64_t now);

/* A task other than a file task was started: the wait for it begins. */
void plan_task_started(struct plan *plan, pid_t pid, int64_t now);

/* A disk task has ended, or is given up: goes on. is_done: an object was
 * released. */
void plan_disk_task_done(struct plan *plan, bool is_done, int64_t now);

/* Apply PLAN_STEP_DONE of STEP_REEXEC_COPY and STEP_SAMPLE_IO, and
 * PLAN_PROGRESS. */
void plan_self_executed(struct plan *plan, int64_t now);
void plan_disk_io_sampled(struct plan *plan, int64_t counter, int64_t now);
void plan_disk_progress(struct plan *plan, const struct plan_event *event,
			int64_t now);

/* Apply PLAN_CHILD_EXITED, where slot is the slot of pid, and PLAN_STEP_DONE:
 * plan_events.c. */
enum exit_notice plan_child_exited(struct plan *plan, uint32_t slot, pid_t pid,
				   int status, int64_t now);
void plan_step_done(struct plan *plan, const struct step *step, int64_t result,
		    int64_t now);

/* Apply PLAN_SIGNAL and PLAN_REQUEST: request.c. Both set flags and queue
 * slots; plan_next() acts on these. slot is plan_request_slot(): the slot of
 * the entry whose number is in value. */
void plan_signal(struct plan *plan, int signal, int64_t now);
void plan_request(struct plan *plan, uint32_t value, uint32_t slot,
		  int64_t now);
uint32_t plan_request_slot(const struct plan *plan, uint32_t value);

static inline bool plan_is_shutting_down(const struct plan *plan)
{
	return !phase_is_up(plan->phase);
}

/* Validation, for plan_recover(): plan_validate.c. Does a sequence of events
 * lead to this slot, or plan? A slot may be any bytes, but table_check_layout()
 * must have accepted t. A plan may be any bytes but for its table, whose slots
 * are valid and whose lists are rebuilt, and its phase. */
bool plan_validate_slot(const struct table *t, const struct slot *s,
			int64_t now);
bool plan_validate(const struct plan *plan, int64_t now);

/* Is pid 0, for no child, or a pid that a child can have? 1 is init itself, and
 * kill(2) takes less than 1 for groups. */
static inline bool is_child_pid(pid_t pid)
{
	return pid == 0 || pid > 1;
}

#endif
