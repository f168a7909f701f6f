#define _GNU_SOURCE /* siginfo_t */

#include "cmd_status.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "entry_status.h"
#include "out.h"
#include "pid1.h"
#include "put.h"
#include "snapshot.h"
#include "words.h"

#define WIDTH 80 /* of a terminal that does not know */

enum column {
	COLUMN_NUMBER,
	COLUMN_TTY,
	COLUMN_ACTION,
	COLUMN_STATE,
	COLUMN_PID,
	COLUMN_UP,
	COLUMN_STARTS,
	COLUMN_EXIT,
	COLUMN_COUNT /* the command comes after them */
};

/* What the columns of one entry, or of the head, say. */
struct row {
	const char *cells[COLUMN_COUNT];
	char words[COLUMN_COUNT][WORDS_SIZE];
	const char *command;
	bool is_wide; /* the state may reach over pid and up: there are none */
};

static const struct row head = {
	.cells = {"#", "TTY", "ACTION", "STATE", "PID", "UP", "STARTS", "EXIT"},
	.command = "COMMAND",
};

static struct entrystate state_of(const struct look *look, uint32_t slot)
{
	const struct plan *plan = &look->state->plan;
	const struct slot *s = table_slot(&plan->table, slot);
	bool is_init = s->pid && s->entry.action == ACTION_ASKFIRST &&
		       proc_is_init(s->pid);

	return entrystate_of(plan, slot, is_init, look->now);
}

/* "parked 32 s: no tty". */
static const char *state_words(char *words, const struct entrystate *state)
{
	char number[WORDS_SIZE];

	strcpy(words, state->word);
	if (state->seconds >= 0) {
		strcat(words, " ");
		strcat(words, words_number(number, state->seconds));
		strcat(words, " s");
	}
	if (state->why)
		strcat(strcat(words, ": "), state->why);
	return words;
}

static void make_row(const struct look *look, uint32_t slot, struct row *row)
{
	const struct table *t = &look->state->plan.table;
	const struct slot *s = table_slot(t, slot);
	const struct entrystate state = state_of(look, slot);
	const char *tty = entrystate_tty(t, slot);

	for (int i = 0; i < COLUMN_COUNT; i++) {
		row->words[i][0] = '\0';
		row->cells[i] = row->words[i];
	}
	words_number(row->words[COLUMN_NUMBER], s->history.number);
	row->cells[COLUMN_TTY] = tty ? tty : "-";
	row->cells[COLUMN_ACTION] = entrystate_action(s->entry.action);
	state_words(row->words[COLUMN_STATE], &state);
	row->cells[COLUMN_PID] = row->cells[COLUMN_UP] = "-";
	if (s->pid) {
		row->cells[COLUMN_PID] =
			words_number(row->words[COLUMN_PID], s->pid);
		row->cells[COLUMN_UP] = words_short(
			row->words[COLUMN_UP], look->now - s->history.started);
	}
	words_number(row->words[COLUMN_STARTS], s->history.starts);
	row->cells[COLUMN_EXIT] = "-";
	if (entrystate_has_ended(s))
		row->cells[COLUMN_EXIT] = words_status(row->words[COLUMN_EXIT],
						       s->history.status);
	row->command = table_command(t, slot);
	row->is_wide = !s->pid;
}

/* Calls put for every entry that is shown: first those of the inittab. */
static void for_each(const struct look *look, void *arg,
		     void (*put)(const struct look *look, uint32_t slot,
				 void *arg))
{
	const struct table *t = &look->state->plan.table;

	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 1; i <= t->count; i++) {
			const struct slot *s = table_slot(t, i);

			if (entrystate_is_shown(s) &&
			    (s->membership == SLOT_LISTED) == (pass == 0))
				put(look, i, arg);
		}
}

static void widen(size_t *widths, const struct row *row)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (widths[i] < strlen(row->cells[i]) &&
		    !(i == COLUMN_STATE && row->is_wide))
			widths[i] = strlen(row->cells[i]);
}

static void measure(const struct look *look, uint32_t slot, void *arg)
{
	struct row row;

	make_row(look, slot, &row);
	widen(arg, &row);
}

/* The room of a state that reaches over pid and up. */
static size_t wide_room(const size_t *widths)
{
	return widths[COLUMN_STATE] + 1 + widths[COLUMN_PID] + 1 +
	       widths[COLUMN_UP];
}

/* What such states need, when all else has its width. */
static void measure_wide(const struct look *look, uint32_t slot, void *arg)
{
	size_t *widths = arg, len;
	struct row row;

	make_row(look, slot, &row);
	len = strlen(row.cells[COLUMN_STATE]);
	if (row.is_wide && len > wide_room(widths))
		widths[COLUMN_STATE] += len - wide_room(widths);
}

/* 0: not a terminal, no line is cut. */
static size_t terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col ? size.ws_col : WIDTH;
}

static void put_cell(const struct row *row, const size_t *widths, int i)
{
	bool is_number = i == COLUMN_NUMBER || i == COLUMN_PID ||
			 i == COLUMN_UP || i == COLUMN_STARTS;

	if (is_number)
		put_right(row->cells[i], widths[i]);
	else
		put_left(row->cells[i], widths[i]);
	out_char(' ');
}

static void put_row(const struct row *row, const size_t *widths)
{
	size_t used = 0, width = terminal_width();

	for (int i = 0; i < COLUMN_COUNT; i++) {
		if (i == COLUMN_STATE &&
		    strlen(row->cells[i]) > widths[COLUMN_STATE]) {
			put_left(row->cells[i], wide_room(widths));
			out_char(' ');
			i = COLUMN_UP;
		} else {
			put_cell(row, widths, i);
		}
	}
	for (int i = 0; i < COLUMN_COUNT; i++)
		used += widths[i] + 1;
	put_text(row->command, !width	      ? SIZE_MAX
			       : width > used ? width - used
					      : 0);
	out_char('\n');
}

static void show_entry(const struct look *look, uint32_t slot, void *arg)
{
	struct row row;

	make_row(look, slot, &row);
	put_row(&row, arg);
}

static void show_head(const struct look *look)
{
	const struct state *state = look->state;
	char words[WORDS_SIZE];

	out_text("phase ");
	out_text(plan_phase_name(state->plan.phase));
	out_text(", up ");
	out_text(words_long(words, look->now));
	out_text("; kindling init ");
	put_text(state->settings.version, SIZE_MAX);
	if (state->faults.count) {
		out_text("; ");
		out_text(words_number(words, state->faults.count));
		out_text(state->faults.count == 1 ? " fault" : " faults");
		out_text(" survived");
	}
	if (state->plan.paused)
		out_text("; paused: nothing is started before SIGCONT");
	out_char('\n');
}

static void show_text(const struct look *look)
{
	size_t widths[COLUMN_COUNT] = {0};

	show_head(look);
	widen(widths, &head);
	for_each(look, widths, measure);
	for_each(look, widths, measure_wide);
	put_row(&head, widths);
	for_each(look, widths, show_entry);
}

static void show_object(const struct look *look, uint32_t slot, void *arg)
{
	const struct plan *plan = &look->state->plan;
	const struct table *t = &plan->table;
	const struct slot *s = table_slot(t, slot);
	struct entrystate state = state_of(look, slot);
	int64_t due = entrystate_due(plan, slot);
	struct put_object entry = {'{'};
	char *next = arg;

	out_char(*next);
	*next = ',';
	put_count(&entry, "number", s->history.number);
	put_member(&entry, "tty", entrystate_tty(t, slot));
	put_member(&entry, "action", entrystate_action(s->entry.action));
	put_member(&entry, "command", table_command(t, slot));
	put_member(&entry, "state", *state.word == '-' ? NULL : state.word);
	put_member(&entry, "why", state.why);
	put_count(&entry, "pid", s->pid ? s->pid : -1);
	put_seconds(&entry, "uptime",
		    s->pid ? look->now - s->history.started : -1);
	put_count(&entry, "starts", s->history.starts);
	put_status(&entry, s->history.status, entrystate_has_ended(s));
	put_seconds(&entry, "due", due < 0 ? -1 : due - look->now);
	out_char('}');
}

static void show_json(const struct look *look)
{
	const struct state *state = look->state;
	struct put_object object = {'{'};
	char next = '[';

	put_member(&object, "version", state->settings.version);
	put_member(&object, "phase", plan_phase_name(state->plan.phase));
	put_seconds(&object, "uptime", look->now);
	put_count(&object, "faults", state->faults.count);
	put_bool(&object, "paused", state->plan.paused);
	put_member(&object, "pid1",
		   *state->settings.file ? state->settings.file : NULL);
	put_key(&object, "entries");
	for_each(look, &next, show_object);
	out_text(next == '[' ? "[]}\n" : "]}\n");
}

enum outcome show_status(char **words)
{
	bool is_json = words[0] && strcmp(words[0], "-j") == 0;
	enum outcome outcome;
	struct look look;

	if (words[is_json])
		return OUTCOME_USAGE;
	outcome = look_take(&look);
	if (outcome)
		return outcome;
	if (is_json)
		show_json(&look);
	else
		show_text(&look);
	look_drop(&look);
	return OUTCOME_DONE;
}
