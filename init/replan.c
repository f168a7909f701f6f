#include "plan.h"

#include <string.h>

#include "adopt.h"
#include "respawn.h"

size_t plan_bytes(uint32_t capacity, uint32_t text_size)
{
	return offsetof(struct plan, table) + table_bytes(capacity, text_size);
}

void plan_init(struct plan *plan, bool machine, uint32_t capacity,
	       uint32_t text_size)
{
	plan->machine = machine;
	plan->grace = PLAN_GRACE;
	plan->stop = PLAN_STOP;
	plan->poweroff = ENDING_POWEROFF;
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
	for (; *text >= '0' && *text <= '9' && seconds < PLAN_YEAR; text++)
		seconds = seconds * 10 + (*text - '0');
	if (*text || seconds > PLAN_YEAR)
		return false;
	*ms = seconds * 1000;
	return true;
}

static bool read_ending(const char *text, enum ending *ending)
{
	if (!text || strcmp(text, "off") == 0)
		return true;
	if (strcmp(text, "reboot") == 0)
		*ending = ENDING_REBOOT;
	else if (strcmp(text, "halt") == 0)
		*ending = ENDING_HALT;
	else
		return false;
	return true;
}

bool plan_wish(struct plan *plan, const char *grace, const char *stop,
	       const char *poweroff)
{
	bool good = read_seconds(grace, &plan->grace);

	good = read_seconds(stop, &plan->stop) && good;
	if (plan->stop == 0)
		plan->stop = FOREVER;
	return read_ending(poweroff, &plan->poweroff) && good;
}

static void queue(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	int64_t due = respawn_asked(s, now);

	if (s->end == END_TERM)
		table_push_due(&plan->table, slot, now);
	else if (s->end == END_KILL)
		table_push_due(&plan->table, slot, s->due);
	else if (s->fate == SLOT_LISTED && !s->pid && !s->is_held &&
		 due > now && plan->phase == PHASE_RUN &&
		 table_list(s->entry.action) == LIST_RESPAWN)
		table_push_due(&plan->table, slot, due);
}

void plan_queue(struct plan *plan, int64_t now)
{
	for (uint32_t i = 1; i <= plan->table.count; i++)
		queue(plan, i, now);
}

static uint32_t heir(struct plan *old, uint32_t slot)
{
	return slot ? table_slot(&old->table, slot)->heir : 0;
}

/* A new entry whose phase has begun is not run any more. */
static void settle(struct plan *plan, uint32_t slot, uint32_t old_numbers)
{
	struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);

	if (s->number > old_numbers && list < LIST_RESPAWN &&
	    list <= plan_list(plan->phase))
		s->done |= (uint8_t)(1 << list);
}

void plan_adopt(struct plan *plan, struct plan *old, int64_t now)
{
	enum list list;

	if (!old) {
		adopt_table(&plan->table, NULL);
		plan_enter(plan, PHASE_SYSINIT, FOREVER, now);
		return;
	}
	adopt_table(&plan->table, &old->table);
	plan->phase = old->phase;
	plan->ending = old->ending;
	plan->paused = old->paused;
	plan->ctrlaltdel = old->ctrlaltdel;
	plan->alone = old->alone;
	plan->upgrade = old->upgrade;
	plan->is_known = old->is_known;
	plan->checker = old->checker;
	plan->hold = old->hold;
	plan->grace = old->grace;
	plan->stop = old->stop;
	plan->poweroff = old->poweroff;
	plan->job_status = old->job_status;
	plan->events = old->events;
	plan->waiting = heir(old, old->waiting);
	plan->cad_waiting = heir(old, old->cad_waiting);
	plan->cad_cursor = heir(old, old->cad_cursor);
	plan->deadline = FOREVER;
	for (uint32_t i = 1; i <= plan->table.count; i++)
		settle(plan, i, old->table.numbers);
	plan_queue(plan, now);
	list = plan_list(plan->phase);
	plan->cursor = plan_undone(plan, plan->table.first[list]);
}
