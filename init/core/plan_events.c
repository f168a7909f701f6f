#include "plan_internal.h"

#include <signal.h>
#include <string.h>

#include "respawn.h"

void plan_alone(struct plan *plan, bool alone)
{
	plan->alone = alone;
}

/* A tty is free: whoever waits for it may start. */
static void release(struct plan *plan, uint32_t ended, int64_t now)
{
	struct table *t = &plan->table;
	uint32_t slot = table_slot(t, ended)->held;
	uint32_t other = *table_tty_bucket(t, table_tty(t, ended));

	table_slot(t, ended)->held = 0;
	for (; slot && other; other = table_slot(t, other)->next)
		if (table_slot(t, other)->pid &&
		    strcmp(table_tty(t, other), table_tty(t, ended)) == 0) {
			table_slot(t, other)->held = slot;
			return;
		}
	while (slot) {
		struct slot *s = table_slot(t, slot);
		uint32_t next = s->held;

		s->held = 0;
		s->is_held = false;
		if (plan->phase == PHASE_RUN)
			table_push_due(t, slot, respawn_asked(s, now));
		slot = next;
	}
}

/* An entry that starts again. An end that was asked for is no failure. */
static enum news respawn_ended(struct plan *plan, uint32_t slot, bool is_asked,
			       int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	bool was_put_off = respawn_is_put_off(s);

	s->due = is_asked ? respawn_asked(s, now)
			  : respawn_after(s, s->status, now);
	if (plan_is_time(plan, s))
		table_push_due(&plan->table, slot, s->due);
	return respawn_is_put_off(s) && !was_put_off ? NEWS_PUT_OFF : NEWS_NONE;
}

/* The machine was there for it. */
static enum news job_ended(struct plan *plan, int status)
{
	plan->job_status = status;
	if (!plan->ending)
		plan->ending = ENDING_POWEROFF;
	return NEWS_NONE;
}

static enum news entry_ended(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);
	bool waited = slot == plan->waiting || slot == plan->cad_waiting;
	bool is_asked = s->end;

	s->end = END_NONE;
	if (slot == plan->waiting) {
		plan->waiting = 0;
		plan->cut = false; /* it was meant for this wait */
	}
	if (slot == plan->cad_waiting)
		plan->cad_waiting = 0;
	if (list == LIST_JOB)
		return job_ended(plan, s->status);
	if (s->fate == SLOT_GONE)
		release(plan, slot, now);
	else if (s->fate == SLOT_LISTED && !plan_is_down(plan) &&
		 (list == LIST_RESPAWN || (is_asked && !waited)))
		return respawn_ended(plan, slot, is_asked, now);
	return waited && s->status ? NEWS_FAILED : NEWS_NONE;
}

enum news plan_exited(struct plan *plan, pid_t pid, int status, int64_t now,
		      uint32_t *slot)
{
	*slot = table_find_pid(&plan->table, pid);
	if (*slot) {
		table_set_pid(&plan->table, *slot, 0);
		table_slot(&plan->table, *slot)->status = status;
		return entry_ended(plan, *slot, now);
	}
	if (pid == plan->checker) {
		plan->checker = 0;
		plan->is_known = status == PLAN_KNOWN << 8; /* wait(2) */
		return plan->is_known ? NEWS_NONE : NEWS_NOT_KNOWN;
	}
	if (pid != plan->task)
		return NEWS_NONE;
	plan->task = 0;
	if (plan->phase < PHASE_REBOOT)
		plan_worked(plan, status == 0, now);
	return NEWS_TASK_ENDED;
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
		s->done |= (uint8_t)(1 << list);
	if (slot == plan->cad_cursor) {
		plan->cad_waiting = slot;
		plan->cad_cursor = plan_undone(plan, s->next);
	} else if (slot == plan->cursor) {
		plan->waiting = waited ? slot : 0;
		plan->cursor = plan_undone(plan, s->next);
		plan->slow = now + PLAN_SLOW;
		plan->deadline = plan->phase == PHASE_SHUTDOWN
					 ? plan_after(plan->stop, now)
					 : FOREVER;
	} else {
		table_pop_due(&plan->table);
	}
}

static void told_everyone(struct plan *plan, int64_t now)
{
	if (plan->phase == PHASE_TERM)
		plan_enter(plan, PHASE_HANGUP, FOREVER, now);
	else
		plan_enter(plan, PHASE_REAP, PLAN_REAP, now);
}

static void told_group(struct plan *plan, uint32_t slot, int signal,
		       int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);

	if (plan->phase == PHASE_HANGUP) {
		plan->cursor = s->next;
		return;
	}
	if (plan->forward >> signal & 1) {
		plan->forward &= ~(1u << signal);
		return;
	}
	table_pop_due(&plan->table);
	if (s->end == END_TERM) {
		s->end = END_KILL;
		table_push_due(&plan->table, slot, now + PLAN_GRACE);
	}
}

void plan_done(struct plan *plan, const struct step *step, int64_t result,
	       int64_t now)
{
	if (step->kind == STEP_START || step->kind == STEP_TASK) {
		plan->hold = result > 0 ? 0 : now + PLAN_FORK_AGAIN;
		plan->alone = plan->alone && result <= 0;
	}
	if (step->kind == STEP_START && result > 0) {
		table_set_pid(&plan->table, step->slot, (pid_t)result);
		started(plan, step->slot, now);
	} else if (step->task == TASK_CHECK) {
		plan->upgrade = result <= 0;
		plan->checker = result > 0 ? (pid_t)result : 0;
	} else if (step->kind == STEP_TASK && result > 0) {
		plan->task = (pid_t)result;
		plan->look = plan->machine ? now + PLAN_SLOW : FOREVER;
		plan->work = -1;
		plan->begun = now;
		if (plan->phase == PHASE_REBOOT)
			plan->phase = PHASE_REBOOTING;
	} else if (step->kind == STEP_EVERYONE) {
		told_everyone(plan, now);
	} else if (step->kind == STEP_GROUP || step->kind == STEP_HANGUP) {
		told_group(plan, step->slot, step->signal, now);
	} else if (step->kind == STEP_LOOK) {
		plan_looked(plan, result, now);
	} else if (step->kind == STEP_RELOAD) {
		plan->reload = false;
		plan->reload_tries = 0;
	} else if (step->kind == STEP_UPGRADE) {
		plan->is_known = false;
	} else if (step->kind == STEP_COPY) {
		plan_copied(plan, now);
	} else if (step->kind == STEP_RESTART) {
		plan->ending = ENDING_HALT; /* busybox: halt, if it fails */
		plan_leave_disks(plan, now);
	}
}
