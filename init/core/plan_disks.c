#include "plan_internal.h"

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
struct step plan_release_self(struct plan *plan, int64_t now)
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
	struct step step = plan_wait_message(plan, MESSAGE_TIMEOUT);

	if (!plan->task) { /* fork(2) has failed all this time */
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
struct step plan_work_on_disks(struct plan *plan, int64_t now)
{
	struct step step = {.task = plan_phase_task(plan->phase),
			    .slot = plan->cursor};

	if (now >= plan->deadline)
		return give_up(plan, now);
	if (plan->task && now < plan->next_io_sample)
		return plan_await(plan, now);
	if (plan->task)
		return (struct step){.kind = STEP_SAMPLE_IO};
	if (phase_has_list(plan->phase) && !plan->scan_found) {
		step.kind = STEP_SCAN;
		return step;
	}
	step.kind = STEP_TASK;
	return plan_fork_when_allowed(plan, step, now);
}
