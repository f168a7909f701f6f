#include "plan_internal.h"

struct step plan_next(struct plan *plan, int64_t now)
{
	struct step step;

	do
		step = plan->phase <= PHASE_RUN ? plan_boot_next(plan, now)
						: plan_shutdown_next(plan, now);
	while (step.kind == STEP_AGAIN);
	return step;
}
