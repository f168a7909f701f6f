/*
 * source_pos.h - places in a text whose lines may be joined by backslashes, as
 * the parser joins them (inittab.h). Changes nothing but the points.
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

struct point {
	uint32_t at;
	uint32_t line;	/* of the text as it stands, from 1 */
	uint32_t start; /* where that line begins */
};

/* Is this byte there? */
bool point_is_at(const struct source *s, uint32_t at, char byte);

/* Passes the joints (a backslash and a line's end) that stand here. */
void point_pass_joints(const struct source *s, struct point *p);

/* Goes to where the next line begins, or to the end of the text. */
void point_next_line(const struct source *s, struct point *p);

/* Goes over so many bytes of a joined line; joints do not count. */
void point_walk(const struct source *s, struct point *p, size_t bytes);

/* A byte of the joined line that begins at p, counted from 0. One that lies
 * behind the line is at the end of what is there. */
struct point point_of_joined(const struct source *s, struct point p,
			     size_t byte);

#endif
