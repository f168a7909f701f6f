/*
 * source_pos.h - positions in a text whose lines may be continued by a
 * backslash at the end, as the parser of inittabs joins them (inittab.h). A
 * column of the joined line is mapped back to a line and column of the text.
 * Never changes the text.
 */
#ifndef SOURCE_POS_H
#define SOURCE_POS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source {
	const char *text;
	uint32_t len;
};

struct pos {
	uint32_t at;	/* offset in the text */
	uint32_t line;	/* number of the line in the text, from 1 */
	uint32_t start; /* offset of that line */
};

/* Is there such a byte at this offset? False at the end of the text. */
bool source_has_byte(const struct source *s, uint32_t at, char byte);

/* Skips all continuations (a backslash and the end of the line) that begin
 * here. */
void pos_skip_continuations(const struct source *s, struct pos *p);

/* Moves to the beginning of the next line, or to the end of the text. */
void pos_next_line(const struct source *s, struct pos *p);

/* Moves forward by that many bytes of the joined line: continuations do not
 * count. */
void pos_advance(const struct source *s, struct pos *p, size_t bytes);

/* The position of a byte of the joined line that begins at p, counted from 0. A
 * byte past the end of the joined line is at its end. */
struct pos pos_of_joined(const struct source *s, struct pos p, size_t byte);

#endif
