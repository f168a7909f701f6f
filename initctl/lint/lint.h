/*
 * lint.h - reports mistakes and surprises in the text of an inittab, each with
 * its line and column: the parser's faults, and what the rules (rules.h) find
 * in entries. Reads no file, prints nothing, allocates nothing.
 */
#ifndef LINT_H
#define LINT_H

#include <stddef.h>

#include "types.h"

/* Receives the findings, ordered by line. */
struct lint_sink {
	void *arg;
	/* line and column count lines and bytes of the original text from 1; a
	 * column may be one past the end of the line. The message is the
	 * concatenation of the parts, which end with a NULL. A part may be a
	 * copy of the text: of any length, with any byte but NUL. The parts are
	 * valid until the call returns. */
	void (*finding)(void *arg, uint32_t line, uint32_t column,
			const char *const *parts);
};

/* Bytes of working memory that lint_text() needs for this text. */
size_t lint_bytes(const char *text, uint32_t len);

/*
 * Lints text[0..len), which may hold any bytes. space is zeroed memory of
 * lint_bytes() bytes, aligned for any type; its contents are undefined
 * afterwards. The running time is linear in len. A text longer than INITTAB_MAX
 * gives a single finding.
 */
void lint_text(const char *text, uint32_t len, void *space,
	       const struct lint_sink *sink);

#endif
