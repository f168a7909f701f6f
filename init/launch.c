#define _GNU_SOURCE /* environ, dup3 */

#include "launch.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "job.h"
#include "kernel.h"
#include "load_inittab.h"
#include "log.h"
#include "memory_file.h"
#include "messages.h"
#include "mount.h"
#include "reexec.h"
#include "shutdown_kind.h"
#include "spawn.h"
#include "state_file.h"
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

/* TASK_REBOOT, run by the child: reports how a job ended, then calls
 * reboot(2). Returns errno if that is refused. */
static int reboot_machine(const void *of)
{
	const struct plan *plan = of;
	const enum shutdown_kind kind = plan_shutdown_kind(plan);

	if (plan->job.status >= 0) {
		message_job_end(plan);
		job_report_exit(plan_exit_status(plan));
	}
	return kernel_reboot(&kind);
}

/* Makes FD_FILE an empty file in memory, if this is a task that fills it. */
static void make_file(enum task task)
{
	bool is_program = task != TASK_READ_INITTAB;
	int fd;

	if (task != TASK_COPY_SELF && task != TASK_READ_UPGRADE && is_program)
		return;
	close(FD_FILE);
	fd = memory_file_create(is_program ? "init" : "inittab", is_program);
	(void)dup3(fd, FD_FILE, O_CLOEXEC);
	close(fd);
}

static pid_t start_task(struct state *state, const struct spawn *spawn,
			enum task task)
{
	static int (*const tasks[])(const void *) = {
		[TASK_COPY_SELF] = reexec_copy_self,
		[TASK_LOOPS] = mount_detach_loops,
		[TASK_UNMOUNT] = mount_release_all,
		[TASK_SWAPOFF] = mount_release_all,
		[TASK_SYNC] = kernel_sync,
		[TASK_REPORT_MOUNTS] = mount_log_remaining,
		[TASK_REBOOT] = reboot_machine,
		[TASK_READ_INITTAB] = load_read_inittab,
		[TASK_READ_UPGRADE] = reexec_read_upgrade,
		[TASK_CHECK_UPGRADE] = reexec_check_upgrade,
	};
	const struct plan *plan = &state->plan;
	const struct mount_release release = {
		task == TASK_SWAPOFF ? MOUNT_SWAPS : MOUNT_MOUNTS,
		plan->hung_ids, plan->hung_count, state_progress(state)};
	/* a copy: by the time the child reads it, the state may be another */
	const int fd = state->fd;
	const void *argument = &release;

	_Static_assert(sizeof(tasks) / sizeof(tasks[0]) == TASK_COUNT,
		       "a function for each task");
	make_file(task);
	if (task_has_list(task)) /* what the child before has left there */
		memset(release.progress, 0,
		       offsetof(struct release_progress, path));
	if (task == TASK_CHECK_UPGRADE) {
		memory_file_seal(FD_FILE);
		argument = &fd;
	} else if (task == TASK_READ_UPGRADE) {
		argument = state->settings.file;
	} else if (task == TASK_REBOOT) {
		argument = plan;
		/* a running watchdog would reset a machine that has halted */
		if (plan_shutdown_kind(plan) != SHUTDOWN_REBOOT)
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
