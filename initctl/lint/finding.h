/*
 * finding.h - what the rules see of a line of an inittab, and what they found
 * in it.
 */
#ifndef FINDING_H
#define FINDING_H

#include "types.h"

/* Strings that make a message, and a NULL. */
#define RULE_PARTS 6

/* As many as there can be for one line: one of each rule, and some. */
#define RULE_FINDINGS 24

/* The runlevels of sysvinit fit, with some to spare. */
#define RULE_LEVELS 16

/* A line number as text, of 32 bits, with its NUL (bytes). */
#define RULE_NUMBER 11

/* What was found. */
struct found {
	const char *at; /* which byte of which field */
	const char *part[RULE_PARTS];
	char number[RULE_NUMBER]; /* one of the parts may point here */
};

/* A line of the inittab, what is known about it, and what was found. */
struct look {
	const char *tty; /* as in struct entry */
	bool is_path;	 /* a slash, as of /dev/, stood before it */
	const char *command;
	enum action action;
	char levels[RULE_LEVELS]; /* how the second field begins */
	uint32_t same;		  /* line above that this repeats, or 0 */
	uint32_t twin;		  /* line above with this tty and command */
	uint32_t restart;	  /* line of the restart entry in use, if it
				   * is another than this restart entry */
	bool is_dead_end; /* the last ctrlaltdel entry, and none of them ends
			   * the machine */
	uint32_t count;
	struct found found[RULE_FINDINGS];
};

/* Adds a finding: three strings that make its message, the last two may be
 * NULL. at and the strings must stay as long as look does. */
struct found *rule_say(struct look *look, const char *at, const char *before,
		       const char *shown, const char *after);

#endif
