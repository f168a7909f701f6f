#include "plan_internal.h"

#include <signal.h>

#include "command.h"

static enum task task_of(const struct plan *plan)
{
	static const uint8_t tasks[PHASE_COUNT] = {
		[PHASE_LOOPS] = TASK_LOOPS,    [PHASE_SWAPS] = TASK_SWAPOFF,
		[PHASE_MOUNTS] = TASK_UNMOUNT, [PHASE_SYNC] = TASK_SYNC,
		[PHASE_REBOOT] = TASK_REBOOT,
	};

	return tasks[plan->phase];
}

/* Who is waited for: an entry, a task, or whoever there is. */
static struct step say_about(const struct plan *plan, enum say what)
{
	struct step step = plan_say(what, plan->waiting);

	step.task = task_of(plan);
	return step;
}

/* On the way down: somebody may be sitting there and wonder. */
static struct step await(struct plan *plan, int64_t now)
{
	int64_t until =
		plan->look < plan->deadline ? plan->look : plan->deadline;

	if (now < plan->slow)
		return plan_sleep(plan->slow < until ? plan->slow : until);
	plan->slow = FOREVER;
	return say_about(plan, SAY_SLOW);
}

/* Has what this phase waits for had its time? */
static bool is_late(const struct plan *plan, int64_t now)
{
	return plan->cut || now >= plan->deadline;
}

static struct step shut_down(struct plan *plan, int64_t now)
{
	uint32_t slot = plan->waiting ? plan->waiting : plan->cursor;

	if (!slot) {
		plan_enter(plan, PHASE_TERM, FOREVER, now);
		return PLAN_AGAIN;
	}
	if (!is_late(plan, now))
		return plan->waiting ? await(plan, now)
				     : plan_start(plan, slot, now);
	if (!plan->waiting) /* it could not even be started */
		plan->cursor = table_slot(&plan->table, slot)->next;
	plan->waiting = 0;
	plan->cut = false;
	plan->deadline = plan_after(plan->stop, now);
	return plan_say(SAY_LATE, slot);
}

static struct step tell_everyone(struct plan *plan, int64_t now)
{
	(void)now;
	return (struct step){.kind = STEP_EVERYONE,
			     .signal = plan->phase == PHASE_TERM ? SIGTERM
								 : SIGKILL};
}

/* Surely a shell. What a getty has become is not known here. */
static bool is_shell(const struct plan *plan, uint32_t slot)
{
	return table_slot(&plan->table, slot)->entry.action ==
		       ACTION_ASKFIRST ||
	       command_is_login(table_command(&plan->table, slot));
}

/* An interactive shell ignores SIGTERM, and would cost the whole grace; it
 * ends when its terminal hangs up. */
static struct step hang_up(struct plan *plan, int64_t now)
{
	struct step step = {.kind = STEP_HANGUP, .signal = SIGHUP};

	while (plan->cursor && !table_slot(&plan->table, plan->cursor)->pid)
		plan->cursor = table_slot(&plan->table, plan->cursor)->next;
	if (!plan->cursor) {
		plan_enter(plan, PHASE_GRACE, plan->grace, now);
		return PLAN_AGAIN;
	}
	step.slot = plan->cursor;
	if (is_shell(plan, plan->cursor))
		step.kind = STEP_GROUP;
	return step;
}

static struct step wait_for_end(struct plan *plan, int64_t now)
{
	if (!plan->alone && !is_late(plan, now))
		return await(plan, now);
	plan_enter(plan, PHASE_KILL, FOREVER, now);
	return plan->alone ? PLAN_AGAIN : plan_say(SAY_KILL, 0);
}

static struct step collect(struct plan *plan, int64_t now)
{
	if (!plan->alone && now < plan->deadline)
		return await(plan, now);
	plan->stuck = !plan->alone && !plan->stuck;
	if (plan->ending == ENDING_RESTART)
		plan_enter(plan, PHASE_RESTART, FOREVER, now);
	else
		plan_leave_disks(plan, now);
	return PLAN_AGAIN;
}

static struct step restart(struct plan *plan, int64_t now)
{
	(void)now;
	return (struct step){.kind = STEP_RESTART,
			     .slot = plan->table.first[LIST_RESTART]};
}

static void enter_disk_phase(struct plan *plan, enum phase phase, int64_t now)
{
	bool is_short = phase == PHASE_SYNC && plan->hung_count;

	plan_enter(plan, phase, is_short ? PLAN_HUNG : PLAN_DISK, now);
}

void plan_leave_disks(struct plan *plan, int64_t now)
{
	/* A container's filesystems are not its own. */
	enum phase first = plan->machine       ? PHASE_COPY
			   : plan->is_only_job ? PHASE_REBOOT
					       : PHASE_SYNC;

	enter_disk_phase(plan, first, now);
}

static bool is_hung(const struct plan *plan, uint32_t mark)
{
	for (uint32_t i = 0; i < plan->hung_count; i++)
		if (plan->hung[i] == mark)
			return true;
	return false;
}

static enum phase first_disk_phase(const struct plan *plan)
{
	return is_hung(plan, 0) ? PHASE_MOUNTS : PHASE_LOOPS;
}

static struct step copy(struct plan *plan, int64_t now)
{
	(void)plan, (void)now;
	return (struct step){.kind = STEP_COPY};
}

void plan_copied(struct plan *plan, int64_t now)
{
	enter_disk_phase(plan, first_disk_phase(plan), now);
}

static bool has_lines(enum phase phase)
{
	return phase == PHASE_SWAPS || phase == PHASE_MOUNTS;
}

/* Nothing is left to do in this phase. */
static void next_disk_phase(struct plan *plan, int64_t now)
{
	bool again = plan->phase == PHASE_SWAPS && plan->progress;
	enum phase first = first_disk_phase(plan);
	enum phase next = again ? first : plan->phase + 1;

	/* One who was writing much could not be killed before sync was done. */
	if (plan->phase == PHASE_SYNC && plan->stuck) {
		plan_enter(plan, PHASE_REAP, PLAN_REAP, now);
		return;
	}
	if (again)
		plan->progress = false;
	enter_disk_phase(plan, next, now);
}

void plan_worked(struct plan *plan, bool well, int64_t now)
{
	plan->found = false;
	if (!has_lines(plan->phase)) {
		next_disk_phase(plan, now);
		return;
	}
	plan->progress = plan->progress || well;
	plan->deadline = now + PLAN_DISK;
}

void plan_found(struct plan *plan, uint32_t line, uint32_t mark, int64_t now)
{
	if (!line) {
		next_disk_phase(plan, now);
		return;
	}
	plan->cursor = line;
	plan->mark = mark;
	plan->found = !is_hung(plan, mark);
	plan->slow = now + PLAN_SLOW;
}

void plan_looked(struct plan *plan, int64_t work, int64_t now)
{
	if (plan->work >= 0 && plan->work != work &&
	    now - plan->begun < PLAN_MOST)
		plan->deadline = now + PLAN_DISK;
	plan->work = work;
	plan->look = now + PLAN_LOOK;
}

/* What hangs is left to itself, and not tried again. */
static struct step give_up(struct plan *plan, int64_t now)
{
	struct step step = say_about(plan, SAY_LATE);

	if (!plan->task) { /* no fork has worked so long: it won't for others */
		next_disk_phase(plan, now);
		return step;
	}
	plan->task = 0;
	if (plan->hung_count < PLAN_HUNG_MAX)
		plan->hung[plan->hung_count++] = plan->mark;
	plan_worked(plan, false, now);
	return step;
}

/* PHASE_LOOPS to PHASE_SYNC: a task, or one for each line. */
static struct step work_on_disks(struct plan *plan, int64_t now)
{
	const struct step look = {.kind = STEP_LOOK};
	struct step step = {.task = task_of(plan), .slot = plan->cursor};

	if (now >= plan->deadline)
		return give_up(plan, now);
	if (plan->task)
		return now < plan->look ? await(plan, now) : look;
	if (has_lines(plan->phase) && !plan->found) {
		step.kind = STEP_FIND;
		return step;
	}
	step.kind = STEP_TASK;
	return plan_fork(plan, step, now);
}

static struct step say_left(struct plan *plan, int64_t now)
{
	plan_enter(plan, PHASE_REBOOT, FOREVER, now);
	return plan->machine ? plan_say(SAY_LEFT, 0) : PLAN_AGAIN;
}

static struct step end_machine(struct plan *plan, int64_t now)
{
	struct step step = {.kind = STEP_TASK, .task = task_of(plan)};

	if (!plan->machine && plan->job_status >= 0)
		step.kind = STEP_LEAVE;
	return plan_fork(plan, step, now);
}

/* reboot(2) comes back only when it was refused. Another request tries
 * again (plan_signal). */
static struct step outlive(struct plan *plan, int64_t now)
{
	(void)now;
	if (plan->task || plan->refused)
		return plan_sleep(FOREVER);
	if (!plan->machine)
		return (struct step){.kind = STEP_LEAVE};
	plan->refused = true;
	return plan_say(SAY_REFUSED, 0);
}

struct step plan_down(struct plan *plan, int64_t now)
{
	/* in the order of enum phase, from PHASE_SHUTDOWN on */
	static struct step (*const phases[])(struct plan *, int64_t) = {
		shut_down,     tell_everyone, hang_up,	     wait_for_end,
		tell_everyone, collect,	      restart,	     copy,
		work_on_disks, work_on_disks, work_on_disks, work_on_disks,
		say_left,      end_machine,   outlive,
	};

	return phases[plan->phase - PHASE_SHUTDOWN](plan, now);
}
