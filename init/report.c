#include "report.h"

#include <string.h>
#include <sys/wait.h>

#include "kmsg.h"

/* "'/bin/x' exited with 1", "'/bin/x' was killed by signal 9", and then. */
static void report_end(const struct plan *plan, uint32_t slot, const char *then)
{
	int status = table_slot(&plan->table, slot)->status;
	bool exited = WIFEXITED(status);
	char number[KMSG_NUMBER];

	kmsg_say(plan->machine, KMSG_WARNING, "'",
		 table_command(&plan->table, slot),
		 exited ? "' exited with " : "' was killed by signal ",
		 kmsg_number(number,
			     exited ? WEXITSTATUS(status) : WTERMSIG(status)),
		 then, NULL);
}

void report_news(const struct plan *plan, enum news news, uint32_t slot,
		 int exit_status)
{
	if (news == NEWS_FAILED)
		report_end(plan, slot, "");
	else if (news == NEWS_PUT_OFF)
		report_end(plan, slot,
			   "; it keeps failing, and is started less often");
	else if (news == NEWS_TASK_ENDED && exit_status &&
		 plan->phase == PHASE_REBOOTING &&
		 plan->machine) /* its status is an errno: machine_end() */
		kmsg_say(true, KMSG_ERROR, "reboot(2): ", strerror(exit_status),
			 NULL);
}

void report_step(const struct plan *plan, const struct step *step)
{
	static const char *const endings[] = {
		[ENDING_HALT] = "halt",
		[ENDING_POWEROFF] = "poweroff",
		[ENDING_REBOOT] = "reboot",
		[ENDING_RESTART] = "another init",
	};
	bool machine = plan->machine;

	if (step->say == SAY_DOWN)
		kmsg_say(machine, KMSG_INFO, "going down for ",
			 endings[plan->ending], NULL);
	else if (step->say == SAY_LATE)
		kmsg_say(machine, KMSG_WARNING, "'",
			 table_command(&plan->table, step->slot),
			 "' takes too long, not waiting for it", NULL);
	else if (step->say == SAY_KILL)
		kmsg_say(machine, KMSG_WARNING,
			 "not all have ended, killing what is left", NULL);
	else
		kmsg_say(machine, KMSG_ERROR, "waiting for another request",
			 NULL);
}
