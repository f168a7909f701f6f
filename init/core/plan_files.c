#include "plan_internal.h"

#include <errno.h>

/*
 * File tasks: what reads a disk is done by a child, one at a time, beside any
 * phase of the boot.
 *
 *   reload    READ_INITTAB, then STEP_RELOAD
 *   upgrade   READ_UPGRADE, CHECK_UPGRADE, then STEP_UPGRADE
 */

/* A reload that ends in a fault of init each time must not end in the emergency
 * loop: it is given up. */
static struct step reload(struct plan *plan)
{
	if (plan->reload_tries++ < PLAN_RELOAD_TRIES)
		return (struct step){.kind = STEP_RELOAD};
	plan->reload_tries = 0;
	plan->reload_read = !plan->is_loaded; /* then the built-in table */
	plan->file_error = EFAULT;
	return plan_message(MESSAGE_RELOAD_FAULTED, 0);
}

static enum task next_task(const struct plan *plan)
{
	if (plan->reload_requested)
		return TASK_READ_INITTAB;
	if (plan->upgrade_read)
		return TASK_CHECK_UPGRADE;
	return plan->upgrade_requested ? TASK_READ_UPGRADE : TASK_NONE;
}

struct step plan_serve_files(struct plan *plan, int64_t now)
{
	struct step step = {.kind = STEP_TASK, .task = next_task(plan)};

	if (plan->reload_read)
		return reload(plan);
	if (plan->upgrade_accepted)
		return (struct step){.kind = STEP_UPGRADE};
	if (plan->upgrade_refused) {
		plan->upgrade_refused = false;
		return plan_message(MESSAGE_NO_UPGRADE, 0);
	}
	if (plan->file_child && now >= plan->file_deadline)
		return (struct step){.kind = STEP_KILL_TASK,
				     .task = plan->file_task};
	if (plan->file_child || !step.task || now < plan->fork_retry_at)
		return PLAN_AGAIN;
	return step;
}

int64_t plan_files_due(const struct plan *plan)
{
	if (plan->file_child)
		return plan->file_deadline;
	return next_task(plan) ? plan->fork_retry_at : FOREVER;
}

bool plan_is_upgrading(const struct plan *plan)
{
	return plan->upgrade_read ||
	       (plan->file_child && plan->file_task != TASK_READ_INITTAB);
}

void plan_file_task_started(struct plan *plan, enum task task, pid_t pid,
			    int64_t now)
{
	plan->file_child = pid;
	plan->file_task = task;
	plan->file_deadline = now + PLAN_DISK_TIMEOUT;
	if (task == TASK_READ_INITTAB) {
		plan->reload_requested = false;
	} else if (task == TASK_READ_UPGRADE) {
		plan->upgrade_requested = false;
	} else {
		plan->upgrade_read = false;
		plan->file_deadline = now + PLAN_CHECK_TIMEOUT;
	}
}

void plan_file_task_ended(struct plan *plan, bool is_done, int error)
{
	plan->file_child = 0;
	plan->file_error = (uint32_t)error;
	if (plan->file_task == TASK_READ_INITTAB)
		plan->reload_read = true;
	else if (!is_done)
		plan->upgrade_refused = true;
	else if (plan->file_task == TASK_READ_UPGRADE)
		plan->upgrade_read = true;
	else
		plan->upgrade_accepted = true;
}

void plan_file_child_exited(struct plan *plan, int status, bool is_retried)
{
	bool has_exited = !(status & 0x7f); /* WIFEXITED */
	int exit_status = status >> 8;	    /* WEXITSTATUS */

	if (is_retried) {
		plan->file_child = 0;
		if (plan->file_task == TASK_READ_INITTAB)
			plan->reload_requested = true;
		else
			plan->upgrade_requested = true;
		return;
	}
	if (plan->file_task == TASK_CHECK_UPGRADE)
		plan_file_task_ended(
			plan, has_exited && exit_status == PLAN_STATE_ACCEPTED,
			0);
	else
		plan_file_task_ended(plan, status == 0,
				     has_exited ? exit_status : EINTR);
}
