#include "event_log.h"

#include <string.h>

struct event_log event_log_of(const struct event_record *ring,
			      const struct plan *plan)
{
	uint32_t events = plan->event_count;

	return (struct event_log){
		ring, plan,
		events > EVENT_RING_SIZE ? events - EVENT_RING_SIZE : 0};
}

const struct event_record *event_log_at(const struct event_log *log,
					uint32_t event)
{
	return &log->ring[event % EVENT_RING_SIZE];
}

const char *event_log_name(const struct event_record *event)
{
	static const char *const names[] = {
		[EVENT_BOOT] = "boot",		 [EVENT_PHASE] = "phase",
		[EVENT_STARTED] = "started",	 [EVENT_EXITED] = "exited",
		[EVENT_THROTTLED] = "throttled", [EVENT_RELOADED] = "reloaded",
		[EVENT_FAULT] = "fault",	 [EVENT_UPGRADED] = "upgraded",
	};

	_Static_assert(sizeof(names) / sizeof(names[0]) == EVENT_COUNT,
		       "a name for each kind of event");
	return event->kind < EVENT_COUNT ? names[event->kind] : NULL;
}

static bool is_same_child(const struct event_record *a,
			  const struct event_record *b)
{
	return a->pid == b->pid && a->number == b->number;
}

int64_t event_log_lifetime(const struct event_log *log, uint32_t exit)
{
	const struct event_record *end = event_log_at(log, exit);

	for (uint32_t i = exit; i-- > log->first;) {
		const struct event_record *event = event_log_at(log, i);

		if (event->kind == EVENT_STARTED && is_same_child(event, end))
			return end->time - event->time;
	}
	return -1;
}

uint32_t event_log_slot(const struct event_log *log,
			const struct event_record *event)
{
	return event->number
		       ? table_find_number(&log->plan->table, event->number)
		       : 0;
}

static enum list list_of(const struct event_log *log, uint32_t slot)
{
	const struct table *t = &log->plan->table;

	return slot ? table_list(table_slot(t, slot)->entry.action)
		    : LIST_COUNT;
}

static bool runs_getty(const struct table *t, uint32_t slot)
{
	return strstr(table_command(t, slot), "getty");
}

/* The boot ends with the first start of a getty; while there is none, with the
 * first start of a respawn or askfirst entry. */
static void note_boot_start(const struct event_log *log,
			    const struct event_record *event,
			    struct boot_times *boot)
{
	const struct table *t = &log->plan->table;
	uint32_t slot = event_log_slot(log, event);

	if (list_of(log, slot) != LIST_RESPAWN)
		return;
	if (boot->slot && (runs_getty(t, boot->slot) || !runs_getty(t, slot)))
		return;
	boot->slot = slot;
	boot->getty = event->time;
}

static void note_boot_phase(const struct event_record *event,
			    struct boot_times *boot)
{
	enum phase phase = event->status;

	if (phase == PHASE_SYSINIT)
		boot->sysinit = event->time;
	else if (phase >= PHASE_JOB && phase <= PHASE_RUN && boot->services < 0)
		boot->services = event->time;
}

struct boot_times event_log_boot_times(const struct event_log *log)
{
	struct boot_times boot = {-1, -1, -1, -1, 0};

	for (uint32_t i = log->first; i != log->plan->event_count; i++) {
		const struct event_record *event = event_log_at(log, i);

		if (event->kind == EVENT_BOOT)
			boot.init = event->time;
		else if (event->kind == EVENT_PHASE)
			note_boot_phase(event, &boot);
		else if (event->kind == EVENT_STARTED)
			note_boot_start(log, event, &boot);
	}
	return boot;
}

int64_t event_log_duration(const struct event_log *log, uint32_t start,
			   int64_t now)
{
	const struct event_record *begin = event_log_at(log, start);
	enum list list = list_of(log, event_log_slot(log, begin));

	if (begin->kind != EVENT_STARTED || list > LIST_WAIT)
		return -1;
	for (uint32_t i = start; i != log->plan->event_count; i++) {
		const struct event_record *event = event_log_at(log, i);

		if (event->kind == EVENT_EXITED && is_same_child(event, begin))
			return event->time - begin->time;
	}
	return now - begin->time;
}

bool event_log_next_slowest(const struct event_log *log, int64_t now,
			    int64_t *took, uint32_t *start)
{
	int64_t below = *took, longest = -1;
	uint32_t after = *start;

	for (uint32_t i = log->first; i != log->plan->event_count; i++) {
		int64_t this = event_log_duration(log, i, now);

		if (this > longest &&
		    (this < below || (this == below && i > after))) {
			longest = this;
			*start = i;
		}
	}
	*took = longest;
	return longest >= 0;
}
