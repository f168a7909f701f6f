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
static struct step say_about(const struct plan *plan, enum message what)
{
	struct step step = plan_message(what, plan->waiting);

	step.task = task_of(plan);
	return step;
}

/* On the way down: somebody may be sitting there and wonder. */
static struct step await(struct plan *plan, int64_t now)
{
	int64_t until = plan->next_io_sample < plan->deadline
				? plan->next_io_sample
				: plan->deadline;

	if (now < plan->next_slow_message)
		return plan_sleep(plan->next_slow_message < until
					  ? plan->next_slow_message
					  : until);
	plan->next_slow_message = FOREVER;
	return say_about(plan, MESSAGE_SLOW);
}

/* Has what this phase waits for had its time? */
static bool is_late(const struct plan *plan, int64_t now)
{
	return plan->skip_wait || now >= plan->deadline;
}

static struct step shut_down(struct plan *plan, int64_t now)
{
	uint32_t slot = plan->waiting ? plan->waiting : plan->cursor;

	if (!slot) {
		plan_enter_phase(plan, PHASE_TERM, FOREVER, now);
		return PLAN_AGAIN;
	}
	if (!is_late(plan, now))
		return plan->waiting ? await(plan, now)
				     : plan_start(plan, slot, now);
	if (!plan->waiting) /* it could not even be started */
		plan->cursor = table_slot(&plan->table, slot)->next;
	plan->waiting = 0;
	plan->skip_wait = false;
	plan->deadline = deadline_after(plan->stop_timeout, now);
	return plan_message(MESSAGE_TIMEOUT, slot);
}

static struct step tell_everyone(struct plan *plan, int64_t now)
{
	(void)now;
	return (struct step){.kind = STEP_SIGNAL_ALL,
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
		plan_enter_phase(plan, PHASE_GRACE, plan->grace, now);
		return PLAN_AGAIN;
	}
	step.slot = plan->cursor;
	if (is_shell(plan, plan->cursor))
		step.kind = STEP_SIGNAL_GROUP;
	return step;
}

static struct step wait_for_end(struct plan *plan, int64_t now)
{
	if (!plan->no_children && !is_late(plan, now))
		return await(plan, now);
	plan_enter_phase(plan, PHASE_KILL, FOREVER, now);
	return plan->no_children ? PLAN_AGAIN : plan_message(MESSAGE_KILL, 0);
}

static struct step collect(struct plan *plan, int64_t now)
{
	if (!plan->no_children && now < plan->deadline)
		return await(plan, now);
	plan->reap_again = !plan->no_children && !plan->reap_again;
	if (plan->shutdown == SHUTDOWN_RESTART)
		plan_enter_phase(plan, PHASE_RESTART, FOREVER, now);
	else
		plan_enter_disk_phases(plan, now);
	return PLAN_AGAIN;
}

static struct step restart(struct plan *plan, int64_t now)
{
	(void)now;
	return (struct step){.kind = STEP_EXEC_RESTART,
			     .slot = plan->table.first[LIST_RESTART]};
}

static void enter_disk_phase(struct plan *plan, enum phase phase, int64_t now)
{
	bool is_short = phase == PHASE_SYNC && plan->hung_count;

	plan_enter_phase(plan, phase,
			 is_short ? PLAN_SYNC_AFTER_HANG : PLAN_DISK_TIMEOUT,
			 now);
}

void plan_enter_disk_phases(struct plan *plan, int64_t now)
{
	/* A container's filesystems are not its own. */
	enum phase first = plan->is_machine    ? PHASE_RELEASE_SELF
			   : plan->is_only_job ? PHASE_REBOOT
					       : PHASE_SYNC;

	enter_disk_phase(plan, first, now);
}

static bool is_hung(const struct plan *plan, uint32_t mark)
{
	for (uint32_t i = 0; i < plan->hung_count; i++)
		if (plan->hung_ids[i] == mark)
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
	return (struct step){.kind = STEP_REEXEC_COPY};
}

void plan_self_copied(struct plan *plan, int64_t now)
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
	bool again = plan->phase == PHASE_SWAPS && plan->pass_progressed;
	enum phase first = first_disk_phase(plan);
	enum phase next = again ? first : plan->phase + 1;

	/* One who was writing much could not be killed before sync was done. */
	if (plan->phase == PHASE_SYNC && plan->reap_again) {
		plan_enter_phase(plan, PHASE_REAP, PLAN_REAP_TIMEOUT, now);
		return;
	}
	if (again)
		plan->pass_progressed = false;
	enter_disk_phase(plan, next, now);
}

void plan_disk_task_done(struct plan *plan, bool well, int64_t now)
{
	plan->scan_found = false;
	if (!has_lines(plan->phase)) {
		next_disk_phase(plan, now);
		return;
	}
	plan->pass_progressed = plan->pass_progressed || well;
	plan->deadline = now + PLAN_DISK_TIMEOUT;
}

void plan_scan_done(struct plan *plan, uint32_t line, uint32_t mark,
		    int64_t now)
{
	if (!line) {
		next_disk_phase(plan, now);
		return;
	}
	plan->cursor = line;
	plan->scan_id = mark;
	plan->scan_found = !is_hung(plan, mark);
	plan->next_slow_message = now + PLAN_SLOW_AFTER;
}

void plan_disk_io_sampled(struct plan *plan, int64_t work, int64_t now)
{
	if (plan->io_counter >= 0 && plan->io_counter != work &&
	    now - plan->task_started < PLAN_DISK_MAX)
		plan->deadline = now + PLAN_DISK_TIMEOUT;
	plan->io_counter = work;
	plan->next_io_sample = now + PLAN_IO_SAMPLE_INTERVAL;
}

/* What hangs is left to itself, and not tried again. */
static struct step give_up(struct plan *plan, int64_t now)
{
	struct step step = say_about(plan, MESSAGE_TIMEOUT);

	if (!plan->task) { /* no fork has worked so long: it won't for others */
		next_disk_phase(plan, now);
		return step;
	}
	plan->task = 0;
	if (plan->hung_count < PLAN_MAX_HUNG)
		plan->hung_ids[plan->hung_count++] = plan->scan_id;
	plan_disk_task_done(plan, false, now);
	return step;
}

/* PHASE_LOOPS to PHASE_SYNC: a task, or one for each line. */
static struct step work_on_disks(struct plan *plan, int64_t now)
{
	const struct step look = {.kind = STEP_SAMPLE_IO};
	struct step step = {.task = task_of(plan), .slot = plan->cursor};

	if (now >= plan->deadline)
		return give_up(plan, now);
	if (plan->task)
		return now < plan->next_io_sample ? await(plan, now) : look;
	if (has_lines(plan->phase) && !plan->scan_found) {
		step.kind = STEP_SCAN;
		return step;
	}
	step.kind = STEP_TASK;
	return plan_fork_when_allowed(plan, step, now);
}

static struct step say_left(struct plan *plan, int64_t now)
{
	plan_enter_phase(plan, PHASE_REBOOT, FOREVER, now);
	return plan->is_machine ? plan_message(MESSAGE_MOUNTS_LEFT, 0)
				: PLAN_AGAIN;
}

static struct step end_machine(struct plan *plan, int64_t now)
{
	struct step step = {.kind = STEP_TASK, .task = task_of(plan)};

	if (!plan->is_machine && plan->job_status >= 0)
		step.kind = STEP_EXIT;
	return plan_fork_when_allowed(plan, step, now);
}

/* reboot(2) comes back only when it was refused. Another request tries
 * again (plan_signal). */
static struct step outlive(struct plan *plan, int64_t now)
{
	(void)now;
	if (plan->task || plan->shutdown_refused)
		return plan_sleep(FOREVER);
	if (!plan->is_machine)
		return (struct step){.kind = STEP_EXIT};
	plan->shutdown_refused = true;
	return plan_message(MESSAGE_REFUSED, 0);
}

struct step plan_shutdown_next(struct plan *plan, int64_t now)
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
