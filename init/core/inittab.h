/*
 * inittab.h - text to entries. Reads no file and keeps nothing.
 */
#ifndef INITTAB_H
#define INITTAB_H

#include "types.h"

/* What the parser found, in the order of the text. */
struct inittab_sink {
	void *arg;
	/* line is where it begins, from 1. */
	void (*entry)(void *arg, const struct entry *entry, uint32_t line);
	/* A line that is not an entry: where (both from 1) and why. Column
	 * counts bytes of the line as joined by trailing backslashes. */
	void (*fault)(void *arg, uint32_t line, uint32_t column,
		      const char *why);
};

/*
 * Parses text[0..len), in place: the strings of the entries end up NUL-ended
 * inside text, so text must stay as long as they are used, and text[len] must
 * be writable. Any bytes at all are accepted; a bad line costs that line.
 * Rules: busybox init.c parse_inittab() and libbb/parse_config.c, but that
 * blanks around fields, a CR at the line's end and comments are forgiven.
 */
void inittab_parse(char *text, uint32_t len, const struct inittab_sink *sink);

/* The inittab that is used where there is none, and the one of single user. */
extern const char inittab_builtin[];
extern const char inittab_single[];

/* The name of an action as the inittab spells it; valid for ever. */
const char *inittab_action_name(enum action action);

#endif
