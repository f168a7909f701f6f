/*
 * entry_status.h - what an entry does, in words, as its slot and the phase say.
 */
#ifndef ENTRY_STATUS_H
#define ENTRY_STATUS_H

#include "plan.h"

struct entrystate {
	const char *word; /* "running", "waiting"...; "-": nothing is to be
			     said */
	int64_t seconds;  /* until it starts; -1: that is not known */
	const char *why;  /* it is put off; NULL: it is not */
};

/* is_init: its child is init's own program still (it asks for Enter). */
struct entrystate entrystate_of(const struct plan *plan, uint32_t slot,
				bool is_init, int64_t now);

/* Is there anything to show of it? Not of one that stands again further down,
 * nor of one that has left the inittab and has no child. */
bool entrystate_is_shown(const struct slot *slot);

/* Has a child of it ended, so that its status says how? */
bool entrystate_has_ended(const struct slot *slot);

/* When it is to start, if it waits for a time; else -1. */
int64_t entrystate_due(const struct plan *plan, uint32_t slot);

/* The action's name, also of the job's. */
const char *entrystate_action(enum action action);

/* The name of its terminal; NULL: it is the console. */
const char *entrystate_tty(const struct table *t, uint32_t slot);

/* What a status says of a child that could not become its command ("no tty");
 * NULL: it says nothing of the kind. */
const char *entrystate_why(int status);

#endif
