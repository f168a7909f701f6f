#define _GNU_SOURCE /* environ */

#include "launch.h"

#include <unistd.h>

#include "command.h"
#include "job.h"
#include "kernel.h"
#include "log.h"
#include "messages.h"
#include "mount.h"
#include "reexec.h"
#include "spawn.h"
#include "watchdog.h"

static const char *reason(const struct state *state, enum action action)
{
	if (action == ACTION_CTRLALTDEL)
		return "ctrlaltdel";
	return action == ACTION_SHUTDOWN ? shutdown_name(state->plan.shutdown)
					 : NULL;
}

static struct spawn spawn_of(struct state *state, uint32_t slot)
{
	const struct plan *plan = &state->plan;
	const struct table *table = &plan->table;
	const struct slot *s = table_slot(table, slot);
	bool is_job = s->entry.action == ACTION_JOB;

	return (struct spawn){
		.tty = table_tty(table, slot),
		.console = state->settings.console,
		.command = table_command(table, slot),
		.ask = s->entry.action == ACTION_ASKFIRST,
		.is_shell = is_job || s->entry.action == ACTION_ASKFIRST ||
			    command_is_login(table_command(table, slot)),
		.is_machine = plan->is_machine,
		.last_status = s->status,
		.environment = environ,
		.runlevel = state->settings.runlevel,
		.reason = reason(state, s->entry.action),
		.words_size = is_job && plan->is_words ? plan->job_size : 0,
		.inherit_all = plan->is_only_job,
		.is_job = is_job,
		.state_map = state,
		.state_map_size = state->size,
	};
}

/* For a child: the end, and before it the last of a job. Returns why it could
 * not be had (kernel_reboot()). */
static int end_all(const void *of)
{
	const struct plan *plan = of;
	const enum shutdown_kind ending = plan_shutdown_kind(plan);

	if (plan->job_status >= 0)
		job_report_exit(plan_exit_status(plan));
	return kernel_reboot(&ending);
}

static pid_t start_task(struct state *state, const struct spawn *spawn,
			enum task task)
{
	static int (*const tasks[])(const void *) = {
		[TASK_LOOPS] = mount_detach_loops,
		[TASK_SWAPOFF] = mount_swapoff,
		[TASK_UNMOUNT] = mount_release,
		[TASK_SYNC] = kernel_sync,
		[TASK_REBOOT] = end_all,
		[TASK_PROBE_UPGRADE] = reexec_probe,
	};
	const struct mount_line line =
		state->scan_line; /* the next may be there */
	const void *argument = &line;
	const struct reexec_probe_args question = {state->fd,
						   state->settings.file};

	if (task == TASK_PROBE_UPGRADE) {
		argument = &question;
	} else if (task == TASK_REBOOT) {
		argument = &state->plan;
		/* it would end what has halted */
		if (plan_shutdown_kind(&state->plan) != SHUTDOWN_REBOOT)
			watchdog_disarm(&state->watchdog);
	}
	return spawn_task(spawn, tasks[task], argument,
			  &state->mailboxes.started);
}

pid_t launch_step(struct state *state, const struct step *step)
{
	bool is_entry = step->kind == STEP_START;
	struct spawn spawn = spawn_of(state, is_entry ? step->slot : 0);
	pid_t pid;

	state->mailboxes.starting = *step;
	if (is_entry)
		pid = spawn_entry(&spawn, &state->mailboxes.started);
	else
		pid = start_task(state, &spawn, step->task);
	if (pid < 0 && !state->plan.fork_retry_at)
		log_line(state->plan.is_machine, LOG_ERRNO,
			 "can't fork, trying again", NULL);
	if (pid < 0 && step->task == TASK_REBOOT)
		(void)end_all(&state->plan); /* nobody is left to wait for */
	return pid;
}

void launch_in_place(struct state *state, uint32_t slot)
{
	struct spawn spawn = spawn_of(state, slot);

	spawn_exec_in_place(&spawn);
}
