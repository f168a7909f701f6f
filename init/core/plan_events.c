#include "plan_internal.h"

#include <errno.h>
#include <string.h>

#include "respawn.h"

/* The tty of a removed entry is free: entries that waited for it may start, or
 * wait for the next removed entry whose child is still on that tty. */
static void release_tty(struct plan *plan, uint32_t ended, int64_t now)
{
	struct table *t = &plan->table;
	uint32_t slot = table_slot(t, ended)->tty_waiters;
	uint32_t other = *table_tty_bucket(t, table_tty(t, ended));

	table_slot(t, ended)->tty_waiters = 0;
	for (; slot && other; other = table_slot(t, other)->next)
		if (table_slot(t, other)->pid &&
		    strcmp(table_tty(t, other), table_tty(t, ended)) == 0) {
			table_slot(t, other)->tty_waiters = slot;
			return;
		}
	while (slot) {
		struct slot *s = table_slot(t, slot);
		uint32_t next = s->tty_waiters;

		s->tty_waiters = 0;
		s->waits_for_tty = false;
		if (plan->phase == PHASE_RUN)
			table_push_due(t, slot, respawn_earliest(s, now));
		slot = next;
	}
}

/* The child of an entry that is started again. An exit that was requested does
 * not count as a failure. */
static enum exit_notice respawn_exited(struct plan *plan, uint32_t slot,
				       bool is_requested, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	bool was_throttled = respawn_is_throttled(s);
	int64_t due = is_requested ? respawn_earliest(s, now)
				   : respawn_on_exit(s, s->history.status, now);

	s->history.due = due;
	if (plan_phase_reached(plan, s))
		table_push_due(&plan->table, slot, due);
	return respawn_is_throttled(s) && !was_throttled ? NOTICE_THROTTLED
							 : NOTICE_NONE;
}

/* The machine was started for the job. */
static enum exit_notice job_exited(struct plan *plan, int status)
{
	plan->job.status = status;
	if (!plan->shutdown)
		plan->shutdown = SHUTDOWN_POWEROFF;
	return NOTICE_NONE;
}

static enum exit_notice entry_exited(struct plan *plan, uint32_t slot,
				     int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);
	bool was_waited = slot == plan->waiting || slot == plan->cad_waiting;
	bool is_requested = s->history.stop;

	s->history.stop = STOP_NONE;
	if (slot == plan->waiting) {
		plan->waiting = 0;
		plan->skip_wait = false; /* it was meant for this wait */
	}
	if (slot == plan->cad_waiting)
		plan->cad_waiting = 0;
	if (list == LIST_JOB)
		return job_exited(plan, s->history.status);
	if (s->membership == SLOT_REMOVED)
		release_tty(plan, slot, now);
	else if (s->membership == SLOT_LISTED && !plan_is_shutting_down(plan) &&
		 (list == LIST_RESPAWN || (is_requested && !was_waited)))
		return respawn_exited(plan, slot, is_requested, now);
	return was_waited && s->history.status ? NOTICE_FAILED : NOTICE_NONE;
}

/* The child of a task has exited. Is the task to be done again? */
static bool is_task_retried(struct plan *plan, int status)
{
	int signal = status & 0x7f; /* WTERMSIG */

	if (!signal)
		plan->task_faults = 0;
	if (!signal || plan->task_faults >= PLAN_TASK_TRIES)
		return false;
	plan->task_faults++;
	plan->task_signal = (uint8_t)signal;
	return true;
}

enum exit_notice plan_child_exited(struct plan *plan, uint32_t slot, pid_t pid,
				   int status, int64_t now)
{
	if (slot) {
		table_set_pid(&plan->table, slot, 0);
		table_slot(&plan->table, slot)->history.status = status;
		return entry_exited(plan, slot, now);
	}
	if (pid == plan->file_child)
		plan_file_child_exited(plan, status,
				       plan->file_task != TASK_CHECK_UPGRADE &&
					       phase_is_up(plan->phase) &&
					       is_task_retried(plan, status));
	if (pid != plan->task)
		return NOTICE_NONE; /* or an orphan */
	plan->task = 0;
	if (!phase_is_rebooting(plan->phase) && !is_task_retried(plan, status))
		plan_disk_task_done(plan, status == 0, now);
	return NOTICE_TASK_ENDED;
}

/* Moves the cursor that named this slot past it, or takes it from the heap. */
static void entry_started(struct plan *plan, uint32_t slot, pid_t pid,
			  int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);

	table_set_pid(&plan->table, slot, pid);
	s->history.started = now;
	s->history.starts++;
	if (list < LIST_RESPAWN)
		s->history.ran_lists |= (uint8_t)(1 << list);
	if (slot == plan->cad_cursor) {
		plan->cad_waiting = slot;
		plan->cad_cursor = plan_first_pending(plan, s->next);
	} else if (slot == plan->cursor) {
		plan->waiting = phase_waits_for_entry(plan->phase) ? slot : 0;
		plan->cursor = plan_first_pending(plan, s->next);
		plan->next_slow_message = now + PLAN_SLOW_AFTER;
		plan->deadline =
			plan->phase == PHASE_SHUTDOWN
				? deadline_after(plan->stop_timeout, now)
				: FOREVER;
	} else {
		table_pop_due(&plan->table);
	}
}

/* A step that forks: result is the pid of the child, or -1. */
static void forked(struct plan *plan, const struct step *step, int64_t result,
		   int64_t now)
{
	pid_t pid = result > 0 ? (pid_t)result : 0;

	plan->fork_retry_at = pid ? 0 : now + PLAN_FORK_RETRY;
	plan->no_children = plan->no_children && !pid;
	if (!pid)
		return;
	if (step->kind == STEP_START)
		entry_started(plan, step->slot, pid, now);
	else if (task_is_file(step->task))
		plan_file_task_started(plan, step->task, pid, now);
	else
		plan_task_started(plan, pid, now);
}

static void all_signalled(struct plan *plan, int64_t now)
{
	if (plan->phase == PHASE_TERM)
		plan_enter_phase(plan, PHASE_HANGUP, FOREVER, now);
	else
		plan_enter_phase(plan, PHASE_REAP, PLAN_REAP_TIMEOUT, now);
}

static void group_signalled(struct plan *plan, const struct step *step,
			    int64_t now)
{
	struct slot *s = table_slot(&plan->table, step->slot);

	if (plan->phase == PHASE_HANGUP) {
		plan->cursor = s->next;
		return;
	}
	if (plan->forward_signals >> step->signal & 1) {
		plan->forward_signals &= ~(1u << step->signal);
		return;
	}
	table_pop_due(&plan->table);
	if (s->history.stop == STOP_SEND_TERM) {
		s->history.stop = STOP_SEND_KILL;
		table_push_due(&plan->table, step->slot, now + PLAN_GRACE);
	}
}

/* Without memory even for the first table, it is tried again. */
static void reloaded(struct plan *plan, int64_t result, int64_t now)
{
	plan->reload_read = false;
	plan->reload_tries = 0;
	if (result >= 0 || plan->is_loaded)
		return;
	plan->reload_requested = true;
	plan->fork_retry_at = now + PLAN_FORK_RETRY;
}

void plan_step_done(struct plan *plan, const struct step *step, int64_t result,
		    int64_t now)
{
	switch (step->kind) {
	case STEP_START:
	case STEP_TASK:
		forked(plan, step, result, now);
		break;
	case STEP_SIGNAL_ALL:
		all_signalled(plan, now);
		break;
	case STEP_SIGNAL_GROUP:
	case STEP_HANGUP:
		group_signalled(plan, step, now);
		break;
	case STEP_SAMPLE_IO:
		plan_disk_io_sampled(plan, result, now);
		break;
	case STEP_KILL_TASK:
		plan_file_task_ended(plan, false, ETIMEDOUT);
		break;
	case STEP_RELOAD:
		reloaded(plan, result, now);
		break;
	case STEP_UPGRADE:
		plan->upgrade_accepted = false;
		break;
	case STEP_REEXEC_COPY:
		plan_self_executed(plan, now);
		break;
	case STEP_EXEC_RESTART: /* it failed; busybox init: halt */
		plan->shutdown = SHUTDOWN_HALT;
		plan_enter_disk_phases(plan, now);
		break;
	case STEP_SLEEP:
	case STEP_EXIT:
	case STEP_REEXEC:
	case STEP_MESSAGE:
		break;
	}
}
