/*
 * launch.h - who is started for a step of the plan: an entry of the inittab, or
 * work that may block. Puts together what spawn.h needs to know, from the
 * state.
 */
#ifndef LAUNCH_H
#define LAUNCH_H

#include "state.h"

/* Starts what STEP_START or STEP_TASK says. The pid is in its mailbox before
 * we know it. Returns it, or -1 and errno. */
pid_t launch_step(struct state *state, const struct step *step);

/* Becomes the command of a slot, as this process. Returns only if that failed,
 * and has said why. */
void launch_in_place(struct state *state, uint32_t slot);

#endif
