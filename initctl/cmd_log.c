#define _GNU_SOURCE /* siginfo_t */

#include "cmd_log.h"

#include <string.h>

#include "entry_status.h"
#include "event_log.h"
#include "out.h"
#include "put.h"
#include "snapshot.h"
#include "words.h"

#define POLL 100 /* ms between two looks for new events */

/* Columns of a line. */
#define TIME_WIDTH 12
#define NAME_WIDTH 9
#define NUMBER_WIDTH 2

struct options {
	bool is_json;
	bool follows;
};

static struct history history_in(const struct look *look)
{
	return history_of(look->state->ring, &look->state->plan);
}

static const char *phase_of(const struct event_record *event)
{
	return event->status < PHASE_COUNT
		       ? plan_phase_name((enum phase)event->status)
		       : "?";
}

static void put_words(const char *before, const char *words)
{
	out_text(before);
	out_text(words);
}

/* " 2 ttyS0 /sbin/getty". */
void journal_put_entry(const struct history *history,
		       const struct event_record *event)
{
	const struct table *t = &history->plan->table;
	uint32_t slot = history_slot(history, event);
	char words[WORDS_SIZE];
	const char *tty;

	put_right(words_number(words, event->number), NUMBER_WIDTH);
	if (!slot)
		return;
	tty = entrystate_tty(t, slot);
	out_char(' ');
	put_left(tty ? tty : "-", 0);
	out_char(' ');
	put_text(table_command(t, slot), SIZE_MAX);
}

/* " with 7, after 12.300 s". */
static void put_end(const struct history *history, uint32_t number)
{
	const struct event_record *event = history_event(history, number);
	int64_t lived = history_lived(history, number);
	char words[WORDS_SIZE];

	put_words(words_is_signal(event->status) ? " by " : " with ",
		  words_status(words, event->status));
	if (lived >= 0) {
		put_words(", after ", words_ms(words, lived / 1000));
		out_text(" s");
	}
}

static void put_line(const struct history *history, uint32_t number)
{
	const struct event_record *event = history_event(history, number);
	char words[WORDS_SIZE];

	put_right(words_us(words, event->time), TIME_WIDTH);
	out_text("  ");
	if (event->kind == EVENT_FAULT) {
		put_words("survived ", words_signal(words, event->status));
	} else if (event->kind == EVENT_PHASE) {
		put_words("phase ", phase_of(event));
	} else if (!event->number) {
		out_text(history_name(event));
	} else {
		put_left(history_name(event), NAME_WIDTH);
		journal_put_entry(history, event);
	}
	if (event->pid)
		put_words(" pid ", words_number(words, event->pid));
	if (event->kind == EVENT_EXITED)
		put_end(history, number);
	out_char('\n');
}

static void put_members_of_entry(struct put_object *object,
				 const struct history *history,
				 const struct event_record *event)
{
	const struct table *t = &history->plan->table;
	uint32_t slot = history_slot(history, event);

	put_count(object, "entry", event->number);
	if (!slot)
		return;
	put_member(object, "tty", entrystate_tty(t, slot));
	put_member(object, "action",
		   entrystate_action(table_slot(t, slot)->entry.action));
	put_member(object, "command", table_command(t, slot));
}

static void put_object(const struct history *history, uint32_t number)
{
	const struct event_record *event = history_event(history, number);
	struct put_object object = {'{'};
	char words[WORDS_SIZE];

	put_key(&object, "time");
	out_text(words_us(words, event->time));
	put_member(&object, "event", history_name(event));
	if (event->number)
		put_members_of_entry(&object, history, event);
	if (event->pid)
		put_count(&object, "pid", event->pid);
	if (event->kind == EVENT_EXITED)
		put_count(&object,
			  words_is_signal(event->status) ? "signal" : "status",
			  words_code(event->status));
	else if (event->kind == EVENT_FAULT)
		put_count(&object, "signal", event->status);
	else if (event->kind == EVENT_PHASE)
		put_member(&object, "phase", phase_of(event));
	out_text("}\n");
}

/* Prints the events from this one on. */
static void put_events(const struct history *history, uint32_t from,
		       const struct options *options)
{
	for (uint32_t i = from; i != history->plan->event_count; i++) {
		if (!history_name(history_event(history, i)))
			continue;
		if (options->is_json)
			put_object(history, i);
		else
			put_line(history, i);
	}
}

/* How many came after the first `seen`, and are gone from the ring. */
static void say_missed(const struct history *history, uint32_t seen)
{
	char words[WORDS_SIZE];

	out_error("initctl: ");
	out_error(words_number(words, history->first - seen));
	out_error(" events came and went unseen\n");
}

/* Where to go on after `seen` events; from the beginning if it counts anew:
 * init has lost its state. */
static uint32_t go_on(const struct history *history, uint32_t seen)
{
	uint32_t new = history->plan->event_count - seen;

	if (history->plan->event_count < seen)
		return history->first;
	if (new <= EVENT_RING_SIZE)
		return seen;
	say_missed(history, seen);
	return history->first;
}

/* Until somebody ends it, or there is no state to be read any more. */
static enum outcome follow(struct look *look, const struct options *options)
{
	enum outcome outcome = OUTCOME_DONE;

	while (!outcome && out_flush()) {
		uint32_t seen = look->state->plan.event_count;

		look_wait(POLL);
		outcome = look_again(look);
		if (!outcome) {
			const struct history history = history_in(look);

			put_events(&history, go_on(&history, seen), options);
		}
	}
	return outcome;
}

static bool read_options(char **words, struct options *options)
{
	for (; *words; words++)
		if (strcmp(*words, "-j") == 0)
			options->is_json = true;
		else if (strcmp(*words, "-f") == 0)
			options->follows = true;
		else
			return false;
	return true;
}

enum outcome journal_log(char **words)
{
	struct options options = {false, false};
	struct history history;
	enum outcome outcome;
	struct look look;

	if (!read_options(words, &options))
		return OUTCOME_USAGE;
	outcome = look_take(&look);
	if (outcome)
		return outcome;
	history = history_in(&look);
	put_events(&history, history.first, &options);
	if (options.follows)
		outcome = follow(&look, &options);
	look_drop(&look);
	return outcome;
}
