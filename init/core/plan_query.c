#include "plan_internal.h"

enum ending plan_ending(const struct plan *plan)
{
	return plan->ending == ENDING_POWEROFF ? plan->poweroff : plan->ending;
}

bool plan_wants_watchdog(const struct plan *plan, bool is_held)
{
	enum ending ending = plan_ending(plan);
	bool is_wanted = ending == ENDING_POWEROFF || ending == ENDING_REBOOT;

	return plan->machine && plan_is_down(plan) &&
	       plan->phase < PHASE_REBOOT && (is_wanted || is_held);
}

int plan_exit_status(const struct plan *plan)
{
	int status = plan->job_status;

	if (status < 0)
		return 0;
	return status & 0x7f ? 128 + (status & 0x7f) : status >> 8;
}
