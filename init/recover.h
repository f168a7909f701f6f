/*
 * recover.h - PID 1 does not fall, and can be replaced: another image of the
 * program goes on with the state that this one leaves. Decides nothing but
 * whether there is need. Only main.c knows of it.
 *
 * What an image leaves to the next one, by words and descriptors:
 */
#ifndef RECOVER_H
#define RECOVER_H

#include <stdbool.h>

#include "state.h"

#define RECOVER_WORD "--resume" /* argv[1] of PID 1: go on */
#define RECOVER_CHECK                                                          \
	"--check-state"		       /* of another: could you go on? The     \
					* answer is the exit status */
#define RECOVER_STATE STATE_KEPT       /* the state */
#define RECOVER_IMAGE (STATE_KEPT + 1) /* the file of the program */
#define RECOVER_BEFORE                                                         \
	(STATE_KEPT + 2) /* of the one before, should this one not know the    \
			  * state */

/*
 * Makes faults of PID 1 survivable: SIGSEGV and the like that it raised itself
 * (sent ones are ignored). The program is executed again, with argv
 * as long as *live is NULL, else to go on with that state. If there is no way,
 * or if there were more than FAULTS_MOST faults in FAULTS_IN ms, last_resort()
 * is called with the last one and its instruction; it must not return. A forked
 * child ends as it would without.
 */
void recover_guard(struct state *const *live, char **argv,
		   void (*last_resort)(int signal, uintptr_t at));

/* Says who sent us the signal of a fault, if anybody did since it was said. */
void recover_name_sender(bool machine);

/* Says it, if this image is the second to begin: a fault ended the first before
 * it had a state to note that in. */
void recover_name_again(bool machine);

/* Makes the state that the image before us left the live one. False: it is of
 * no use, nor would that image have it back; *live is NULL. */
bool recover_state(struct state **live, int64_t now);

/* For a process that is not PID 1: the exit status that says whether the state
 * in RECOVER_STATE would be known (PLAN_KNOWN). Changes nothing. */
int recover_check(int64_t now);

/* For a child: becomes the file that init was started from, with RECOVER_CHECK,
 * for 2 s at the most. Returns an exit status if it could not. state is the
 * descriptor of the state, an int, as the child has it: that of another image,
 * which may be there by now, has another number. */
int recover_ask(const void *state);

/* Goes on as the file that init was started from. Returns only if that could
 * not be, which is said. */
void recover_upgrade(struct state *state);

/*
 * Goes on from a copy in memory if the file that we run from is gone (replaced
 * or deleted): as long as it is open, its filesystem can't be made read-only.
 * Returns only if there is no need, or if it failed, which is said.
 */
void recover_from_memory(const struct state *state);

#endif
