#include "plan_internal.h"

#include <signal.h>

static enum task task_of(const struct plan *plan)
{
	static const uint8_t tasks[] = {
		[PHASE_LOOPS] = TASK_LOOPS,    [PHASE_SWAPS] = TASK_SWAPOFF,
		[PHASE_MOUNTS] = TASK_UNMOUNT, [PHASE_SYNC] = TASK_SYNC,
		[PHASE_REBOOT] = TASK_REBOOT,  [PHASE_REBOOTING] = TASK_NONE,
	};

	_Static_assert(sizeof(tasks) == PHASE_COUNT, "all phases");
	return tasks[plan->phase];
}

/* A message about the current wait: for an entry, for a task, or for any
 * process. */
static struct step wait_message(const struct plan *plan, enum message message)
{
	struct step step = plan_message(message, plan->waiting);

	step.task = task_of(plan);
	return step;
}

/* Sleeps until the deadline of the wait. After a second it is logged what init
 * waits for: somebody may sit in front of the machine. */
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
	return wait_message(plan, MESSAGE_SLOW);
}

static bool is_wait_over(const struct plan *plan, int64_t now)
{
	return plan->skip_wait || now >= plan->deadline;
}

/* PHASE_SHUTDOWN */
static struct step run_shutdown_entries(struct plan *plan, int64_t now)
{
	uint32_t slot = plan->waiting ? plan->waiting : plan->cursor;

	if (!slot) {
		plan_enter_phase(plan, PHASE_TERM, FOREVER, now);
		return PLAN_AGAIN;
	}
	if (!is_wait_over(plan, now))
		return plan->waiting ? await(plan, now)
				     : plan_start(plan, slot, now);
	if (!plan->waiting) /* fork(2) has failed all this time */
		plan->cursor = table_slot(&plan->table, slot)->next;
	plan->waiting = 0;
	plan->skip_wait = false;
	plan->deadline = deadline_after(plan->stop_timeout, now);
	return plan_message(MESSAGE_TIMEOUT, slot);
}

/* PHASE_TERM, PHASE_KILL */
static struct step signal_all(struct plan *plan, int64_t now)
{
	(void)now;
	return (struct step){.kind = STEP_SIGNAL_ALL,
			     .signal = plan->phase == PHASE_TERM ? SIGTERM
								 : SIGKILL};
}

/* PHASE_HANGUP: an interactive shell ignores SIGTERM, and would use up the
 * whole grace period; SIGHUP ends it. What a getty has become is not known
 * here, so STEP_HANGUP looks at the process. */
static struct step hang_up_shells(struct plan *plan, int64_t now)
{
	struct step step = {.kind = STEP_HANGUP, .signal = SIGHUP};

	while (plan->cursor && !table_slot(&plan->table, plan->cursor)->pid)
		plan->cursor = table_slot(&plan->table, plan->cursor)->next;
	if (!plan->cursor) {
		plan_enter_phase(plan, PHASE_GRACE, plan->grace, now);
		return PLAN_AGAIN;
	}
	step.slot = plan->cursor;
	if (table_is_shell(&plan->table, plan->cursor))
		step.kind = STEP_SIGNAL_GROUP;
	return step;
}

/* PHASE_GRACE */
static struct step wait_for_processes(struct plan *plan, int64_t now)
{
	if (!plan->no_children && !is_wait_over(plan, now))
		return await(plan, now);
	plan_enter_phase(plan, PHASE_KILL, FOREVER, now);
	return plan->no_children ? PLAN_AGAIN : plan_message(MESSAGE_KILL, 0);
}

/* PHASE_REAP */
static struct step reap_killed(struct plan *plan, int64_t now)
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

/* PHASE_RESTART */
static struct step exec_restart(struct plan *plan, int64_t now)
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
	/* the mounts of a container are not its own */
	enum phase first = plan->is_machine    ? PHASE_RELEASE_SELF
			   : plan->job.is_only ? PHASE_REBOOT
					       : PHASE_SYNC;

	enter_disk_phase(plan, first, now);
}

static bool has_hung(const struct plan *plan, uint32_t id)
{
	for (uint32_t i = 0; i < plan->hung_count; i++)
		if (plan->hung_ids[i] == id)
			return true;
	return false;
}

/* Loop devices have no id of their own: it is 0. */
static enum phase first_phase_of_pass(const struct plan *plan)
{
	return has_hung(plan, 0) ? PHASE_MOUNTS : PHASE_LOOPS;
}

/* PHASE_RELEASE_SELF */
static struct step release_self(struct plan *plan, int64_t now)
{
	(void)plan, (void)now;
	return (struct step){.kind = STEP_REEXEC_COPY};
}

void plan_self_copied(struct plan *plan, int64_t now)
{
	enter_disk_phase(plan, first_phase_of_pass(plan), now);
}

/* One task for each line of a list of the kernel's; else one task. */
static bool phase_has_list(enum phase phase)
{
	return phase == PHASE_SWAPS || phase == PHASE_MOUNTS;
}

static void next_disk_phase(struct plan *plan, int64_t now)
{
	bool again = plan->phase == PHASE_SWAPS && plan->pass_progressed;
	enum phase next = again ? first_phase_of_pass(plan) : plan->phase + 1;

	/* A process in uninterruptible writeback dies only after sync. */
	if (plan->phase == PHASE_SYNC && plan->reap_again) {
		plan_enter_phase(plan, PHASE_REAP, PLAN_REAP_TIMEOUT, now);
		return;
	}
	if (again)
		plan->pass_progressed = false;
	enter_disk_phase(plan, next, now);
}

void plan_disk_task_done(struct plan *plan, bool is_done, int64_t now)
{
	plan->scan_found = false;
	if (!phase_has_list(plan->phase)) {
		next_disk_phase(plan, now);
		return;
	}
	plan->pass_progressed = plan->pass_progressed || is_done;
	plan->deadline = now + PLAN_DISK_TIMEOUT;
}

void plan_scan_done(struct plan *plan, uint32_t line, uint32_t id, int64_t now)
{
	if (!line) {
		next_disk_phase(plan, now);
		return;
	}
	plan->cursor = line;
	plan->scan_id = id;
	plan->scan_found = !has_hung(plan, id);
	plan->next_slow_message = now + PLAN_SLOW_AFTER;
}

void plan_disk_io_sampled(struct plan *plan, int64_t counter, int64_t now)
{
	if (plan->io_counter >= 0 && plan->io_counter != counter &&
	    now - plan->task_started < PLAN_DISK_MAX)
		plan->deadline = now + PLAN_DISK_TIMEOUT;
	plan->io_counter = counter;
	plan->next_io_sample = now + PLAN_IO_SAMPLE_INTERVAL;
}

/* A task that hangs is abandoned, and its object not tried again. */
static struct step give_up(struct plan *plan, int64_t now)
{
	struct step step = wait_message(plan, MESSAGE_TIMEOUT);

	if (!plan->task) { /* fork(2) has failed all this time, and would again
			    */
		next_disk_phase(plan, now);
		return step;
	}
	plan->task = 0;
	if (plan->hung_count < PLAN_MAX_HUNG)
		plan->hung_ids[plan->hung_count++] = plan->scan_id;
	plan_disk_task_done(plan, false, now);
	return step;
}

/* PHASE_LOOPS to PHASE_SYNC */
static struct step work_on_disks(struct plan *plan, int64_t now)
{
	struct step step = {.task = task_of(plan), .slot = plan->cursor};

	if (now >= plan->deadline)
		return give_up(plan, now);
	if (plan->task && now < plan->next_io_sample)
		return await(plan, now);
	if (plan->task)
		return (struct step){.kind = STEP_SAMPLE_IO};
	if (phase_has_list(plan->phase) && !plan->scan_found) {
		step.kind = STEP_SCAN;
		return step;
	}
	step.kind = STEP_TASK;
	return plan_fork_when_allowed(plan, step, now);
}

/* PHASE_REPORT_MOUNTS */
static struct step report_mounts(struct plan *plan, int64_t now)
{
	plan_enter_phase(plan, PHASE_REBOOT, FOREVER, now);
	return plan->is_machine ? plan_message(MESSAGE_MOUNTS_LEFT, 0)
				: PLAN_AGAIN;
}

/* PHASE_REBOOT: a container with a job passes the job's exit status on instead.
 */
static struct step call_reboot(struct plan *plan, int64_t now)
{
	struct step step = {.kind = STEP_TASK, .task = task_of(plan)};

	if (!plan->is_machine && plan->job.status >= 0)
		step.kind = STEP_EXIT;
	return plan_fork_when_allowed(plan, step, now);
}

/* PHASE_REBOOTING: reboot(2) returns only if it was refused. Another request
 * leads back to PHASE_REBOOT: plan_signal(). */
static struct step wait_for_end(struct plan *plan, int64_t now)
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
	static struct step (*const phases[])(struct plan *, int64_t) = {
		[PHASE_SHUTDOWN] = run_shutdown_entries,
		[PHASE_TERM] = signal_all,
		[PHASE_HANGUP] = hang_up_shells,
		[PHASE_GRACE] = wait_for_processes,
		[PHASE_KILL] = signal_all,
		[PHASE_REAP] = reap_killed,
		[PHASE_RESTART] = exec_restart,
		[PHASE_RELEASE_SELF] = release_self,
		[PHASE_LOOPS] = work_on_disks,
		[PHASE_MOUNTS] = work_on_disks,
		[PHASE_SWAPS] = work_on_disks,
		[PHASE_SYNC] = work_on_disks,
		[PHASE_REPORT_MOUNTS] = report_mounts,
		[PHASE_REBOOT] = call_reboot,
		[PHASE_REBOOTING] = wait_for_end,
	};

	_Static_assert(sizeof(phases) / sizeof(phases[0]) == PHASE_COUNT,
		       "a function for each phase of the shutdown");
	return phases[plan->phase](plan, now);
}
