#define _GNU_SOURCE /* siginfo_t */

#include "cmd_log.h"

#include "entry_status.h"
#include "event_log.h"
#include "out.h"
#include "put.h"
#include "snapshot.h"
#include "words.h"

#define WIDTH 9 /* of a number of seconds */

/* "   0.412 s  2 ttyS0 /etc/rc". */
static void put_took(int64_t us)
{
	char words[WORDS_SIZE];

	put_right(words_ms(words, us / 1000), WIDTH);
	out_text(" s  ");
}

static void put_slowest(const struct history *history, int64_t now,
			const struct history_boot *boot)
{
	int64_t took = INT64_MAX;
	uint32_t start = 0;

	while (history_slowest(history, now, &took, &start)) {
		const struct event_record *event =
			history_event(history, start);

		if (boot->services >= 0 && event->time > boot->services)
			continue; /* somebody ran it again */
		put_took(took);
		journal_put_entry(history, event);
		out_char('\n');
	}
}

/* One part of the boot, if both its ends are known. */
static void put_span(int64_t from, int64_t to, const char *what)
{
	if (from < 0 || to < 0)
		return;
	put_took(to - from);
	out_text(what);
	out_char('\n');
}

static void put_times(const struct look *look)
{
	const struct history history =
		history_of(look->state->ring, &look->state->plan);
	const struct history_boot boot = history_boot(&history);

	put_slowest(&history, look->now * 1000, &boot);
	put_span(0, boot.init, "from the kernel's start to init");
	put_span(boot.init, boot.sysinit, "from init to sysinit");
	put_span(boot.sysinit, boot.services, "sysinit and wait");
	put_span(boot.services, boot.getty, "from there to the first getty");
	put_span(0, boot.getty, "in all");
	if (boot.init < 0)
		out_text("The boot is too long ago: init remembers the last "
			 "events only.\n");
	else if (boot.getty < 0)
		out_text("The boot is not over.\n");
}

enum outcome journal_times(char **words)
{
	enum outcome outcome;
	struct look look;

	if (*words)
		return OUTCOME_USAGE;
	outcome = look_take(&look);
	if (outcome)
		return outcome;
	put_times(&look);
	look_drop(&look);
	return OUTCOME_DONE;
}
