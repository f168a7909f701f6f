#include "plan_internal.h"

#include <string.h>

#include "reconcile.h"
#include "shutdown_kind.h"

size_t plan_bytes(uint32_t capacity, uint32_t text_size)
{
	return offsetof(struct plan, table) + table_bytes(capacity, text_size);
}

void plan_init(struct plan *plan, bool is_machine, uint32_t capacity,
	       uint32_t text_size)
{
	plan->is_machine = is_machine;
	plan->grace = PLAN_GRACE;
	plan->stop_timeout = PLAN_STOP_TIMEOUT;
	plan->poweroff_kind = SHUTDOWN_POWEROFF;
	plan->job.status = -1;
	table_init(&plan->table, capacity, text_size);
}

/* Reads a number of seconds and writes it in ms; NULL changes nothing. Returns
 * false if text is no number, or more than PLAN_OPTION_MAX_S. */
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

/* Reads INIT_POWEROFF; NULL and "off" leave the default, a poweroff. Returns
 * false if text is invalid. */
static bool read_kind(const char *text, enum shutdown_kind *kind)
{
	enum shutdown_kind named;

	if (!text || strcmp(text, "off") == 0)
		return true;
	named = shutdown_kind_of_name(text);
	if (named != SHUTDOWN_REBOOT && named != SHUTDOWN_HALT)
		return false;
	*kind = named;
	return true;
}

bool plan_set_options(struct plan *plan, const char *grace, const char *stop,
		      const char *poweroff)
{
	bool is_valid = read_seconds(grace, &plan->grace);

	is_valid = read_seconds(stop, &plan->stop_timeout) && is_valid;
	if (plan->stop_timeout == 0)
		plan->stop_timeout = FOREVER;
	return read_kind(poweroff, &plan->poweroff_kind) && is_valid;
}

void plan_boot(struct plan *plan, bool is_loaded, int64_t now)
{
	reconcile_tables(&plan->table, NULL);
	plan->is_loaded = is_loaded;
	plan->reload_requested = !is_loaded;
	plan_enter_phase(plan, PHASE_SYSINIT, FOREVER, now);
}
