#include "plan_internal.h"

#include <string.h>

size_t plan_bytes(uint32_t capacity, uint32_t text_size)
{
	return offsetof(struct plan, table) + table_bytes(capacity, text_size);
}

void plan_init(struct plan *plan, bool machine, uint32_t capacity,
	       uint32_t text_size)
{
	plan->is_machine = machine;
	plan->grace = PLAN_GRACE;
	plan->stop_timeout = PLAN_STOP_TIMEOUT;
	plan->poweroff_kind = SHUTDOWN_POWEROFF;
	plan->job_status = -1;
	table_init(&plan->table, capacity, text_size);
}

/* A number of seconds, in ms; false if it is none, or more than a year. */
static bool read_seconds(const char *text, int64_t *ms)
{
	int64_t seconds = 0;

	if (!text)
		return true;
	if (!*text)
		return false;
	for (; *text >= '0' && *text <= '9' && seconds < PLAN_OPTION_MAX_S;
	     text++)
		seconds = seconds * 10 + (*text - '0');
	if (*text || seconds > PLAN_OPTION_MAX_S)
		return false;
	*ms = seconds * 1000;
	return true;
}

static bool read_ending(const char *text, enum shutdown_kind *ending)
{
	if (!text || strcmp(text, "off") == 0)
		return true;
	if (strcmp(text, "reboot") == 0)
		*ending = SHUTDOWN_REBOOT;
	else if (strcmp(text, "halt") == 0)
		*ending = SHUTDOWN_HALT;
	else
		return false;
	return true;
}

bool plan_set_options(struct plan *plan, const char *grace, const char *stop,
		      const char *poweroff)
{
	bool good = read_seconds(grace, &plan->grace);

	good = read_seconds(stop, &plan->stop_timeout) && good;
	if (plan->stop_timeout == 0)
		plan->stop_timeout = FOREVER;
	return read_ending(poweroff, &plan->poweroff_kind) && good;
}
