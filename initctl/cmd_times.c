#define _GNU_SOURCE /* siginfo_t */

#include "cmd_times.h"

#include <stdio.h>

#include "cmd_log.h"
#include "event_log.h"
#include "output.h"
#include "snapshot.h"

#define WIDTH 9 /* of a column of seconds */

/* Prints "    0.412 s  ", the beginning of each line. */
static void print_duration(int64_t us)
{
	char seconds[FORMAT_SIZE];

	printf("%*s s  ", WIDTH, format_ms(seconds, us / 1000));
}

static void print_slowest(const struct event_log *log, int64_t now,
			  const struct boot_times *boot)
{
	int64_t duration = INT64_MAX;
	uint32_t start = 0;

	while (event_log_next_slowest(log, now, &duration, &start)) {
		const struct event_record *event = event_log_at(log, start);

		if (boot->services >= 0 && event->time > boot->services)
			continue; /* started again by initctl, after the boot */
		print_duration(duration);
		log_print_entry(log, event);
		putchar('\n');
	}
}

/* Prints one part of the boot, if both its beginning and its end are known. */
static void print_span(int64_t from, int64_t to, const char *what)
{
	if (from < 0 || to < 0)
		return;
	print_duration(to - from);
	puts(what);
}

static void print_times(const struct snapshot *snapshot)
{
	const struct event_log log =
		event_log_of(snapshot->state->ring, &snapshot->state->plan);
	const struct boot_times boot = event_log_boot_times(&log);

	print_slowest(&log, snapshot->taken * 1000, &boot);
	print_span(0, boot.init, "from the start of the kernel to init");
	print_span(boot.init, boot.sysinit, "from init to sysinit");
	print_span(boot.sysinit, boot.services, "sysinit and wait");
	print_span(boot.services, boot.getty, "from wait to the first getty");
	print_span(0, boot.getty, "total");
	if (boot.init < 0)
		puts("The boot is no longer in the log, which holds 256 "
		     "events.");
	else if (boot.getty < 0)
		puts("The boot has not finished.");
}

enum outcome cmd_times(const struct options *options)
{
	struct snapshot snapshot;
	enum outcome outcome = snapshot_take(&snapshot);

	(void)options; /* none applies */
	if (outcome)
		return outcome;
	print_times(&snapshot);
	snapshot_free(&snapshot);
	return OUTCOME_DONE;
}
