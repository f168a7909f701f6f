#include "plan_internal.h"

#include <signal.h>
#include <string.h>

#include "respawn.h"

void plan_set_no_children(struct plan *plan, bool alone)
{
	plan->no_children = alone;
}

/* A tty is free: whoever waits for it may start. */
static void release(struct plan *plan, uint32_t ended, int64_t now)
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

/* An entry that starts again. An end that was asked for is no failure. */
static enum exit_notice respawn_ended(struct plan *plan, uint32_t slot,
				      bool is_asked, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	bool was_put_off = respawn_is_throttled(s);

	s->due = is_asked ? respawn_earliest(s, now)
			  : respawn_on_exit(s, s->status, now);
	if (plan_phase_reached(plan, s))
		table_push_due(&plan->table, slot, s->due);
	return respawn_is_throttled(s) && !was_put_off ? NOTICE_THROTTLED
						       : NOTICE_NONE;
}

/* The machine was there for it. */
static enum exit_notice job_ended(struct plan *plan, int status)
{
	plan->job_status = status;
	if (!plan->shutdown)
		plan->shutdown = SHUTDOWN_POWEROFF;
	return NOTICE_NONE;
}

static enum exit_notice entry_ended(struct plan *plan, uint32_t slot,
				    int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);
	bool waited = slot == plan->waiting || slot == plan->cad_waiting;
	bool is_asked = s->stop;

	s->stop = STOP_NONE;
	if (slot == plan->waiting) {
		plan->waiting = 0;
		plan->skip_wait = false; /* it was meant for this wait */
	}
	if (slot == plan->cad_waiting)
		plan->cad_waiting = 0;
	if (list == LIST_JOB)
		return job_ended(plan, s->status);
	if (s->membership == SLOT_REMOVED)
		release(plan, slot, now);
	else if (s->membership == SLOT_LISTED && !plan_is_shutting_down(plan) &&
		 (list == LIST_RESPAWN || (is_asked && !waited)))
		return respawn_ended(plan, slot, is_asked, now);
	return waited && s->status ? NOTICE_FAILED : NOTICE_NONE;
}

enum exit_notice plan_child_exited(struct plan *plan, pid_t pid, int status,
				   int64_t now, uint32_t *slot)
{
	*slot = table_find_pid(&plan->table, pid);
	if (*slot) {
		table_set_pid(&plan->table, *slot, 0);
		table_slot(&plan->table, *slot)->status = status;
		return entry_ended(plan, *slot, now);
	}
	if (pid == plan->upgrade_probe) {
		plan->upgrade_probe = 0;
		plan->upgrade_accepted = status == PLAN_STATE_ACCEPTED
							   << 8; /* wait(2) */
		return plan->upgrade_accepted ? NOTICE_NONE
					      : NOTICE_UPGRADE_REFUSED;
	}
	if (pid != plan->task)
		return NOTICE_NONE;
	plan->task = 0;
	if (plan->phase < PHASE_REBOOT)
		plan_disk_task_done(plan, status == 0, now);
	return NOTICE_TASK_ENDED;
}

/* Moves whoever named this slot as the next one to start past it. */
static void started(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);
	bool waited = plan->phase == PHASE_SYSINIT ||
		      plan->phase == PHASE_WAIT || plan->phase == PHASE_JOB ||
		      plan->phase == PHASE_SHUTDOWN;

	s->started = now;
	s->starts++;
	if (list < LIST_RESPAWN)
		s->ran_lists |= (uint8_t)(1 << list);
	if (slot == plan->cad_cursor) {
		plan->cad_waiting = slot;
		plan->cad_cursor = plan_first_pending(plan, s->next);
	} else if (slot == plan->cursor) {
		plan->waiting = waited ? slot : 0;
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

static void told_everyone(struct plan *plan, int64_t now)
{
	if (plan->phase == PHASE_TERM)
		plan_enter_phase(plan, PHASE_HANGUP, FOREVER, now);
	else
		plan_enter_phase(plan, PHASE_REAP, PLAN_REAP_TIMEOUT, now);
}

static void told_group(struct plan *plan, uint32_t slot, int signal,
		       int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);

	if (plan->phase == PHASE_HANGUP) {
		plan->cursor = s->next;
		return;
	}
	if (plan->forward_signals >> signal & 1) {
		plan->forward_signals &= ~(1u << signal);
		return;
	}
	table_pop_due(&plan->table);
	if (s->stop == STOP_SEND_TERM) {
		s->stop = STOP_SEND_KILL;
		table_push_due(&plan->table, slot, now + PLAN_GRACE);
	}
}

void plan_step_done(struct plan *plan, const struct step *step, int64_t result,
		    int64_t now)
{
	if (step->kind == STEP_START || step->kind == STEP_TASK) {
		plan->fork_retry_at = result > 0 ? 0 : now + PLAN_FORK_RETRY;
		plan->no_children = plan->no_children && result <= 0;
	}
	if (step->kind == STEP_START && result > 0) {
		table_set_pid(&plan->table, step->slot, (pid_t)result);
		started(plan, step->slot, now);
	} else if (step->task == TASK_PROBE_UPGRADE) {
		plan->upgrade_requested = result <= 0;
		plan->upgrade_probe = result > 0 ? (pid_t)result : 0;
	} else if (step->kind == STEP_TASK && result > 0) {
		plan->task = (pid_t)result;
		plan->next_io_sample =
			plan->is_machine ? now + PLAN_SLOW_AFTER : FOREVER;
		plan->io_counter = -1;
		plan->task_started = now;
		if (plan->phase == PHASE_REBOOT)
			plan->phase = PHASE_REBOOTING;
	} else if (step->kind == STEP_SIGNAL_ALL) {
		told_everyone(plan, now);
	} else if (step->kind == STEP_SIGNAL_GROUP ||
		   step->kind == STEP_HANGUP) {
		told_group(plan, step->slot, step->signal, now);
	} else if (step->kind == STEP_SAMPLE_IO) {
		plan_disk_io_sampled(plan, result, now);
	} else if (step->kind == STEP_RELOAD) {
		plan->reload_requested = false;
		plan->reload_tries = 0;
	} else if (step->kind == STEP_UPGRADE) {
		plan->upgrade_accepted = false;
	} else if (step->kind == STEP_REEXEC_COPY) {
		plan_self_copied(plan, now);
	} else if (step->kind == STEP_EXEC_RESTART) {
		plan->shutdown = SHUTDOWN_HALT; /* busybox: halt, if it fails */
		plan_enter_disk_phases(plan, now);
	}
}
