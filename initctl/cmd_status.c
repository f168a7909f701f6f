#define _GNU_SOURCE /* siginfo_t */

#include "cmd_status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "entry_status.h"
#include "json.h"
#include "output.h"
#include "pid1.h"
#include "snapshot.h"

#define DEFAULT_WIDTH 80 /* of a terminal that reports a width of 0 */

enum column {
	COLUMN_NUMBER,
	COLUMN_TTY,
	COLUMN_ACTION,
	COLUMN_STATE,
	COLUMN_PID,
	COLUMN_UP,
	COLUMN_STARTS,
	COLUMN_EXIT,
	COLUMN_COUNT /* the command follows, up to the end of the line */
};

/* The texts of one line of the table. */
struct row {
	const char *cells[COLUMN_COUNT]; /* may point to the buffers */
	char buffers[COLUMN_COUNT][FORMAT_SIZE];
	const char *command;
	bool is_wide; /* has no pid: the state may extend over pid and up */
};

static const struct row header = {
	.cells = {"#", "TTY", "ACTION", "STATE", "PID", "UP", "STARTS", "EXIT"},
	.command = "COMMAND",
};

static struct entry_status status_of(const struct snapshot *snapshot,
				     uint32_t slot)
{
	const struct plan *plan = &snapshot->state->plan;
	const struct slot *s = table_slot(&plan->table, slot);
	bool is_init = s->pid && s->entry.action == ACTION_ASKFIRST &&
		       pid1_runs_same_program(s->pid);

	return entry_status_of(plan, slot, is_init, snapshot->taken);
}

/* Writes "throttled 32 s: no tty" to a buffer of FORMAT_SIZE bytes. */
static void format_status_text(char *buffer, const struct entry_status *status)
{
	size_t used;

	strcpy(buffer, status->state);
	used = strlen(buffer);
	if (status->seconds >= 0)
		snprintf(buffer + used, FORMAT_SIZE - used, " %" PRId64 " s",
			 status->seconds);
	used = strlen(buffer);
	if (status->reason)
		snprintf(buffer + used, FORMAT_SIZE - used, ": %s",
			 status->reason);
}

static void make_row(const struct snapshot *snapshot, uint32_t slot,
		     struct row *row)
{
	const struct table *t = &snapshot->state->plan.table;
	const struct slot *s = table_slot(t, slot);
	const struct entry_status status = status_of(snapshot, slot);
	const char *tty = entry_tty_name(t, slot);

	for (int i = 0; i < COLUMN_COUNT; i++) {
		row->buffers[i][0] = '\0';
		row->cells[i] = row->buffers[i];
	}
	snprintf(row->buffers[COLUMN_NUMBER], FORMAT_SIZE, "%u",
		 s->history.number);
	row->cells[COLUMN_TTY] = tty ? tty : "-";
	row->cells[COLUMN_ACTION] = entry_action_name(s->entry.action);
	format_status_text(row->buffers[COLUMN_STATE], &status);
	snprintf(row->buffers[COLUMN_PID], FORMAT_SIZE, "%d", s->pid);
	format_span_short(row->buffers[COLUMN_UP],
			  snapshot->taken - s->history.started);
	if (!s->pid)
		row->cells[COLUMN_PID] = row->cells[COLUMN_UP] = "-";
	snprintf(row->buffers[COLUMN_STARTS], FORMAT_SIZE, "%u",
		 s->history.starts);
	format_status(row->buffers[COLUMN_EXIT], s->history.status);
	if (!entry_has_ended(s))
		row->cells[COLUMN_EXIT] = "-";
	row->command = table_command(t, slot);
	row->is_wide = !s->pid;
}

/* Calls print for every slot that is shown: first for those in the inittab. */
static void for_each_entry(const struct snapshot *snapshot, void *arg,
			   void (*print)(const struct snapshot *snapshot,
					 uint32_t slot, void *arg))
{
	const struct table *t = &snapshot->state->plan.table;

	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 1; i <= t->count; i++) {
			const struct slot *s = table_slot(t, i);

			if (entry_is_shown(s) &&
			    (s->membership == SLOT_LISTED) == (pass == 0))
				print(snapshot, i, arg);
		}
}

static void widen(size_t *widths, const struct row *row)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (widths[i] < strlen(row->cells[i]) &&
		    !(i == COLUMN_STATE && row->is_wide))
			widths[i] = strlen(row->cells[i]);
}

static void measure_row(const struct snapshot *snapshot, uint32_t slot,
			void *arg)
{
	struct row row;

	make_row(snapshot, slot, &row);
	widen(arg, &row);
}

/* The width for a state that extends over pid and up. */
static size_t wide_width(const size_t *widths)
{
	return widths[COLUMN_STATE] + 1 + widths[COLUMN_PID] + 1 +
	       widths[COLUMN_UP];
}

/* Second pass, when all other widths are known: widens the column of the state
 * for the states that extend over pid and up. */
static void measure_wide(const struct snapshot *snapshot, uint32_t slot,
			 void *arg)
{
	size_t *widths = arg, len;
	struct row row;

	make_row(snapshot, slot, &row);
	len = strlen(row.cells[COLUMN_STATE]);
	if (row.is_wide && len > wide_width(widths))
		widths[COLUMN_STATE] += len - wide_width(widths);
}

/* The width at which lines are cut; 0: standard output is no terminal, and no
 * line is cut. */
static size_t terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col ? size.ws_col : DEFAULT_WIDTH;
}

static void print_cell(const struct row *row, const size_t *widths, int i)
{
	bool is_number = i == COLUMN_NUMBER || i == COLUMN_PID ||
			 i == COLUMN_UP || i == COLUMN_STARTS;

	if (is_number)
		output_right(row->cells[i], widths[i]);
	else
		output_left(row->cells[i], widths[i]);
	putchar(' ');
}

static void print_row(const struct row *row, const size_t *widths)
{
	size_t used = 0, width = terminal_width();

	for (int i = 0; i < COLUMN_COUNT; i++) {
		if (i == COLUMN_STATE &&
		    strlen(row->cells[i]) > widths[COLUMN_STATE]) {
			output_left(row->cells[i], wide_width(widths));
			putchar(' ');
			i = COLUMN_UP;
		} else {
			print_cell(row, widths, i);
		}
	}
	for (int i = 0; i < COLUMN_COUNT; i++)
		used += widths[i] + 1;
	output_safe(row->command, !width	 ? SIZE_MAX
				  : width > used ? width - used
						 : 0);
	putchar('\n');
}

static void print_entry(const struct snapshot *snapshot, uint32_t slot,
			void *arg)
{
	struct row row;

	make_row(snapshot, slot, &row);
	print_row(&row, arg);
}

static void print_summary(const struct snapshot *snapshot)
{
	const struct state *state = snapshot->state;
	char up[FORMAT_SIZE];

	printf("phase %s, up %s; kindling init ",
	       plan_phase_name(state->plan.phase),
	       format_span_long(up, snapshot->taken));
	output_safe(state->settings.version, SIZE_MAX);
	if (state->faults.count)
		printf("; %u fault%s survived", state->faults.count,
		       state->faults.count == 1 ? "" : "s");
	if (state->plan.paused)
		fputs("; paused: starts nothing before SIGCONT", stdout);
	putchar('\n');
}

static void print_text(const struct snapshot *snapshot)
{
	size_t widths[COLUMN_COUNT] = {0};

	print_summary(snapshot);
	widen(widths, &header);
	for_each_entry(snapshot, widths, measure_row);
	for_each_entry(snapshot, widths, measure_wide);
	print_row(&header, widths);
	for_each_entry(snapshot, widths, print_entry);
}

static void print_entry_json(const struct snapshot *snapshot, uint32_t slot,
			     void *arg)
{
	const struct plan *plan = &snapshot->state->plan;
	const struct table *t = &plan->table;
	const struct slot *s = table_slot(t, slot);
	struct entry_status status = status_of(snapshot, slot);
	int64_t due = entry_due(plan, slot);
	struct json_object entry;
	bool *is_first = arg;

	if (!*is_first)
		putchar(',');
	*is_first = false;
	entry = json_begin();
	json_number(&entry, "number", s->history.number);
	json_string(&entry, "tty", entry_tty_name(t, slot));
	json_string(&entry, "action", entry_action_name(s->entry.action));
	json_string(&entry, "command", table_command(t, slot));
	json_string(&entry, "state",
		    *status.state == '-' ? NULL : status.state);
	json_string(&entry, "why", status.reason);
	json_number(&entry, "pid", s->pid ? s->pid : -1);
	json_seconds(&entry, "uptime",
		     s->pid ? snapshot->taken - s->history.started : -1);
	json_number(&entry, "starts", s->history.starts);
	json_status(&entry, s->history.status, entry_has_ended(s));
	json_seconds(&entry, "due", due < 0 ? -1 : due - snapshot->taken);
	json_end();
}

static void print_json(const struct snapshot *snapshot)
{
	const struct state *state = snapshot->state;
	struct json_object object = json_begin();
	bool is_first = true;

	json_string(&object, "version", state->settings.version);
	json_string(&object, "phase", plan_phase_name(state->plan.phase));
	json_seconds(&object, "uptime", snapshot->taken);
	json_number(&object, "faults", state->faults.count);
	json_bool(&object, "paused", state->plan.paused);
	json_string(&object, "pid1",
		    *state->settings.file ? state->settings.file : NULL);
	json_key(&object, "entries");
	putchar('[');
	for_each_entry(snapshot, &is_first, print_entry_json);
	putchar(']');
	json_end();
	putchar('\n');
}

enum outcome cmd_status(const struct options *options)
{
	struct snapshot snapshot;
	enum outcome outcome = snapshot_take(&snapshot);

	if (outcome)
		return outcome;
	if (options->json)
		print_json(&snapshot);
	else
		print_text(&snapshot);
	snapshot_free(&snapshot);
	return OUTCOME_DONE;
}
