#include "plan.h"

const char *plan_phase_name(enum phase phase)
{
	static const char *const names[] = {
		[PHASE_SYSINIT] = "sysinit",
		[PHASE_WAIT] = "wait",
		[PHASE_JOB] = "job",
		[PHASE_ONCE] = "once",
		[PHASE_RUN] = "run",
		[PHASE_SHUTDOWN] = "shutdown",
		[PHASE_TERM] = "term",
		[PHASE_HANGUP] = "hangup",
		[PHASE_GRACE] = "grace",
		[PHASE_KILL] = "kill",
		[PHASE_REAP] = "reap",
		[PHASE_RESTART] = "restart",
		[PHASE_RELEASE_SELF] = "release-self",
		[PHASE_LOOPS] = "loops",
		[PHASE_MOUNTS] = "mounts",
		[PHASE_SWAPS] = "swaps",
		[PHASE_SYNC] = "sync",
		[PHASE_REPORT_MOUNTS] = "report-mounts",
		[PHASE_REBOOT] = "reboot",
		[PHASE_REBOOTING] = "rebooting",
	};

	_Static_assert(sizeof(names) / sizeof(names[0]) == PHASE_COUNT,
		       "a name for each phase");
	return names[phase];
}
