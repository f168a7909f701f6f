#include "lint.h"

#include <string.h>

#include "inittab.h"
#include "lint_lines.h"
#include "rules_redundant.h"

static uint32_t count_lines(const char *text, uint32_t len)
{
	uint32_t lines = 1;
	const char *end = text + len;

	while (text < end &&
	       (text = memchr(text, '\n', (size_t)(end - text)))) {
		text++;
		lines++;
	}
	return lines;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Upper bounds. An item is a line that is not empty: it has at least two bytes
 * with its newline, and the last line one without. */
static uint32_t max_entries(uint32_t len, uint32_t lines)
{
	return smaller(lines, table_capacity_for(len));
}

static uint32_t max_items(uint32_t len, uint32_t lines)
{
	return smaller(lines, len / 2 + 1);
}

static size_t aligned(size_t size)
{
	return (size + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) *
	       _Alignof(max_align_t);
}

size_t lint_bytes(const char *text, uint32_t len)
{
	uint32_t lines = count_lines(text, len);
	uint32_t capacity = max_entries(len, lines);

	if (len > INITTAB_MAX)
		return 1;
	return aligned(table_bytes(capacity, len)) +
	       aligned(max_items(len, lines) * sizeof(struct lint_item)) +
	       (capacity + 1) * sizeof(uint32_t);
}

static struct lint lint_begin(const char *text, uint32_t len, void *space,
			      const struct lint_sink *sink)
{
	uint32_t lines = count_lines(text, len);
	uint32_t capacity = max_entries(len, lines);
	size_t items_at = aligned(table_bytes(capacity, len));
	size_t lines_at = items_at + aligned(max_items(len, lines) *
					     sizeof(struct lint_item));
	struct lint lint = {
		.source = {text, len},
		.table = space,
		.items = (void *)((char *)space + items_at),
		.slot_lines = (void *)((char *)space + lines_at),
		.read = {0, 1, 0},
		.sink = sink,
	};

	table_init(lint.table, capacity, len);
	memcpy(table_text(lint.table), text, len);
	return lint;
}

/* Adds an item for a line, and finds where the line begins: the parser reports
 * lines in their order. */
static struct lint_item *add_item(struct lint *lint, uint32_t line)
{
	struct lint_item *item = &lint->items[lint->count++];

	while (lint->read.line < line)
		pos_next_line(&lint->source, &lint->read);
	item->start = lint->read;
	return item;
}

/* Finds earlier entries with the same tty and command. */
static void find_duplicates(const struct lint *lint, const struct entry *entry,
			    struct lint_item *item)
{
	const struct table *t = lint->table;
	const char *tty = table_text(t) + entry->tty;
	const char *command = table_text(t) + entry->command;
	uint32_t slot = *table_key_bucket(t, tty, command);

	for (; slot; slot = table_slot(t, slot)->next_key) {
		uint32_t line = lint->slot_lines[slot];

		if (!table_same_key(t, slot, tty, command))
			continue;
		if (table_list(table_slot(t, slot)->entry.action) ==
		    table_list(entry->action))
			item->repeated_line = line;
		else if (line > item->other_action_line)
			item->other_action_line = line;
	}
}

static void add_entry(void *arg, const struct entry *entry, uint32_t line)
{
	struct lint *lint = arg;
	struct lint_item *item = add_item(lint, line);

	find_duplicates(lint, entry, item);
	table_add(lint->table, entry);
	item->slot = lint->table->count;
	lint->slot_lines[item->slot] = line;
}

static void add_fault(void *arg, uint32_t line, uint32_t column,
		      const char *why)
{
	struct lint_item *item = add_item(arg, line);

	item->column = column;
	item->why = why;
}

/* Finds out what depends on all entries. */
static void lint_table(struct lint *lint)
{
	bool may_end = false;

	for (uint32_t i = 1; i <= lint->table->count; i++) {
		const struct slot *slot = table_slot(lint->table, i);

		if (slot->entry.action == ACTION_RESTART &&
		    !lint->restart_line && slot->membership != SLOT_REPEATED)
			lint->restart_line = lint->slot_lines[i];
		if (slot->entry.action != ACTION_CTRLALTDEL)
			continue;
		lint->useless_cad_line = lint->slot_lines[i];
		may_end |= command_may_shut_down(table_command(lint->table, i));
	}
	if (may_end)
		lint->useless_cad_line = 0;
}

static void lint_whole_text(const struct lint *lint)
{
	static const char mark[] = "\xef\xbb\xbf";
	const struct pos start = {0, 1, 0};

	if (lint->source.len > 2 && memcmp(lint->source.text, mark, 3) == 0)
		lint_report(lint, start,
			    "a byte order mark: it becomes part of the first "
			    "field");
	if (lint->table->count == 0)
		lint_report(
			lint, start,
			"no entry at all: init will use its built-in table");
}

void lint_text(const char *text, uint32_t len, void *space,
	       const struct lint_sink *sink)
{
	static const char *const too_large[] = {
		"larger than 16 MiB: init will use its built-in table", NULL};
	struct inittab_sink parser = {NULL, add_entry, add_fault};
	struct lint lint;

	if (len > INITTAB_MAX) {
		sink->finding(sink->arg, 1, 1, too_large);
		return;
	}
	lint = lint_begin(text, len, space, sink);
	parser.arg = &lint;
	inittab_parse(table_text(lint.table), len, &parser);
	lint_table(&lint);
	lint_whole_text(&lint);
	lint_lines(&lint);
}
