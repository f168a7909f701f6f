/*
 * load_inittab.h - the inittab into a new state. Reads one file; what runs is
 * not touched, so a failure at any point leaves all as it was.
 */
#ifndef LOAD_INITTAB_H
#define LOAD_INITTAB_H

#include <stdbool.h>

#include "job.h"
#include "state.h"

/* Reads INITTAB_PATH into the first state. If it can't be read or has no entry,
 * the built-in table is taken, and that is said. NULL: no memory. */
struct state *load_inittab(bool machine, const struct job *job, int64_t now);

/* Reads it again, into a state that follows old. NULL: that could not be, which
 * is said, and the old table is to be kept. */
struct state *load_reload(struct state *old, int64_t now);

/* The first state from a text of our own: inittab_builtin, inittab_single; or
 * "", for a job that is alone. */
struct state *load_text(const char *text, bool machine, const struct job *job,
			int64_t now);

#endif
