#define _GNU_SOURCE /* environ */

#include "launch.h"

#include <unistd.h>

#include "job.h"
#include "kernel.h"
#include "log.h"
#include "mount.h"
#include "reexec.h"
#include "shutdown_kind.h"
#include "spawn.h"
#include "watchdog.h"

/* The value of INIT_REASON for a child; NULL: not set. */
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
		.is_shell = is_job || table_is_shell(table, slot),
		.is_machine = plan->is_machine,
		.last_status = s->history.status,
		.environment = environ,
		.runlevel = state->settings.runlevel,
		.reason = reason(state, s->entry.action),
		.words_size = is_job && plan->job.is_words ? plan->job.size : 0,
		.inherit_all = plan->job.is_only,
		.is_job = is_job,
		.state_map = state,
		.state_map_size = state->size,
	};
}

/* TASK_REBOOT, run by the child: reports the exit status of a job, then calls
 * reboot(2). Returns errno if that is refused. */
static int reboot_machine(const void *of)
{
	const struct plan *plan = of;
	const enum shutdown_kind kind = plan_shutdown_kind(plan);

	if (plan->job.status >= 0)
		job_report_exit(plan_exit_status(plan));
	return kernel_reboot(&kind);
}

static pid_t start_task(struct state *state, const struct spawn *spawn,
			enum task task)
{
	static int (*const tasks[])(const void *) = {
		[TASK_LOOPS] = mount_detach_loops,
		[TASK_UNMOUNT] = mount_release,
		[TASK_SWAPOFF] = mount_swapoff,
		[TASK_SYNC] = kernel_sync,
		[TASK_REBOOT] = reboot_machine,
		[TASK_PROBE_UPGRADE] = reexec_probe,
	};
	/* copies: the state may hold the next object before the child reads
	 * them */
	const struct mount_line line = state->scan_line;
	const struct reexec_probe_args probe = {state->fd,
						state->settings.file};
	const void *argument = &line;

	_Static_assert(sizeof(tasks) / sizeof(tasks[0]) == TASK_COUNT,
		       "a function for each task");
	if (task == TASK_PROBE_UPGRADE) {
		argument = &probe;
	} else if (task == TASK_REBOOT) {
		argument = &state->plan;
		/* a running watchdog would reset a machine that has halted */
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
		(void)reboot_machine(&state->plan); /* nothing else is left */
	return pid;
}

void launch_in_place(struct state *state, uint32_t slot)
{
	struct spawn spawn = spawn_of(state, slot);

	spawn_exec_in_place(&spawn);
}
