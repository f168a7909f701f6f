/*
 * inittab.h - parses the text of an inittab into entries. Reads no file and
 * keeps nothing: what the parser finds goes to callbacks. Pure: may be called
 * in any process; PID 1 and initctl do.
 */
#ifndef INITTAB_H
#define INITTAB_H

#include "types.h"

/* Callbacks of the parser, called in the order of the text. */
struct inittab_sink {
	void *arg; /* first argument of both */
	/* An entry, and the number of its first line, from 1. *entry is valid
	 * during the call only, but its strings lie in the text. */
	void (*entry)(void *arg, const struct entry *entry, uint32_t line);
	/* A line that is no entry: where and why. line and column count from 1;
	 * column is in bytes of the logical line, which a backslash at the end
	 * of a line continues. why is valid for ever. */
	void (*fault)(void *arg, uint32_t line, uint32_t column,
		      const char *why);
};

/*
 * Parses text[0..len) in place. The strings of the entries lie in text, each
 * with a NUL, so text must live as long as the entries, and text[len] must be
 * writable. The bytes may be anything; a bad line is reported and skipped.
 * Source: busybox init.c, parse_inittab(), and libbb/parse_config.c; beyond
 * these, accepts whitespace around fields, a CR at the end of a line, and
 * comments. Both callbacks must be set. Can't fail.
 */
void inittab_parse(char *text, uint32_t len, const struct inittab_sink *sink);

/* The inittab that is used if no file can be used, and that of single-user
 * mode. */
extern const char inittab_builtin[];
extern const char inittab_single[];

/* The name of an action as in an inittab, "job" for ACTION_JOB; valid for ever.
 * action must be less than ACTION_COUNT. */
const char *inittab_action_name(enum action action);

#endif
