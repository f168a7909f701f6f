#include "plan_internal.h"

#include <signal.h>

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
		return plan->waiting ? plan_await(plan, now)
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
		return plan_await(plan, now);
	plan_enter_phase(plan, PHASE_KILL, FOREVER, now);
	return plan->no_children ? PLAN_AGAIN : plan_message(MESSAGE_KILL, 0);
}

/* PHASE_REAP */
static struct step reap_killed(struct plan *plan, int64_t now)
{
	if (!plan->no_children && now < plan->deadline)
		return plan_await(plan, now);
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

/* PHASE_REBOOT: a container with a job exits with the job's status instead. */
static struct step call_reboot(struct plan *plan, int64_t now)
{
	struct step step = {.kind = STEP_TASK,
			    .task = plan_phase_task(plan->phase)};

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
		[PHASE_RELEASE_SELF] = plan_work_on_disks,
		[PHASE_LOOPS] = plan_work_on_disks,
		[PHASE_MOUNTS] = plan_work_on_disks,
		[PHASE_SWAPS] = plan_work_on_disks,
		[PHASE_SYNC] = plan_work_on_disks,
		[PHASE_REPORT_MOUNTS] = plan_work_on_disks,
		[PHASE_REBOOT] = call_reboot,
		[PHASE_REBOOTING] = wait_for_end,
	};

	_Static_assert(sizeof(phases) / sizeof(phases[0]) == PHASE_COUNT,
		       "a function for each phase of the shutdown");
	return phases[plan->phase](plan, now);
}
