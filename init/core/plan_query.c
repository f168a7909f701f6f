#include "plan_internal.h"

enum shutdown_kind plan_shutdown_kind(const struct plan *plan)
{
	return plan->shutdown == SHUTDOWN_POWEROFF ? plan->poweroff_kind
						   : plan->shutdown;
}

bool plan_wants_watchdog(const struct plan *plan, bool is_held)
{
	enum shutdown_kind ending = plan_shutdown_kind(plan);
	bool is_wanted =
		ending == SHUTDOWN_POWEROFF || ending == SHUTDOWN_REBOOT;

	return plan->is_machine && plan_is_shutting_down(plan) &&
	       plan->phase < PHASE_REBOOT && (is_wanted || is_held);
}

int plan_exit_status(const struct plan *plan)
{
	int status = plan->job_status;

	if (status < 0)
		return 0;
	return status & 0x7f ? 128 + (status & 0x7f) : status >> 8;
}
