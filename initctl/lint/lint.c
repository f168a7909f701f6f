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

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* As many entries as there can be; and lines that are not empty, two bytes each
 * but for the last. */
static uint32_t most_entries(uint32_t len, uint32_t lines)
{
	return least(lines, table_capacity_for(len));
}

static uint32_t most_items(uint32_t len, uint32_t lines)
{
	return least(lines, len / 2 + 1);
}

static size_t aligned(size_t size)
{
	return (size + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) *
	       _Alignof(max_align_t);
}

size_t check_space(const char *text, uint32_t len)
{
	uint32_t lines = count_lines(text, len);
	uint32_t capacity = most_entries(len, lines);

	if (len > INITTAB_MAX)
		return 1;
	return aligned(table_bytes(capacity, len)) +
	       aligned(most_items(len, lines) * sizeof(struct item)) +
	       (capacity + 1) * sizeof(uint32_t);
}

static struct check check_of(const char *text, uint32_t len, void *space,
			     const struct check_sink *sink)
{
	uint32_t lines = count_lines(text, len);
	uint32_t capacity = most_entries(len, lines);
	size_t items_at = aligned(table_bytes(capacity, len));
	size_t lines_at = items_at +
			  aligned(most_items(len, lines) * sizeof(struct item));
	struct check c = {
		.source = {text, len},
		.table = space,
		.items = (void *)((char *)space + items_at),
		.slot_lines = (void *)((char *)space + lines_at),
		.read = {0, 1, 0},
		.sink = sink,
	};

	table_init(c.table, capacity, len);
	memcpy(table_text(c.table), text, len);
	return c;
}

/* The next line that the parser met: it counts what we count. */
static struct item *add_item(struct check *c, uint32_t line)
{
	struct item *item = &c->items[c->count++];

	while (c->read.line < line)
		point_next_line(&c->source, &c->read);
	item->start = c->read;
	return item;
}

/* Looks for the same tty and command further up. */
static void find_likes(const struct check *c, const struct entry *entry,
		       struct item *item)
{
	const struct table *t = c->table;
	const char *tty = table_text(t) + entry->tty;
	const char *command = table_text(t) + entry->command;
	uint32_t slot = *table_key_bucket(t, tty, command);

	for (; slot; slot = table_slot(t, slot)->next_key) {
		uint32_t line = c->slot_lines[slot];

		if (!table_same_key(t, slot, tty, command))
			continue;
		if (table_list(table_slot(t, slot)->entry.action) ==
		    table_list(entry->action))
			item->same = line;
		else if (line > item->twin)
			item->twin = line;
	}
}

static void take_entry(void *arg, const struct entry *entry, uint32_t line)
{
	struct check *c = arg;
	struct item *item = add_item(c, line);

	find_likes(c, entry, item);
	table_add(c->table, entry);
	item->slot = c->table->count;
	c->slot_lines[item->slot] = line;
}

static void take_fault(void *arg, uint32_t line, uint32_t column,
		       const char *why)
{
	struct item *item = add_item(arg, line);

	item->column = column;
	item->why = why;
}

/* What only the whole of the entries tells. */
static void look_at_all(struct check *c)
{
	bool may_end = false;

	for (uint32_t i = 1; i <= c->table->count; i++) {
		const struct slot *slot = table_slot(c->table, i);

		if (slot->entry.action == ACTION_RESTART && !c->restart &&
		    slot->membership != SLOT_REPEATED)
			c->restart = c->slot_lines[i];
		if (slot->entry.action != ACTION_CTRLALTDEL)
			continue;
		c->dead_end = c->slot_lines[i];
		may_end |= duty_may_end(table_command(c->table, i));
	}
	if (may_end)
		c->dead_end = 0;
}

static void look_at_text(const struct check *c)
{
	static const char mark[] = "\xef\xbb\xbf";
	const struct point start = {0, 1, 0};

	if (c->source.len > 2 && memcmp(c->source.text, mark, 3) == 0)
		inspect_say(c, start,
			    "a byte order mark: it becomes part of the first "
			    "field");
	if (c->table->count == 0)
		inspect_say(
			c, start,
			"no entry at all: init will use its built-in table");
}

void check_text(const char *text, uint32_t len, void *space,
		const struct check_sink *sink)
{
	static const char *const too_large[] = {
		"larger than 16 MiB: init will use its built-in table", NULL};
	struct inittab_sink parser = {NULL, take_entry, take_fault};
	struct check c;

	if (len > INITTAB_MAX) {
		sink->finding(sink->arg, 1, 1, too_large);
		return;
	}
	c = check_of(text, len, space, sink);
	parser.arg = &c;
	inittab_parse(table_text(c.table), len, &parser);
	look_at_all(&c);
	look_at_text(&c);
	inspect_lines(&c);
}
