#include "plan_internal.h"

#include "respawn.h"

/* No wait is longer (ms), see plan_set_options(). */
#define WAIT_MAX (PLAN_OPTION_MAX_S * 1000)

/* A time in the past, or at most `ahead` ms in the future. */
static bool is_time(int64_t time, int64_t now, int64_t ahead)
{
	return time >= 0 && time <= now + ahead;
}

static bool is_time_or_never(int64_t time, int64_t now, int64_t ahead)
{
	return time == FOREVER || is_time(time, now, ahead);
}

/* An entry that waits for a tty can start, and is not queued; of those that
 * have a child, only one that is to be stopped is queued. */
static bool is_waiting_valid(const struct slot *s)
{
	if (s->waits_for_tty)
		return s->membership == SLOT_LISTED && !s->pid &&
		       !s->is_queued &&
		       table_list(s->entry.action) == LIST_RESPAWN;
	return !s->is_queued || !s->pid || s->history.stop;
}

bool plan_validate_slot(const struct table *t, const struct slot *s,
			int64_t now)
{
	const char *text = table_text(t);

	return s->entry.action < ACTION_COUNT && s->entry.tty < t->text_size &&
	       s->entry.command < t->text_size &&
	       (text[s->entry.command] || s->entry.action == ACTION_JOB) &&
	       s->membership < SLOT_MEMBERSHIP_COUNT &&
	       s->history.stop < STOP_COUNT &&
	       s->history.number <= t->last_number &&
	       is_time(s->history.started, now, 0) &&
	       is_time(s->history.due, now, RESPAWN_MAX_DELAY) &&
	       is_child_pid(s->pid) && is_waiting_valid(s);
}

/* No slot, or one with a child. */
static bool is_running(const struct plan *plan, uint32_t slot)
{
	return !slot || (slot <= plan->table.count &&
			 table_slot(&plan->table, slot)->pid);
}

/* No slot, or one without a child. */
static bool is_startable(const struct plan *plan, uint32_t slot)
{
	return !slot || (slot <= plan->table.count &&
			 !table_slot(&plan->table, slot)->pid);
}

/* No slot, or one in this list. */
static bool is_in_list(const struct plan *plan, uint32_t slot, enum list list)
{
	const struct slot *s;

	if (!slot || slot > plan->table.count)
		return !slot;
	s = table_slot(&plan->table, slot);
	return s->membership == SLOT_LISTED &&
	       table_list(s->entry.action) == list;
}

static bool are_cursors_valid(const struct plan *plan)
{
	enum list list = phase_list(plan->phase);

	if (plan->waiting && !phase_waits_for_entry(plan->phase))
		return false;
	if (list != LIST_COUNT && !is_in_list(plan, plan->cursor, list))
		return false;
	if (phase_starts_entries(plan->phase) &&
	    !is_startable(plan, plan->cursor))
		return false;
	return is_running(plan, plan->waiting) &&
	       is_running(plan, plan->cad_waiting) &&
	       is_startable(plan, plan->cad_cursor) &&
	       is_in_list(plan, plan->cad_cursor, LIST_CTRLALTDEL);
}

static bool are_times_valid(const struct plan *plan, int64_t now)
{
	return is_time(plan->grace, 0, WAIT_MAX) &&
	       is_time_or_never(plan->stop_timeout, 0, WAIT_MAX) &&
	       is_time_or_never(plan->deadline, now, WAIT_MAX) &&
	       is_time_or_never(plan->next_slow_message, now,
				PLAN_SLOW_AFTER) &&
	       is_time_or_never(plan->next_sample, now, PLAN_SAMPLE_INTERVAL) &&
	       is_time(plan->task_started, now, 0) &&
	       is_time(plan->io_since, now, 0) &&
	       is_time(plan->last_skip, now, 0) &&
	       is_time(plan->fork_retry_at, now, PLAN_FORK_RETRY);
}

/* A shutdown has a kind, and another init is not asked for too late. */
static bool is_shutdown_valid(const struct plan *plan)
{
	bool is_restart = plan->shutdown == SHUTDOWN_RESTART;

	if (plan->shutdown >= SHUTDOWN_COUNT ||
	    plan->poweroff_kind < SHUTDOWN_HALT ||
	    plan->poweroff_kind > SHUTDOWN_REBOOT)
		return false;
	if (plan->phase == PHASE_RESTART && !is_restart)
		return false;
	if (is_restart && (!plan->table.first[LIST_RESTART] ||
			   !phase_allows_restart(plan->phase)))
		return false;
	return plan->shutdown || phase_is_up(plan->phase);
}

static bool is_file_task_valid(const struct plan *plan, int64_t now)
{
	return is_child_pid(plan->file_child) && plan->file_task < TASK_COUNT &&
	       is_time(plan->file_deadline, now, PLAN_DISK_TIMEOUT) &&
	       (!plan->file_child || task_is_file(plan->file_task));
}

static bool is_task_valid(const struct plan *plan)
{
	return !plan->task ||
	       (phase_has_task(plan->phase) && is_child_pid(plan->task) &&
		!table_find_pid(&plan->table, plan->task));
}

/* The words of the job lie within the text, and end in a NUL. */
static bool is_job_valid(const struct plan *plan)
{
	const struct table *t = &plan->table;
	uint32_t slot = t->first[LIST_JOB];
	uint32_t room = t->text_size + 1 - table_slot(t, slot)->entry.command;

	if (!slot)
		return !plan->job.is_only;
	return plan->job.size && plan->job.size <= room &&
	       !table_command(t, slot)[plan->job.size - 1];
}

bool plan_validate(const struct plan *plan, int64_t now)
{
	return are_cursors_valid(plan) && is_job_valid(plan) &&
	       are_times_valid(plan, now) && is_shutdown_valid(plan) &&
	       plan->hung_count <= PLAN_MAX_HUNG && is_task_valid(plan) &&
	       is_file_task_valid(plan, now);
}
