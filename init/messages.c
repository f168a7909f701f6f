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
	char number[KMSG_NUMBER];

	kmsg_say(plan->machine, KMSG_WARNING, quote, who, quote,
		 exited ? " exited with " : " was killed by signal ",
		 kmsg_number(number,
			     exited ? WEXITSTATUS(status) : WTERMSIG(status)),
		 then, NULL);
}

void report_job(const struct plan *plan)
{
	if (plan->job_status >= 0)
		report_end(plan, plan->job_status, "", "the job", "");
}

/* Why reboot(2) came back: machine_end(). */
static void report_refusal(const struct plan *plan, int error)
{
	errno = error;
	if (plan->machine)
		kmsg_say(true, KMSG_FAILED, "reboot(2)", NULL);
}

void report_news(const struct plan *plan, enum news news, uint32_t slot,
		 int exit_status)
{
	const char *command = table_command(&plan->table, slot);
	int status = table_slot(&plan->table, slot)->status;

	if (news == NEWS_FAILED)
		report_end(plan, status, "'", command, "");
	else if (news == NEWS_PUT_OFF)
		report_end(plan, status, "'", command,
			   "; it keeps failing, and is started less often");
	else if (news == NEWS_NOT_KNOWN)
		kmsg_say(plan->machine, KMSG_ERROR,
			 "no upgrade: the new file does not know the state",
			 NULL);
	else if (news == NEWS_TASK_ENDED && plan->phase == PHASE_REBOOTING)
		report_refusal(plan, exit_status);
}

const char *report_ending(enum ending ending)
{
	const char *name = "\0halt\0poweroff\0reboot\0restart";

	while (ending--)
		name += strlen(name) + 1;
	return name;
}

void report_takeover(const struct plan *plan, int signal, uintptr_t at)
{
	char number[KMSG_NUMBER], address[KMSG_NUMBER];

	if (signal)
		kmsg_say(plan->machine, KMSG_ERROR, "survived signal ",
			 kmsg_number(number, signal), " at 0x",
			 kmsg_address(address, at), " in phase ",
			 plan_phase_name(plan->phase), NULL);
	else if (plan->phase <= PHASE_RUN)
		kmsg_say(plan->machine, KMSG_INFO,
			 "goes on as kindling init " VERSION, NULL);
}

void report_sender(const struct plan *plan, int signal, int sender)
{
	char number[KMSG_NUMBER], pid[KMSG_NUMBER];

	kmsg_say(plan->machine, KMSG_WARNING, "signal ",
		 kmsg_number(number, signal), " from pid ",
		 kmsg_number(pid, sender), " ignored", NULL);
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
	bool late = step->say == SAY_LATE;

	if (step->slot)
		who = table_command(&plan->table, step->slot);
	else if (step->task == TASK_LOOPS || step->task == TASK_SYNC)
		who = "";
	kmsg_say(plan->machine, KMSG_WARNING,
		 late ? "no longer waiting for " : "waiting for ",
		 tasks[step->task], who, NULL);
}

void report_step(const struct plan *plan, const struct step *step,
		 const char *who)
{
	bool machine = plan->machine;

	if (step->say == SAY_DOWN && plan->job_status < 0)
		kmsg_say(machine, KMSG_INFO, "going down for ",
			 report_ending(plan->ending), NULL);
	else if (step->say == SAY_SLOW || step->say == SAY_LATE)
		report_wait(plan, step, who);
	else if (step->say == SAY_KILL)
		kmsg_say(machine, KMSG_WARNING,
			 "not all have ended, killing what is left", NULL);
	else if (step->say == SAY_FAULTS)
		kmsg_say(machine, KMSG_ERROR,
			 "the table in use is kept: faults while " INITTAB_PATH
			 " was read",
			 NULL);
	else if (step->say == SAY_REFUSED)
		kmsg_say(machine, KMSG_ERROR, "waiting for another request",
			 NULL);
}
