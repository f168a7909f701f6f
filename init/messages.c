#include "messages.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "format_number.h"
#include "log.h"
#include "shutdown_kind.h"

/* Logs "'/bin/x' exited with 1" or "'/bin/x' was killed by signal 9", followed
 * by the string more. */
static void log_end(const struct plan *plan, int status, const char *quote,
		    const char *name, const char *more)
{
	bool exited = WIFEXITED(status);
	char number[FORMAT_SIZE];

	log_line(plan->is_machine, LOG_WARNING, quote, name, quote,
		 exited ? " exited with " : " was killed by signal ",
		 format_decimal(number, exited ? WEXITSTATUS(status)
					       : WTERMSIG(status)),
		 more, NULL);
}

void message_job_end(const struct plan *plan)
{
	log_end(plan, plan->job.status, "", "the job", "");
}

/* error is the exit status of kernel_reboot(): the errno of reboot(2). */
static void log_refusal(const struct plan *plan, int error)
{
	errno = error;
	if (plan->is_machine)
		log_line(true, LOG_ERRNO, "reboot(2)", NULL);
}

void message_child_end(const struct plan *plan, enum exit_notice notice,
		       uint32_t slot, int exit_status)
{
	const char *command = table_command(&plan->table, slot);
	int status = table_slot(&plan->table, slot)->history.status;

	if (notice == NOTICE_FAILED)
		log_end(plan, status, "'", command, "");
	else if (notice == NOTICE_THROTTLED)
		log_end(plan, status, "'", command,
			"; it keeps failing, so its restarts are delayed");
	else if (notice == NOTICE_TASK_ENDED && plan->phase == PHASE_REBOOTING)
		log_refusal(plan, exit_status);
}

void message_takeover(const struct plan *plan, int signal, uintptr_t at)
{
	char number[FORMAT_SIZE], address[FORMAT_SIZE];

	if (signal)
		log_line(plan->is_machine, LOG_ERROR, "survived signal ",
			 format_decimal(number, signal), " at 0x",
			 format_hex(address, at), " in phase ",
			 plan_phase_name(plan->phase), NULL);
	else if (phase_is_up(plan->phase))
		log_line(plan->is_machine, LOG_INFO,
			 "re-executed as kindling init " VERSION, NULL);
}

void message_ignored_signal(const struct plan *plan, int signal, int sender)
{
	char number[FORMAT_SIZE], pid[FORMAT_SIZE];

	log_line(plan->is_machine, LOG_WARNING, "signal ",
		 format_decimal(number, signal), " from pid ",
		 format_decimal(pid, sender), " ignored", NULL);
}

/* Logs "waiting for umount /mnt", and the like. */
static void log_wait(const struct plan *plan, const struct step *step,
		     const char *object)
{
	static const char *const tasks[] = {
		[TASK_NONE] = "",
		[TASK_COPY_SELF] = "a copy of init's file",
		[TASK_LOOPS] = "loop devices",
		[TASK_UNMOUNT] = "umount ",
		[TASK_SWAPOFF] = "swapoff ",
		[TASK_SYNC] = "sync",
		[TASK_REPORT_MOUNTS] = "the list of mounts",
		[TASK_REBOOT] = "reboot(2)",
		[TASK_READ_INITTAB] = INITTAB_PATH,
		[TASK_READ_UPGRADE] = "", /* not logged */
		[TASK_CHECK_UPGRADE] = "",
	};
	bool is_over = step->message == MESSAGE_TIMEOUT;

	_Static_assert(sizeof(tasks) / sizeof(tasks[0]) == TASK_COUNT,
		       "a name for each task");
	if (step->slot)
		object = table_command(&plan->table, step->slot);
	else if (step->task && !task_has_list(step->task))
		object = "";
	log_line(plan->is_machine, LOG_WARNING,
		 is_over ? "no longer waiting for " : "waiting for ",
		 tasks[step->task], object, NULL);
}

static void log_no_upgrade(const struct plan *plan, const char *file)
{
	errno = (int)plan->file_error;
	if (errno)
		log_line(plan->is_machine, LOG_ERRNO, "no upgrade: ", file,
			 NULL);
	else
		log_line(plan->is_machine, LOG_ERROR,
			 "no upgrade: the new file does not accept the state",
			 NULL);
}

void message_step(const struct plan *plan, const struct step *step,
		  const char *object)
{
	bool is_machine = plan->is_machine;

	if (step->message == MESSAGE_SHUTDOWN && plan->job.status < 0)
		log_line(is_machine, LOG_INFO, "going down for ",
			 shutdown_name(plan->shutdown), NULL);
	else if (step->message == MESSAGE_SLOW ||
		 step->message == MESSAGE_TIMEOUT)
		log_wait(plan, step, object);
	else if (step->message == MESSAGE_KILL)
		log_line(is_machine, LOG_WARNING,
			 "some processes are still running, sending SIGKILL",
			 NULL);
	else if (step->message == MESSAGE_RELOAD_FAULTED)
		log_line(is_machine, LOG_ERROR,
			 INITTAB_PATH " is not used: init faulted while "
				      "parsing it",
			 NULL);
	else if (step->message == MESSAGE_NO_UPGRADE)
		log_no_upgrade(plan, object);
	else if (step->message == MESSAGE_REFUSED)
		log_line(is_machine, LOG_ERROR, "waiting for another request",
			 NULL);
}
