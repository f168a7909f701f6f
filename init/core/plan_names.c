#include "plan.h"

#include <string.h>

const char *plan_phase_name(enum phase phase)
{
	static const char names[] =
		"sysinit\0wait\0job\0once\0run\0shutdown\0term\0"
		"hangup\0grace\0kill\0reap\0restart\0"
		"copy\0loops\0mounts\0swaps\0sync\0left\0"
		"reboot\0rebooting";
	const char *name = names;

	for (enum phase i = 0; i < phase; i++)
		name += strlen(name) + 1;
	return name;
}
