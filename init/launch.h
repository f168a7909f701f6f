/*
 * launch.h - starts the child of a step: an entry, or a task. Puts together
 * what sys/spawn.h needs from the state; decides nothing.
 */
#ifndef LAUNCH_H
#define LAUNCH_H

#include <sys/types.h>

#include "state.h"

/* Starts the child of a STEP_START or STEP_TASK. Returns its pid, which the
 * kernel has also written to the mailbox, or -1, which is logged if the fork
 * before it worked. */
pid_t launch_step(struct state *state, const struct step *step);

/* Executes the command of slot in place of init. Returns only if that failed,
 * which is logged. */
void launch_in_place(struct state *state, uint32_t slot);

#endif
