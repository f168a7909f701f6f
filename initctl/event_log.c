#include "event_log.h"

#include <string.h>

struct history history_of(const struct event_record *ring,
			  const struct plan *plan)
{
	uint32_t events = plan->event_count;

	return (struct history){
		ring, plan,
		events > EVENT_RING_SIZE ? events - EVENT_RING_SIZE : 0};
}

const struct event_record *history_event(const struct history *history,
					 uint32_t event)
{
	return &history->ring[event % EVENT_RING_SIZE];
}

const char *history_name(const struct event_record *event)
{
	static const char *const names[] = {
		[EVENT_BOOT] = "boot",	      [EVENT_PHASE] = "phase",
		[EVENT_STARTED] = "started",  [EVENT_EXITED] = "exited",
		[EVENT_THROTTLED] = "parked", [EVENT_RELOADED] = "reloaded",
		[EVENT_FAULT] = "fault",      [EVENT_UPGRADED] = "upgraded",
	};

	return event->kind > EVENT_UPGRADED ? NULL : names[event->kind];
}

static bool is_same_child(const struct event_record *a,
			  const struct event_record *b)
{
	return a->pid == b->pid && a->number == b->number;
}

int64_t history_lived(const struct history *history, uint32_t exit)
{
	const struct event_record *end = history_event(history, exit);

	for (uint32_t i = exit; i-- > history->first;) {
		const struct event_record *event = history_event(history, i);

		if (event->kind == EVENT_STARTED && is_same_child(event, end))
			return end->time - event->time;
	}
	return -1;
}

uint32_t history_slot(const struct history *history,
		      const struct event_record *event)
{
	return event->number
		       ? table_find_number(&history->plan->table, event->number)
		       : 0;
}

static enum list list_of(const struct history *history, uint32_t slot)
{
	const struct table *t = &history->plan->table;

	return slot ? table_list(table_slot(t, slot)->entry.action)
		    : LIST_COUNT;
}

static bool has_getty(const struct table *t, uint32_t slot)
{
	const char *command = table_command(t, slot);

	for (; *command; command++)
		if (strncmp(command, "getty", 5) == 0)
			return true;
	return false;
}

/* What a start says of the end of the boot: a getty is it, and all else that
 * is kept running only until there is one. */
static void note_start(const struct history *history,
		       const struct event_record *event,
		       struct history_boot *boot)
{
	const struct table *t = &history->plan->table;
	uint32_t slot = history_slot(history, event);

	if (list_of(history, slot) != LIST_RESPAWN)
		return;
	if (boot->slot && (has_getty(t, boot->slot) || !has_getty(t, slot)))
		return;
	boot->slot = slot;
	boot->getty = event->time;
}

static void note_phase(const struct event_record *event,
		       struct history_boot *boot)
{
	enum phase phase = event->status;

	if (phase == PHASE_SYSINIT)
		boot->sysinit = event->time;
	else if (phase >= PHASE_JOB && phase <= PHASE_RUN && boot->services < 0)
		boot->services = event->time;
}

struct history_boot history_boot(const struct history *history)
{
	struct history_boot boot = {-1, -1, -1, -1, 0};

	for (uint32_t i = history->first; i != history->plan->event_count;
	     i++) {
		const struct event_record *event = history_event(history, i);

		if (event->kind == EVENT_BOOT)
			boot.init = event->time;
		else if (event->kind == EVENT_PHASE)
			note_phase(event, &boot);
		else if (event->kind == EVENT_STARTED)
			note_start(history, event, &boot);
	}
	return boot;
}

int64_t history_took(const struct history *history, uint32_t start, int64_t now)
{
	const struct event_record *begin = history_event(history, start);
	enum list list = list_of(history, history_slot(history, begin));

	if (begin->kind != EVENT_STARTED || list > LIST_WAIT)
		return -1;
	for (uint32_t i = start; i != history->plan->event_count; i++) {
		const struct event_record *event = history_event(history, i);

		if (event->kind == EVENT_EXITED && is_same_child(event, begin))
			return event->time - begin->time;
	}
	return now - begin->time;
}

bool history_slowest(const struct history *history, int64_t now, int64_t *took,
		     uint32_t *start)
{
	int64_t below = *took, longest = -1;
	uint32_t after = *start;

	for (uint32_t i = history->first; i != history->plan->event_count;
	     i++) {
		int64_t this = history_took(history, i, now);

		if (this > longest &&
		    (this < below || (this == below && i > after))) {
			longest = this;
			*start = i;
		}
	}
	*took = longest;
	return longest >= 0;
}
