#include "plan_internal.h"

enum shutdown_kind plan_shutdown_kind(const struct plan *plan)
{
	return plan->shutdown == SHUTDOWN_POWEROFF ? plan->poweroff_kind
						   : plan->shutdown;
}

bool plan_wants_watchdog(const struct plan *plan, bool is_open)
{
	enum shutdown_kind kind = plan_shutdown_kind(plan);

	if (!plan->is_machine || !plan_is_shutting_down(plan) ||
	    phase_is_rebooting(plan->phase))
		return false;
	return is_open || kind == SHUTDOWN_POWEROFF || kind == SHUTDOWN_REBOOT;
}

int plan_exit_status(const struct plan *plan)
{
	int status = plan->job.status;

	if (status < 0)
		return 0;
	return status & 0x7f ? 128 + (status & 0x7f) : status >> 8;
}
