#define _GNU_SOURCE /* SIGPWR */

#include "shutdown_kind.h"

#include <signal.h>
#include <string.h>

static const struct {
	char name[9];
	uint8_t signal;
	uint8_t container_signal;
} kinds[] = {
	[SHUTDOWN_HALT] = {"halt", SIGUSR1, 37},
	[SHUTDOWN_POWEROFF] = {"poweroff", SIGUSR2, 38},
	[SHUTDOWN_REBOOT] = {"reboot", SIGTERM, 39},
	[SHUTDOWN_RESTART] = {"restart", SIGQUIT, 0},
};

_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == SHUTDOWN_COUNT,
	       "a line for each kind");

const char *shutdown_name(enum shutdown_kind kind)
{
	return kinds[kind].name;
}

enum shutdown_kind shutdown_kind_of_name(const char *name)
{
	for (enum shutdown_kind k = SHUTDOWN_HALT; k < SHUTDOWN_COUNT; k++)
		if (strcmp(kinds[k].name, name) == 0)
			return k;
	return SHUTDOWN_NONE;
}

enum shutdown_kind shutdown_kind_of_signal(int signal)
{
	if (signal == SIGPWR)
		return SHUTDOWN_POWEROFF;
	for (enum shutdown_kind k = SHUTDOWN_HALT; k < SHUTDOWN_COUNT; k++)
		if (kinds[k].signal == signal ||
		    (signal && kinds[k].container_signal == signal))
			return k;
	return SHUTDOWN_NONE;
}

int shutdown_signal(enum shutdown_kind kind)
{
	return kinds[kind].signal;
}

int shutdown_container_signal(enum shutdown_kind kind)
{
	return kinds[kind].container_signal;
}
