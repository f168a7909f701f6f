/*
 * lint_lines.h - the second pass of lint.c: once all entries are known, lints
 * the lines one by one and reports their findings.
 */
#ifndef LINT_LINES_H
#define LINT_LINES_H

#include "lint.h"
#include "source_pos.h"
#include "table.h"

/* What the parser reported for one line: an entry or a fault. */
struct lint_item {
	struct pos start;	/* of the line */
	uint32_t slot;		/* of the entry; 0: this is a fault */
	uint32_t repeated_line; /* as in struct lint_line */
	uint32_t other_action_line;
	uint32_t column; /* of the fault, in the joined line */
	const char *why; /* message of the fault */
};

/* The state of one lint_text(). */
struct lint {
	struct source source; /* the original text */
	struct table *table;  /* its text is the copy that the parser has cut
			       * into strings; offsets are the same in both */
	struct lint_item *items;
	uint32_t *slot_lines;	   /* for each slot, the line of its entry */
	uint32_t count;		   /* of items */
	struct pos read;	   /* start of the last item's line */
	uint32_t restart_line;	   /* of the restart entry that init uses */
	uint32_t useless_cad_line; /* of the last ctrlaltdel entry, if none of
				    * them shuts the machine down */
	const struct lint_sink *sink;
};

/* Reports the findings of every line, ordered by line and column. */
void lint_lines(const struct lint *lint);

/* Reports one finding at a position of the text. */
void lint_report(const struct lint *lint, struct pos p, const char *text);

#endif
