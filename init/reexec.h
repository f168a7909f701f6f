/*
 * reexec.h - executes init again: after a fault, for an upgrade, or from a copy
 * in memory. The program's own file is held open by a descriptor, so that this
 * works whatever became of its name. What one image passes to the next are the
 * arguments below and the descriptors in state.h. Also locks init's memory.
 */
#ifndef REEXEC_H
#define REEXEC_H

#include <stdbool.h>

#include "state.h"

/* argv[1] of PID 1: go on with the state in FD_STATE. */
#define REEXEC_RESUME "--resume"
/* argv[1] of another process: could you go on with the state in FD_STATE? The
 * exit status is PLAN_STATE_ACCEPTED if so. */
#define REEXEC_CHECK_STATE "--check-state"

/* Opens the program's own file as FD_IMAGE: by the name that the kernel passed,
 * since /proc is not mounted yet. An image that was executed with REEXEC_RESUME
 * has it already. */
void reexec_open_self(char *const *argv);

/*
 * For a machine: locks in memory what this image has touched and will touch,
 * and the state. If the swap device hangs, a swapped-out init would hang as
 * well, and so would every child, which starts as its copy. Gives the stack
 * that only boot needed back. The lock ends with exec; children do not inherit
 * it.
 */
void memory_lock(const struct state *state);

/* Are all descriptors and system calls there that the functions below need? */
bool reexec_is_supported(const struct state *state);

/* Executes FD_IMAGE, which goes on with the state. Returns if that failed:
 * errno. */
void reexec_with_state(const struct state *state);

/* Executes it with argv, as this image was, and no state. Returns if that
 * failed: errno. */
void reexec_fresh(char *const *argv);

/* Makes the state that the previous image passed on the live one. False: it is
 * unusable, and the previous image could not be executed to have it back; *live
 * is NULL. */
bool reexec_adopt_state(struct state **live, char *const *argv, int64_t now);

/* For a process that is not PID 1: the exit status of REEXEC_CHECK_STATE.
 * Changes nothing. */
int reexec_check_state(void);

/* The argument of reexec_probe(). Values, not the state: by the time the child
 * runs, that may be the one of another image, with another descriptor. */
struct reexec_probe_args {
	int state;
	const char *file;
};

/* TASK_PROBE_UPGRADE, run by a child: executes the file with
 * REEXEC_CHECK_STATE, for 2 s at most. Returns an exit status if that failed.
 * args is a struct reexec_probe_args. */
int reexec_probe(const void *args);

/* Executes the file that init was started from, which goes on with the state.
 * Returns if that failed, which is logged. */
void reexec_new_file(const struct state *state);

/*
 * Executes a copy in memory if the program's file was deleted or replaced: as
 * long as a deleted file is open, its filesystem can't be made read-only.
 * Returns if there is no need, or if it failed, which is logged.
 */
void reexec_from_memfd(const struct state *state);

#endif
