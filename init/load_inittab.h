/*
 * load_inittab.h - makes the states of PID 1: the first one, which has no
 * inittab yet, and those that replace it. Of the state in use, only the
 * `successor` of each slot is written (reconcile.h), so a failure at any point
 * leaves it usable. Never makes the new state the live one: the caller does.
 * Called by PID 1, load_read_inittab() by a child. Bad lines are logged and
 * skipped.
 */
#ifndef LOAD_INITTAB_H
#define LOAD_INITTAB_H

#include <stdbool.h>

#include "job.h"
#include "state.h"

/* Makes the first state, of the job and a text of this program:
 * inittab_single, "" for a job that runs alone (job.is_only), or "" that an
 * inittab will replace (is_loaded is false then: plan_boot()). NULL: no memory,
 * which is not logged. now is clock_ms(), here and below. */
struct state *load_first(const char *text, bool is_loaded, bool is_machine,
			 const struct job_source *job, int64_t now);

/* TASK_READ_INITTAB, run by a child: copies INITTAB_PATH to FD_FILE. Returns 0
 * or an errno, the child's exit status. unused is not used. */
int load_read_inittab(const void *unused);

/*
 * Makes a state of what is in FD_FILE, to replace old. If old is not loaded,
 * the built-in table is used for an inittab that could not be read, is larger
 * than INITTAB_MAX, or has no entry; else old stays in use. NULL: old stays in
 * use. The reason is logged: no inittab; no memory; old has a memfd and the new
 * state would not. Not logged: no memory, and old is not loaded.
 */
struct state *load_inittab(struct state *old, int64_t now);

#endif
