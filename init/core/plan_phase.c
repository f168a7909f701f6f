#include "plan_internal.h"

#include "respawn.h"

enum list phase_list(enum phase phase)
{
	static const uint8_t lists[] = {
		[PHASE_SYSINIT] = LIST_SYSINIT,
		[PHASE_WAIT] = LIST_WAIT,
		[PHASE_JOB] = LIST_JOB,
		[PHASE_ONCE] = LIST_ONCE,
		[PHASE_RUN] = LIST_RESPAWN,
		[PHASE_SHUTDOWN] = LIST_SHUTDOWN,
		[PHASE_TERM] = LIST_COUNT,
		[PHASE_HANGUP] = LIST_RESPAWN,
	};

	return phase < sizeof(lists) ? (enum list)lists[phase] : LIST_COUNT;
}

enum task plan_phase_task(enum phase phase)
{
	static const uint8_t tasks[] = {
		[PHASE_RELEASE_SELF] = TASK_COPY_SELF,
		[PHASE_LOOPS] = TASK_LOOPS,
		[PHASE_SWAPS] = TASK_SWAPOFF,
		[PHASE_MOUNTS] = TASK_UNMOUNT,
		[PHASE_SYNC] = TASK_SYNC,
		[PHASE_REPORT_MOUNTS] = TASK_REPORT_MOUNTS,
		[PHASE_REBOOT] = TASK_REBOOT,
		[PHASE_REBOOTING] = TASK_NONE,
	};

	_Static_assert(sizeof(tasks) == PHASE_COUNT, "all phases");
	return tasks[phase];
}

/* Must the cursor still start this slot? Not if the due heap will: the slot is
 * queued, waits for a tty, or its child still runs. */
static bool is_pending(const struct slot *s)
{
	enum list list = table_list(s->entry.action);

	if (s->pid || s->history.is_stopped)
		return false;
	if (list == LIST_RESPAWN)
		return !s->waits_for_tty && !s->is_queued;
	return !(s->history.ran_lists >> list & 1);
}

bool plan_phase_reached(const struct plan *plan, const struct slot *s)
{
	return table_list(s->entry.action) <= phase_list(plan->phase);
}

uint32_t plan_first_pending(const struct plan *plan, uint32_t slot)
{
	while (slot && !is_pending(table_slot(&plan->table, slot)))
		slot = table_slot(&plan->table, slot)->next;
	return slot;
}

int64_t deadline_after(int64_t wait, int64_t now)
{
	return wait == FOREVER ? FOREVER : now + wait;
}

static void queue_if_due(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	int64_t earliest = respawn_earliest(s, now);

	if (s->history.stop == STOP_SEND_TERM)
		table_push_due(&plan->table, slot, now);
	else if (s->history.stop == STOP_SEND_KILL)
		table_push_due(&plan->table, slot, s->history.due);
	else if (s->membership == SLOT_LISTED && !s->pid && !s->waits_for_tty &&
		 earliest > now && plan->phase == PHASE_RUN &&
		 table_list(s->entry.action) == LIST_RESPAWN)
		table_push_due(&plan->table, slot, earliest);
}

void plan_rebuild_due(struct plan *plan, int64_t now)
{
	for (uint32_t i = 1; i <= plan->table.count; i++)
		queue_if_due(plan, i, now);
}

void plan_enter_phase(struct plan *plan, enum phase phase, int64_t wait,
		      int64_t now)
{
	enum list list = phase_list(phase);

	plan->phase = phase;
	plan->skip_wait = false;
	plan->waiting = 0;
	plan->cursor = list == LIST_COUNT ? 0 : plan->table.first[list];
	plan->deadline = deadline_after(wait, now);
	plan->next_slow_message = now + PLAN_SLOW_AFTER;
	plan->next_sample = FOREVER;
	plan->object = plan->object_id = 0;
	if (phase == PHASE_RUN)
		plan_rebuild_due(plan, now);
	if (phase != PHASE_HANGUP) /* whose children run */
		plan->cursor = plan_first_pending(plan, plan->cursor);
}

struct step plan_sleep(int64_t until)
{
	return (struct step){.kind = STEP_SLEEP, .until = until};
}

struct step plan_message(enum message message, uint32_t slot)
{
	return (struct step){
		.kind = STEP_MESSAGE, .message = message, .slot = slot};
}

struct step plan_wait_message(const struct plan *plan, enum message message)
{
	struct step step = plan_message(message, plan->waiting);

	step.task = plan_phase_task(plan->phase);
	if (!plan->is_loaded && phase_is_up(plan->phase))
		step.task = TASK_READ_INITTAB;
	return step;
}

struct step plan_await(struct plan *plan, int64_t now)
{
	int64_t until = plan->next_sample < plan->deadline ? plan->next_sample
							   : plan->deadline;

	if (now < plan->next_slow_message)
		return plan_sleep(plan->next_slow_message < until
					  ? plan->next_slow_message
					  : until);
	plan->next_slow_message = FOREVER;
	return plan_wait_message(plan, MESSAGE_SLOW);
}

struct step plan_fork_when_allowed(const struct plan *plan, struct step step,
				   int64_t now)
{
	int64_t until = plan->fork_retry_at < plan->deadline
				? plan->fork_retry_at
				: plan->deadline;

	return now < plan->fork_retry_at ? plan_sleep(until) : step;
}

struct step plan_start(const struct plan *plan, uint32_t slot, int64_t now)
{
	struct step step = {.kind = STEP_START, .slot = slot};

	return plan_fork_when_allowed(plan, step, now);
}
