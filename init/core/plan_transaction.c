#include "plan_transaction.h"

#include <stdatomic.h>
#include <string.h>

#include "plan_internal.h"
#include "reconcile.h"
#include "respawn.h"

/* No wait is longer (plan_set_options()). */
#define WAIT_MOST (PLAN_OPTION_MAX_S * 1000)

void plan_begin(const struct plan *plan, uint32_t slot,
		struct plan_undo *before)
{
	memcpy(before->plan_copy, plan, sizeof(before->plan_copy));
	before->slot = slot;
	before->slot_copy = *table_slot(&plan->table, slot);
	atomic_signal_fence(memory_order_seq_cst); /* the compiler, too */
	before->sequence |= 1;
	atomic_signal_fence(memory_order_seq_cst);
}

void plan_commit(struct plan_undo *before)
{
	atomic_signal_fence(memory_order_seq_cst);
	before->sequence += before->sequence & 1;
	atomic_signal_fence(memory_order_seq_cst);
}

static bool undo(struct plan *plan, struct plan_undo *before)
{
	if (!(before->sequence & 1))
		return true;
	if (before->slot > plan->table.count)
		return false;
	memcpy(plan, before->plan_copy, sizeof(before->plan_copy));
	*table_slot(&plan->table, before->slot) = before->slot_copy;
	plan_commit(before);
	return true;
}

/* A time that has come, or will in this time at the latest. */
static bool is_time(int64_t time, int64_t now, int64_t most)
{
	return time >= 0 && time <= now + most;
}

static bool is_time_or_never(int64_t time, int64_t now, int64_t most)
{
	return time == FOREVER || is_time(time, now, most);
}

/* 1 is ourselves; of a group, everybody. */
static bool is_child(pid_t pid)
{
	return pid == 0 || pid > 1;
}

/* Is what waits something that can wait? */
static bool is_waiting_well(const struct slot *s)
{
	bool may_start = s->membership == SLOT_LISTED && !s->pid &&
			 table_list(s->entry.action) == LIST_RESPAWN;

	if (s->waits_for_tty)
		return may_start && !s->is_queued;
	return !s->is_queued || !s->pid || s->stop;
}

static bool is_slot(const struct table *t, const struct slot *s, int64_t now)
{
	const char *text = table_text(t);

	return s->entry.action <= ACTION_JOB && s->entry.tty < t->text_size &&
	       s->entry.command < t->text_size &&
	       (text[s->entry.command] || s->entry.action == ACTION_JOB) &&
	       s->membership <= SLOT_REMOVED && s->stop <= STOP_SEND_KILL &&
	       s->number <= t->last_number && is_time(s->started, now, 0) &&
	       is_time(s->due, now, RESPAWN_MAX_DELAY) && is_child(s->pid) &&
	       is_waiting_well(s);
}

/* Finds again what can be found from slots. Returns whether they are some. */
static bool take_slots(struct plan *plan, int64_t now)
{
	struct table *t = &plan->table;

	for (uint32_t i = 1; i <= t->count; i++) {
		struct slot *s = table_slot(t, i);

		if (!is_slot(t, s, now) ||
		    (s->pid && table_find_pid(t, s->pid)))
			return false;
		s->next = 0;
		s->tty_waiters = 0;
		table_set_pid(t, i, s->pid);
		if (s->membership == SLOT_LISTED ||
		    s->membership == SLOT_ORPHANED)
			table_add_key(t, i);
		if (s->is_queued)
			table_restore_due(t, i);
	}
	reconcile_rebuild_lists(t);
	return true;
}

/* Nobody, or one who has a child, or has none. */
static bool is_who(const struct plan *plan, uint32_t slot, bool has_child)
{
	return !slot || (slot <= plan->table.count &&
			 !table_slot(&plan->table, slot)->pid == !has_child);
}

/* Nobody, or one of this list. */
static bool is_of(const struct plan *plan, uint32_t slot, enum list list)
{
	const struct slot *s;

	if (!slot || slot > plan->table.count)
		return !slot;
	s = table_slot(&plan->table, slot);
	return s->membership == SLOT_LISTED &&
	       table_list(s->entry.action) == list;
}

/* Who is next to start, and who is waited for. */
static bool is_in_order(const struct plan *plan)
{
	enum phase phase = plan->phase;
	enum list list = phase_list(phase);
	bool starts = phase <= PHASE_SHUTDOWN;
	bool waits = phase == PHASE_SYSINIT || phase == PHASE_WAIT ||
		     phase == PHASE_JOB || phase == PHASE_SHUTDOWN;

	return is_who(plan, plan->waiting, true) && (waits || !plan->waiting) &&
	       (list == LIST_COUNT || is_of(plan, plan->cursor, list)) &&
	       (!starts || is_who(plan, plan->cursor, false)) &&
	       is_who(plan, plan->cad_waiting, true) &&
	       is_who(plan, plan->cad_cursor, false) &&
	       is_of(plan, plan->cad_cursor, LIST_CTRLALTDEL);
}

static bool is_in_time(const struct plan *plan, int64_t now)
{
	return is_time(plan->grace, 0, WAIT_MOST) &&
	       is_time_or_never(plan->stop_timeout, 0, WAIT_MOST) &&
	       is_time_or_never(plan->deadline, now, WAIT_MOST) &&
	       is_time_or_never(plan->next_slow_message, now,
				PLAN_SLOW_AFTER) &&
	       is_time_or_never(plan->next_io_sample, now,
				PLAN_IO_SAMPLE_INTERVAL) &&
	       is_time(plan->task_started, now, 0) &&
	       is_time(plan->last_skip, now, 0) &&
	       is_time(plan->fork_retry_at, now, PLAN_FORK_RETRY);
}

/* A way down has a known end, and another init is not asked for too late. */
static bool is_ending(const struct plan *plan)
{
	bool is_restart = plan->shutdown == SHUTDOWN_RESTART;

	if (plan->shutdown > SHUTDOWN_RESTART ||
	    plan->poweroff_kind < SHUTDOWN_HALT ||
	    plan->poweroff_kind > SHUTDOWN_REBOOT)
		return false;
	if (plan->phase == PHASE_RESTART && !is_restart)
		return false;
	if (is_restart &&
	    (!plan->table.first[LIST_RESTART] || plan->phase > PHASE_RESTART))
		return false;
	return plan->shutdown || plan->phase < PHASE_SHUTDOWN;
}

/* None, or one of the phases that have some. */
static bool is_task(const struct plan *plan)
{
	bool has_tasks = plan->phase >= PHASE_LOOPS &&
			 plan->phase != PHASE_REPORT_MOUNTS;

	return !plan->task || (has_tasks && is_child(plan->task) &&
			       !table_find_pid(&plan->table, plan->task));
}

/* The job's words are within the text, with a NUL at their end. */
static bool is_job(const struct plan *plan)
{
	const struct table *t = &plan->table;
	uint32_t slot = t->first[LIST_JOB];
	uint32_t room = t->text_size + 1 - table_slot(t, slot)->entry.command;

	if (!slot)
		return !plan->is_only_job;
	return plan->job_size && plan->job_size <= room &&
	       !table_command(t, slot)[plan->job_size - 1];
}

bool plan_recover(struct plan *plan, size_t size, struct plan_undo *before,
		  int64_t now)
{
	struct table *t = &plan->table;

	if (size < sizeof(*plan) ||
	    !table_check_layout(t, size - offsetof(struct plan, table)) ||
	    !undo(plan, before) || plan->phase >= PHASE_COUNT ||
	    !take_slots(plan, now))
		return false;
	if (plan->phase <= PHASE_RUN)
		plan->cursor = plan_first_pending(
			plan, t->first[phase_list(plan->phase)]);
	return is_in_order(plan) && is_job(plan) && is_in_time(plan, now) &&
	       is_ending(plan) && plan->hung_count <= PLAN_MAX_HUNG &&
	       is_task(plan) && is_child(plan->upgrade_probe);
}

bool plan_knows_child(const struct plan *plan, const struct step *step,
		      pid_t pid)
{
	if (!is_child(pid) || table_find_pid(&plan->table, pid))
		return true;
	if (step->kind == STEP_TASK)
		return plan->task == pid || plan->upgrade_probe == pid;
	return step->kind != STEP_START || !step->slot ||
	       !is_who(plan, step->slot, false);
}

void plan_reset_to_run(struct plan *plan, int64_t now)
{
	for (uint32_t i = 1; i <= plan->table.count; i++)
		table_slot(&plan->table, i)->ran_lists =
			(1 << LIST_RESPAWN) - 1;
	plan_enter_phase(plan, PHASE_RUN, FOREVER, now);
}
