/*
 * lint_lines.h - the second half of check.c: goes through the lines once all
 * entries are known, and tells what is found in each.
 */
#ifndef LINT_LINES_H
#define LINT_LINES_H

#include "lint.h"
#include "source_pos.h"
#include "table.h"

/* What the parser gave: an entry or a fault. */
struct item {
	struct point start;
	uint32_t slot; /* of the entry, or 0 */
	uint32_t same; /* lines, as in struct look */
	uint32_t twin;
	uint32_t column; /* of the fault, in the joined line */
	const char *why;
};

struct check {
	struct source source;
	struct table *table; /* its text is the parser's copy of ours */
	struct item *items;
	uint32_t *slot_lines; /* where the entry of a slot begins */
	uint32_t count;
	struct point read; /* start of the line that was met last */
	uint32_t restart;  /* line of the restart entry that is used */
	uint32_t dead_end; /* line of the last ctrlaltdel entry, if none ends
			    * the machine */
	const struct check_sink *sink;
};

/* Tells what every line gives rise to, in their order. */
void inspect_lines(const struct check *c);

/* Tells one thing about a place in the text. */
void inspect_say(const struct check *c, struct point p, const char *text);

#endif
