/*
 * load_inittab.h - reads an inittab into a new state. The state in use is not
 * touched, so a failure at any point leaves everything as it was.
 */
#ifndef LOAD_INITTAB_H
#define LOAD_INITTAB_H

#include <stdbool.h>

#include "job.h"
#include "state.h"

/* Reads INITTAB_PATH into the first state. If it can't be read or has no entry,
 * that is logged, and the built-in table is used. NULL: no memory. */
struct state *load_inittab(bool is_machine, const struct job_source *job,
			   int64_t now);

/* Reads INITTAB_PATH again, into a state that replaces old. NULL: it can't be
 * read or has no entry, which is logged; old stays in use. */
struct state *load_reload(struct state *old, int64_t now);

/* Makes the first state from a text of this program: inittab_builtin,
 * inittab_single, or "" for a job that runs alone. NULL: no memory. */
struct state *load_text(const char *text, bool is_machine,
			const struct job_source *job, int64_t now);

#endif
