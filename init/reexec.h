/*
 * reexec.h - the file that init is an image of: held by a descriptor, so that
 * it can be executed again whatever became of its name; asked whether it knows
 * a state; changed for a new file, or for a copy in memory. What an image
 * leaves to the next one are the words and the descriptors below.
 */
#ifndef REEXEC_H
#define REEXEC_H

#include <stdbool.h>

#include "state.h"

#define REEXEC_RESUME "--resume" /* argv[1] of PID 1: go on */
#define REEXEC_CHECK_STATE                                                     \
	"--check-state" /* of another: could you go on? The answer             \
			 * is the exit status, PLAN_STATE_ACCEPTED */

/* Opens our own file by the name that the kernel knew, as /proc is not there
 * yet; what another image left, by the words in argv, is there already. */
void reexec_open_self(char *const *argv);

/*
 * For a machine: keeps what this image has touched, and will touch, in memory,
 * the state too. Where swap hangs, an init that was swapped out would hang with
 * it, and so would every child, which begins as its copy. What boot alone
 * needed of the stack is given back. Exec ends it; children do not have it.
 */
void memory_lock(const struct state *state);

/* Are there all descriptors and system calls that the next image would need? */
bool reexec_is_supported(const struct state *state);

/* Executes the file again, to go on with the state. Returns if that could not
 * be: errno. */
void reexec_with_state(const struct state *state);

/* The same without a state: with argv, as this image was. */
void reexec_fresh(char *const *argv);

/* Makes the state that the image before us left the live one. False: it is of
 * no use, nor would that image have it back; *live is NULL. */
bool reexec_adopt_state(struct state **live, char *const *argv, int64_t now);

/* For a process that is not PID 1: the exit status that says whether the state
 * would be known. Changes nothing. */
int reexec_check_state(void);

/* What a child is to ask about. By value: the state itself may be that of the
 * next image by then, where the descriptor has another number. */
struct reexec_probe_args {
	int state;
	const char *file;
};

/* For a child: becomes the file, for 2 s at the most, with REEXEC_CHECK_STATE.
 * Returns an exit status if it could not. question is a struct
 * reexec_probe_args. */
int reexec_probe(const void *question);

/* Goes on as the file that init was started from. Returns only if that could
 * not be, which is said. */
void reexec_new_file(const struct state *state);

/*
 * Goes on from a copy in memory if the file that we run from is gone (replaced
 * or deleted): as long as it is open, its filesystem can't be made read-only.
 * Returns only if there is no need, or if it failed, which is said.
 */
void reexec_from_memfd(const struct state *state);

#endif
