/*
 * find_entry.h - finds the entry that an operand of the command line names: by
 * its number, by its tty, or by the base name of its command.
 */
#ifndef FIND_ENTRY_H
#define FIND_ENTRY_H

#include "table.h"

/* How an operand can match, in order of precedence: a kind is tried only if no
 * entry matches by the kinds before. An entry that was removed from the
 * inittab, and whose child still runs, comes last. */
enum match_kind {
	MATCH_NUMBER, /* listed or not */
	MATCH_TTY,
	MATCH_COMMAND,
	MATCH_UNLISTED_TTY,
	MATCH_UNLISTED_COMMAND,
	MATCH_NONE
};

struct entry_match {
	enum match_kind kind;
	uint32_t count; /* matching entries */
	uint32_t slot;	/* of the first one; 0: none matches */
};

struct entry_match find_entry(const struct table *t, const char *word);

/* Does word match the entry in slot by this kind? */
bool entry_matches(const struct table *t, uint32_t slot, const char *word,
		   enum match_kind kind);

/* The base name of the command's first word, without the leading dash that asks
 * for a login shell. Points into command; *len is its length (bytes). */
const char *command_basename(const char *command, size_t *len);

#endif
