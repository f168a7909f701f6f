#include "plan_internal.h"

/* After a task that hung, sync hangs as well, whatever other disks do. */
static bool is_sync_after_hang(const struct plan *plan, enum phase phase)
{
	return phase == PHASE_SYNC && plan->hung_count;
}

static int64_t timeout_of(const struct plan *plan, enum phase phase)
{
	if (phase == PHASE_REBOOT)
		return FOREVER;
	return phase == PHASE_RELEASE_SELF || phase == PHASE_REPORT_MOUNTS ||
			       is_sync_after_hang(plan, phase)
		       ? PLAN_SHORT_DISK_TIMEOUT
		       : PLAN_DISK_TIMEOUT;
}

static void enter_disk_phase(struct plan *plan, enum phase phase, int64_t now)
{
	plan_enter_phase(plan, phase, timeout_of(plan, phase), now);
}

void plan_task_started(struct plan *plan, pid_t pid, int64_t now)
{
	plan->task = pid;
	plan->task_started = now;
	if (plan->deadline != FOREVER) /* from now on, and not from the fork */
		plan->deadline = now + timeout_of(plan, plan->phase);
	plan->next_slow_message = now + PLAN_SLOW_AFTER;
	plan->next_sample = plan->is_machine ? now + PLAN_SLOW_AFTER : FOREVER;
	plan->io_counter = -1;
	if (plan->phase == PHASE_REBOOT)
		plan->phase = PHASE_REBOOTING;
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

/* All objects of a list of the kernel's, by one task; the phase is left when
 * that has ended, and begins anew without the object at which it hangs. */
static bool phase_has_list(enum phase phase)
{
	return task_has_list(plan_phase_task(phase));
}

static void next_disk_phase(struct plan *plan, int64_t now)
{
	bool again = plan->phase == PHASE_SWAPS && plan->pass_progressed;
	enum phase next = again || plan->phase == PHASE_RELEASE_SELF
				  ? first_phase_of_pass(plan)
				  : plan->phase + 1;

	/* A process in uninterruptible writeback dies only after sync. */
	if (plan->phase == PHASE_SYNC && plan->reap_again) {
		plan_enter_phase(plan, PHASE_REAP, PLAN_REAP_TIMEOUT, now);
		return;
	}
	if (again)
		plan->pass_progressed = false;
	if (next == PHASE_REPORT_MOUNTS && !plan->is_machine)
		next = PHASE_REBOOT; /* they are not its own */
	enter_disk_phase(plan, next, now);
}

void plan_self_executed(struct plan *plan, int64_t now)
{
	plan->self_copied = false;
	next_disk_phase(plan, now);
}

void plan_disk_task_done(struct plan *plan, bool is_done, int64_t now)
{
	if (plan->phase == PHASE_RELEASE_SELF && is_done) {
		plan->self_copied = true;
		return;
	}
	if (phase_has_list(plan->phase))
		plan->pass_progressed = plan->pass_progressed || is_done;
	next_disk_phase(plan, now);
}

void plan_disk_progress(struct plan *plan, const struct plan_event *event,
			int64_t now)
{
	bool is_first = !plan->object;

	if (event->progress.released)
		plan->pass_progressed = true;
	/* A list is released from its end, so the number can only fall, and a
	 * child that writes nonsense gets no time for ever. */
	if (!is_first && event->progress.object >= plan->object)
		return;
	plan->object = event->progress.object;
	plan->object_id = event->progress.id;
	if (is_first) /* the task began with it, or nearly so */
		return;
	plan->task_started = now;
	plan->deadline = now + PLAN_DISK_TIMEOUT;
	plan->next_slow_message = now + PLAN_SLOW_AFTER;
}

void plan_disk_io_sampled(struct plan *plan, int64_t counter, int64_t now)
{
	plan->next_sample = now + PLAN_SAMPLE_INTERVAL;
	if (plan->next_slow_message > now && plan->next_slow_message != FOREVER)
		plan->next_slow_message = plan->next_sample;
	if (plan->io_counter >= 0 && now - plan->io_since < PLAN_IO_INTERVAL)
		return;
	if (plan->io_counter >= 0 && plan->io_counter != counter &&
	    !is_sync_after_hang(plan, plan->phase) &&
	    now - plan->task_started < PLAN_DISK_MAX)
		plan->deadline = now + PLAN_DISK_TIMEOUT;
	plan->io_counter = counter;
	plan->io_since = now;
}

/* A task that hangs is abandoned, and its object not tried again: the
 * filesystem or swap area that it was at, or loop devices, which have the id 0.
 */
static struct step give_up(struct plan *plan, int64_t now)
{
	struct step step = plan_wait_message(plan, MESSAGE_TIMEOUT);
	bool is_remembered = plan->task && plan->phase != PHASE_RELEASE_SELF &&
			     plan->phase != PHASE_REPORT_MOUNTS &&
			     plan->hung_count < PLAN_MAX_HUNG;

	if (is_remembered)
		plan->hung_ids[plan->hung_count++] = plan->object_id;
	plan->task = 0;
	if (is_remembered && plan->object_id) /* what is left of the list */
		enter_disk_phase(plan, plan->phase, now);
	else
		next_disk_phase(plan, now);
	return step;
}

/* PHASE_RELEASE_SELF to PHASE_REPORT_MOUNTS */
struct step plan_work_on_disks(struct plan *plan, int64_t now)
{
	struct step step = {.kind = STEP_TASK,
			    .task = plan_phase_task(plan->phase)};

	if (plan->self_copied)
		return (struct step){.kind = STEP_REEXEC_COPY};
	if (plan->task && now >= plan->next_sample)
		return (struct step){.kind = STEP_SAMPLE_IO, .task = step.task};
	if (now >= plan->deadline)
		return give_up(plan, now);
	if (plan->task)
		return plan_await(plan, now);
	return plan_fork_when_allowed(plan, step, now);
}
