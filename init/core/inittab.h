/*
 * inittab.h - parses the text of an inittab into entries. Reads no file and
 * keeps nothing: what it finds goes to callbacks.
 */
#ifndef INITTAB_H
#define INITTAB_H

#include "types.h"

/* Callbacks of the parser, called in the order of the text. */
struct inittab_sink {
	void *arg; /* first argument of both */
	/* An entry, which is valid during the call, and the number of its first
	 * line, from 1. */
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
 * comments.
 */
void inittab_parse(char *text, uint32_t len, const struct inittab_sink *sink);

/* The inittab that is used if there is no file, and the one of single user. */
extern const char inittab_builtin[];
extern const char inittab_single[];

/* The name of an action in an inittab; valid for ever. */
const char *inittab_action_name(enum action action);

#endif
