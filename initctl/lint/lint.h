/*
 * lint.h - what is wrong or surprising in an inittab. Knows the parser's
 * faults and what rule.h says of entries; finds out on which byte of which line
 * that is. Reads no file, prints nothing, allocates nothing.
 */
#ifndef LINT_H
#define LINT_H

#include <stddef.h>

#include "types.h"

/* Who is told, in the order of the lines. */
struct check_sink {
	void *arg;
	/* line and column (in bytes) are of the text as it stands, from 1; a
	 * column may be one past the line. The message is the parts, one after
	 * the other, up to a NULL. Some come from the text: of any length, with
	 * any byte but NUL. They are good until the call returns. */
	void (*finding)(void *arg, uint32_t line, uint32_t column,
			const char *const *parts);
};

/* Bytes that check_text() needs for this text. */
size_t check_space(const char *text, uint32_t len);

/*
 * Looks through text[0..len), which may be anything. space is zeroed, has
 * check_space() bytes and is aligned for any type; it is of no use afterwards.
 * The cost grows with len and no faster. A text over INITTAB_MAX is one
 * finding.
 */
void check_text(const char *text, uint32_t len, void *space,
		const struct check_sink *sink);

#endif
