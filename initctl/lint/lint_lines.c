#include "lint_lines.h"

#include <string.h>

#include "action_hint.h"
#include "rules.h"

static void report(const struct lint *lint, struct pos p,
		   const char *const *parts)
{
	lint->sink->finding(lint->sink->arg, p.line, p.at - p.start + 1, parts);
}

void lint_report(const struct lint *lint, struct pos p, const char *text)
{
	const char *const parts[] = {text, NULL};

	report(lint, p, parts);
}

static bool is_space(const struct lint *lint, uint32_t at)
{
	return source_has_byte(&lint->source, at, ' ') ||
	       source_has_byte(&lint->source, at, '\t') ||
	       source_has_byte(&lint->source, at, '\r');
}

/* Moves from the last byte of a line that the parser used to the next line. A
 * NUL that has hidden the rest of the line from the parser is a finding. */
static void skip_rest_of_line(const struct lint *lint, struct pos *p)
{
	pos_skip_continuations(&lint->source, p);
	while (is_space(lint, p->at)) {
		p->at++;
		pos_skip_continuations(&lint->source, p);
	}
	if (source_has_byte(&lint->source, p->at, '\0'))
		lint_report(lint, *p,
			    "a NUL byte: the rest of this line is ignored");
	pos_next_line(&lint->source, p);
}

/* The byte of the parser's copy that holds this byte of the joined line. */
static char *parsed_byte(const struct lint *lint, const struct lint_item *item,
			 size_t byte)
{
	return table_text(lint->table) + item->start.at + byte;
}

/* Moves to the next colon of the joined line. Returns the distance (bytes of
 * the joined line). */
static size_t walk_to_colon(const struct lint *lint, struct pos *p)
{
	size_t bytes = 0;

	for (;; bytes++) {
		pos_skip_continuations(&lint->source, p);
		if (p->at >= lint->source.len ||
		    lint->source.text[p->at] == ':')
			return bytes;
		p->at++;
	}
}

/* Copies the second field without whitespace from the original text: the parser
 * does not keep it. */
static void read_runlevels(const struct lint *lint,
			   const struct lint_item *item,
			   char runlevels[RUNLEVELS_SIZE])
{
	struct pos p = item->start;
	size_t len = 0;

	(void)walk_to_colon(lint, &p);
	p.at++;
	while (len < RUNLEVELS_SIZE - 1 && p.at < lint->source.len) {
		pos_skip_continuations(&lint->source, &p);
		if (source_has_byte(&lint->source, p.at, ':'))
			break;
		if (!is_space(lint, p.at))
			runlevels[len++] = lint->source.text[p.at];
		p.at++;
	}
	runlevels[len] = '\0';
}

/* Reports the findings of a line from left to right. */
static void report_findings(const struct lint *lint,
			    const struct lint_item *item,
			    struct lint_line *line)
{
	struct pos positions[FINDINGS_MAX];
	const char *text = parsed_byte(lint, item, 0);

	for (uint32_t i = 0; i < line->count; i++)
		positions[i] =
			pos_of_joined(&lint->source, item->start,
				      (size_t)(line->findings[i].at - text));
	for (uint32_t reported = 0; reported < line->count; reported++) {
		uint32_t first = 0;

		for (uint32_t i = 1; i < line->count; i++)
			if (positions[i].at < positions[first].at)
				first = i;
		report(lint, positions[first], line->findings[first].parts);
		positions[first].at = UINT32_MAX;
	}
}

/* Applies the rules to an entry. Returns the end of its command in the parser's
 * copy. */
static const char *lint_entry(const struct lint *lint,
			      const struct lint_item *item,
			      struct lint_line *line)
{
	const struct slot *slot = table_slot(lint->table, item->slot);
	const struct entry *entry = &slot->entry;

	line->tty = table_text(lint->table) + entry->tty;
	line->is_path =
		line->tty > parsed_byte(lint, item, 0) && line->tty[-1] == '/';
	line->command = table_text(lint->table) + entry->command;
	line->action = entry->action;
	line->repeated_line = item->repeated_line;
	line->other_action_line = item->other_action_line;
	line->used_restart_line = 0;
	if (entry->action == ACTION_RESTART &&
	    slot->membership != SLOT_REPEATED &&
	    item->start.line != lint->restart_line)
		line->used_restart_line = lint->restart_line;
	line->is_useless_cad = item->start.line == lint->useless_cad_line;
	read_runlevels(lint, item, line->runlevels);
	rules_apply(line);
	return line->command + strlen(line->command);
}

/* Adds the finding of a line that is a fault. Returns the end of what the
 * parser used of it, in the parser's copy. */
static const char *lint_fault(const struct lint *lint,
			      const struct lint_item *item,
			      struct lint_line *line)
{
	size_t byte = item->column - 1;
	const char *bad = parsed_byte(lint, item, byte);
	struct pos p = item->start;

	if (strcmp(item->why, "unknown action") != 0) {
		add_finding(line, bad, item->why, NULL, NULL);
		return bad + strlen(bad);
	}
	hint_action(line, bad);
	pos_advance(&lint->source, &p, byte);
	bad = parsed_byte(lint, item, byte + walk_to_colon(lint, &p) + 1);
	while (*bad == ' ' || *bad == '\t')
		bad++;
	return bad + strlen(bad);
}

static void lint_one_line(const struct lint *lint, const struct lint_item *item,
			  struct pos *next)
{
	struct lint_line line;
	const char *end;

	line.count = 0;
	end = item->slot ? lint_entry(lint, item, &line)
			 : lint_fault(lint, item, &line);
	report_findings(lint, item, &line);
	*next = item->start;
	pos_advance(&lint->source, next,
		    (size_t)(end - parsed_byte(lint, item, 0)));
	skip_rest_of_line(lint, next);
}

/* Goes through all lines: those with an item, and those between them, such as
 * comments, of which the parser used nothing. */
void lint_lines(const struct lint *lint)
{
	struct pos p = {0, 1, 0};

	for (uint32_t i = 0; i < lint->count; i++) {
		while (p.at < lint->items[i].start.at)
			skip_rest_of_line(lint, &p);
		lint_one_line(lint, &lint->items[i], &p);
	}
	while (p.at < lint->source.len)
		skip_rest_of_line(lint, &p);
}
