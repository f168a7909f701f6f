/*
 * load_inittab.h - reads an inittab into a new state. Of the state in use, only
 * the `successor` of each slot is written (reconcile.h), so a failure at any
 * point leaves it usable. Never makes the new state the live one: the caller
 * does. Called by PID 1 only. Bad lines are logged and skipped.
 */
#ifndef LOAD_INITTAB_H
#define LOAD_INITTAB_H

#include <stdbool.h>

#include "job.h"
#include "state.h"

/* Reads INITTAB_PATH into the first state. If the file can't be read, is larger
 * than INITTAB_MAX, or has no entry, that is logged, and the built-in table is
 * used. NULL: no memory. now is clock_ms(), here and below. */
struct state *load_inittab(bool is_machine, const struct job_source *job,
			   int64_t now);

/* Reads INITTAB_PATH again, into a state that replaces old. NULL, and the
 * reason is logged: the file can't be read, is too large or has no entry; there
 * is no memory; or old has a memfd and the new state would not. old stays in
 * use then. */
struct state *load_reload(struct state *old, int64_t now);

/* Makes the first state from a text of this program: inittab_builtin,
 * inittab_single, or "" for a job that runs alone (job.is_only). NULL: no
 * memory, which is not logged. */
struct state *load_text(const char *text, bool is_machine,
			const struct job_source *job, int64_t now);

#endif
