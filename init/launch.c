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
	return action == ACTION_SHUTDOWN ? report_ending(state->plan.ending)
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
		.machine = plan->machine,
		.last_status = s->status,
		.environment = environ,
		.runlevel = state->settings.runlevel,
		.reason = reason(state, s->entry.action),
		.words_size = is_job && plan->is_words ? plan->job_size : 0,
		.as_is = plan->is_only_job,
		.is_job = is_job,
		.guarded = state,
		.guarded_size = state->size,
	};
}

/* For a child: the end, and before it the last of a job. Returns why it could
 * not be had (machine_end()). */
static int end_all(const void *of)
{
	const struct plan *plan = of;
	const enum ending ending = plan_ending(plan);

	if (plan->job_status >= 0)
		job_exit(plan_exit_status(plan));
	return machine_end(&ending);
}

static pid_t start_task(struct state *state, const struct spawn *spawn,
			enum task task)
{
	static int (*const tasks[])(const void *) = {
		[TASK_LOOPS] = mount_detach_loops,
		[TASK_SWAPOFF] = mount_swapoff,
		[TASK_UNMOUNT] = mount_unmount,
		[TASK_SYNC] = machine_sync,
		[TASK_REBOOT] = end_all,
		[TASK_CHECK] = image_ask,
	};
	const struct mount_line line = state->line; /* the next may be there */
	const void *argument = &line;
	const struct image_question question = {state->fd,
						state->settings.file};

	if (task == TASK_CHECK) {
		argument = &question;
	} else if (task == TASK_REBOOT) {
		argument = &state->plan;
		/* it would end what has halted */
		if (plan_ending(&state->plan) != ENDING_REBOOT)
			machine_unwatch(&state->watchdog);
	}
	return spawn_task(spawn, tasks[task], argument, &state->mail.started);
}

pid_t child_start(struct state *state, const struct step *step)
{
	bool is_entry = step->kind == STEP_START;
	struct spawn spawn = spawn_of(state, is_entry ? step->slot : 0);
	pid_t pid;

	state->mail.starting = *step;
	if (is_entry)
		pid = spawn_entry(&spawn, &state->mail.started);
	else
		pid = start_task(state, &spawn, step->task);
	if (pid < 0 && !state->plan.hold)
		kmsg_say(state->plan.machine, KMSG_FAILED,
			 "can't fork, trying again", NULL);
	if (pid < 0 && step->task == TASK_REBOOT)
		(void)end_all(&state->plan); /* nobody is left to wait for */
	return pid;
}

void child_replace_us(struct state *state, uint32_t slot)
{
	struct spawn spawn = spawn_of(state, slot);

	spawn_replace(&spawn);
}
