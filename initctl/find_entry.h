/*
 * find_entry.h - which entry is meant by a word: its number, else its terminal,
 * else the base name of its command's first word.
 */
#ifndef FIND_ENTRY_H
#define FIND_ENTRY_H

#include "table.h"

/* What a word can be taken for, ever less likely. What has left the inittab,
 * and still runs, is meant only if nothing in it is. */
enum pick_by {
	PICK_NUMBER,
	PICK_TTY,
	PICK_NAME,
	PICK_LEFT_TTY,
	PICK_LEFT_NAME,
	PICK_NOTHING
};

struct pick {
	enum pick_by by;
	uint32_t count; /* of entries that it names; 0: none */
	uint32_t slot;	/* the first one; 0: none */
};

struct pick pick_entry(const struct table *t, const char *word);

/* Is the slot one of those that a word names, taken for this? */
bool pick_names(const struct table *t, uint32_t slot, const char *word,
		enum pick_by by);

/* The base name of the command's first word, without the dash of a login
 * shell: *len bytes. */
const char *pick_name(const char *command, size_t *len);

#endif
