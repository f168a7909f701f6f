#include "messages.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "format.h"
#include "log.h"

/* "'/bin/x' exited with 1", "'/bin/x' was killed by signal 9", and then. */
static void report_end(const struct plan *plan, int status, const char *quote,
		       const char *who, const char *then)
{
	bool exited = WIFEXITED(status);
	char number[FORMAT_SIZE];

	log_line(plan->is_machine, LOG_WARNING, quote, who, quote,
		 exited ? " exited with " : " was killed by signal ",
		 format_decimal(number, exited ? WEXITSTATUS(status)
					       : WTERMSIG(status)),
		 then, NULL);
}

void message_job_end(const struct plan *plan)
{
	if (plan->job_status >= 0)
		report_end(plan, plan->job_status, "", "the job", "");
}

/* Why reboot(2) came back: kernel_reboot(). */
static void report_refusal(const struct plan *plan, int error)
{
	errno = error;
	if (plan->is_machine)
		log_line(true, LOG_ERRNO, "reboot(2)", NULL);
}

void message_child_end(const struct plan *plan, enum exit_notice news,
		       uint32_t slot, int exit_status)
{
	const char *command = table_command(&plan->table, slot);
	int status = table_slot(&plan->table, slot)->status;

	if (news == NOTICE_FAILED)
		report_end(plan, status, "'", command, "");
	else if (news == NOTICE_THROTTLED)
		report_end(plan, status, "'", command,
			   "; it keeps failing, and is started less often");
	else if (news == NOTICE_UPGRADE_REFUSED)
		log_line(plan->is_machine, LOG_ERROR,
			 "no upgrade: the new file does not know the state",
			 NULL);
	else if (news == NOTICE_TASK_ENDED && plan->phase == PHASE_REBOOTING)
		report_refusal(plan, exit_status);
}

const char *shutdown_name(enum shutdown_kind ending)
{
	const char *name = "\0halt\0poweroff\0reboot\0restart";

	while (ending--)
		name += strlen(name) + 1;
	return name;
}

void message_takeover(const struct plan *plan, int signal, uintptr_t at)
{
	char number[FORMAT_SIZE], address[FORMAT_SIZE];

	if (signal)
		log_line(plan->is_machine, LOG_ERROR, "survived signal ",
			 format_decimal(number, signal), " at 0x",
			 format_hex(address, at), " in phase ",
			 plan_phase_name(plan->phase), NULL);
	else if (plan->phase <= PHASE_RUN)
		log_line(plan->is_machine, LOG_INFO,
			 "goes on as kindling init " VERSION, NULL);
}

void message_ignored_signal(const struct plan *plan, int signal, int sender)
{
	char number[FORMAT_SIZE], pid[FORMAT_SIZE];

	log_line(plan->is_machine, LOG_WARNING, "signal ",
		 format_decimal(number, signal), " from pid ",
		 format_decimal(pid, sender), " ignored", NULL);
}

/* "waiting for umount /mnt", and the like. */
static void report_wait(const struct plan *plan, const struct step *step,
			const char *who)
{
	static const char *const tasks[] = {
		[TASK_NONE] = "",
		[TASK_LOOPS] = "loop devices",
		[TASK_SWAPOFF] = "swapoff ",
		[TASK_UNMOUNT] = "umount ",
		[TASK_SYNC] = "sync",
	};
	bool late = step->message == MESSAGE_TIMEOUT;

	if (step->slot)
		who = table_command(&plan->table, step->slot);
	else if (step->task == TASK_LOOPS || step->task == TASK_SYNC)
		who = "";
	log_line(plan->is_machine, LOG_WARNING,
		 late ? "no longer waiting for " : "waiting for ",
		 tasks[step->task], who, NULL);
}

void message_step(const struct plan *plan, const struct step *step,
		  const char *who)
{
	bool machine = plan->is_machine;

	if (step->message == MESSAGE_SHUTDOWN && plan->job_status < 0)
		log_line(machine, LOG_INFO, "going down for ",
			 shutdown_name(plan->shutdown), NULL);
	else if (step->message == MESSAGE_SLOW ||
		 step->message == MESSAGE_TIMEOUT)
		report_wait(plan, step, who);
	else if (step->message == MESSAGE_KILL)
		log_line(machine, LOG_WARNING,
			 "not all have ended, killing what is left", NULL);
	else if (step->message == MESSAGE_RELOAD_FAULTED)
		log_line(machine, LOG_ERROR,
			 "the table in use is kept: faults while " INITTAB_PATH
			 " was read",
			 NULL);
	else if (step->message == MESSAGE_REFUSED)
		log_line(machine, LOG_ERROR, "waiting for another request",
			 NULL);
}
