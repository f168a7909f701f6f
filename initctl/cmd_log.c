#define _GNU_SOURCE /* siginfo_t */

#include "cmd_log.h"

#include <stdio.h>
#include <sys/wait.h>

#include "entry_status.h"
#include "event_log.h"
#include "json.h"
#include "output.h"
#include "snapshot.h"

#define POLL_INTERVAL 100 /* ms between two snapshots */

/* Widths of columns. */
#define TIME_WIDTH 12
#define NAME_WIDTH 10
#define NUMBER_WIDTH 2

static struct event_log log_of(const struct snapshot *snapshot)
{
	return event_log_of(snapshot->state->ring, &snapshot->state->plan);
}

static const char *phase_name(const struct event_record *event)
{
	return event->status < PHASE_COUNT
		       ? plan_phase_name((enum phase)event->status)
		       : "?";
}

/* Prints " 2 ttyS0 /sbin/getty". */
void log_print_entry(const struct event_log *log,
		     const struct event_record *event)
{
	const struct table *t = &log->plan->table;
	uint32_t slot = event_log_slot(log, event);
	const char *tty;

	printf("%*u", NUMBER_WIDTH, event->number);
	if (!slot)
		return;
	tty = entry_tty_name(t, slot);
	putchar(' ');
	output_safe(tty ? tty : "-", SIZE_MAX);
	putchar(' ');
	output_safe(table_command(t, slot), SIZE_MAX);
}

/* Prints " with 7, after 12.300 s". */
static void print_end(const struct event_log *log, uint32_t number)
{
	const struct event_record *event = event_log_at(log, number);
	int64_t lived = event_log_lifetime(log, number);
	char buffer[FORMAT_SIZE];

	printf(" %s %s", WIFSIGNALED(event->status) ? "by" : "with",
	       format_status(buffer, event->status));
	if (lived >= 0)
		printf(", after %s s", format_ms(buffer, lived / 1000));
}

static void print_event(const struct event_log *log, uint32_t number)
{
	const struct event_record *event = event_log_at(log, number);
	char buffer[FORMAT_SIZE];

	printf("%*s  ", TIME_WIDTH, format_us(buffer, event->time));
	if (event->kind == EVENT_FAULT) {
		printf("survived %s", format_signal(buffer, event->status));
	} else if (event->kind == EVENT_PHASE) {
		printf("phase %s", phase_name(event));
	} else if (!event->number) {
		fputs(event_log_name(event), stdout);
	} else {
		printf("%-*s", NAME_WIDTH, event_log_name(event));
		log_print_entry(log, event);
	}
	if (event->pid)
		printf(" pid %d", event->pid);
	if (event->kind == EVENT_EXITED)
		print_end(log, number);
	putchar('\n');
}

static void print_entry_members(struct json_object *object,
				const struct event_log *log,
				const struct event_record *event)
{
	const struct table *t = &log->plan->table;
	uint32_t slot = event_log_slot(log, event);

	json_number(object, "entry", event->number);
	if (!slot)
		return;
	json_string(object, "tty", entry_tty_name(t, slot));
	json_string(object, "action",
		    entry_action_name(table_slot(t, slot)->entry.action));
	json_string(object, "command", table_command(t, slot));
}

static void print_event_json(const struct event_log *log, uint32_t number)
{
	const struct event_record *event = event_log_at(log, number);
	struct json_object object = json_begin();
	char buffer[FORMAT_SIZE];

	json_key(&object, "time");
	fputs(format_us(buffer, event->time), stdout);
	json_string(&object, "event", event_log_name(event));
	if (event->number)
		print_entry_members(&object, log, event);
	if (event->pid)
		json_number(&object, "pid", event->pid);
	if (event->kind == EVENT_EXITED)
		json_number(&object,
			    WIFSIGNALED(event->status) ? "signal" : "status",
			    WIFSIGNALED(event->status)
				    ? WTERMSIG(event->status)
				    : WEXITSTATUS(event->status));
	else if (event->kind == EVENT_FAULT)
		json_number(&object, "signal", event->status);
	else if (event->kind == EVENT_PHASE)
		json_string(&object, "phase", phase_name(event));
	json_end();
	putchar('\n');
}

/* Prints all events from index `from` on. */
static void print_events(const struct event_log *log, uint32_t from,
			 const struct options *options)
{
	for (uint32_t i = from; i != log->plan->event_count; i++) {
		if (!event_log_name(event_log_at(log, i)))
			continue;
		if (options->json)
			print_event_json(log, i);
		else
			print_event(log, i);
	}
}

/* The index of the first event that was not printed, when `seen` is the number
 * of events in the snapshot before. If the count is lower now, init has lost
 * its state and has begun a new ring, which is printed as a whole. */
static uint32_t next_unseen(const struct event_log *log, uint32_t seen)
{
	uint32_t new = log->plan->event_count - seen;

	if (log->plan->event_count < seen)
		return log->first;
	if (new <= EVENT_RING_SIZE)
		return seen;
	error_line("%u events were missed", log->first - seen);
	return log->first;
}

/* Prints new events until the process is killed, the state can't be read or the
 * output can't be written. */
static enum outcome follow(struct snapshot *snapshot,
			   const struct options *options)
{
	enum outcome outcome = OUTCOME_DONE;

	while (!outcome && !output_flush()) {
		uint32_t seen = snapshot->state->plan.event_count;

		sleep_ms(POLL_INTERVAL);
		outcome = snapshot_retake(snapshot);
		if (!outcome) {
			const struct event_log log = log_of(snapshot);

			print_events(&log, next_unseen(&log, seen), options);
		}
	}
	return outcome;
}

enum outcome cmd_log(const struct options *options)
{
	struct snapshot snapshot;
	enum outcome outcome = snapshot_take(&snapshot);
	struct event_log log;

	if (outcome)
		return outcome;
	log = log_of(&snapshot);
	print_events(&log, log.first, options);
	if (options->follow)
		outcome = follow(&snapshot, options);
	snapshot_free(&snapshot);
	return outcome;
}
