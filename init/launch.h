/*
 * launch.h - starts the child of a step: an entry, or a task. Puts together
 * what spawn.h needs from the state. Decides nothing, and does not change the
 * plan: the result goes to record_step_result() in record_events.h. Called by
 * main.c in PID 1.
 */
#ifndef LAUNCH_H
#define LAUNCH_H

#include <sys/types.h>

#include "state.h"

/*
 * Starts the child of a STEP_START or STEP_TASK. Returns its pid, or -1 and
 * errno as fork(2); a failure is logged unless the previous fork failed, too.
 * Stores the step in mailboxes.starting; the kernel itself writes the pid to
 * mailboxes.started.
 *
 * TASK_REBOOT: first stops the watchdog, unless the machine reboots; if the
 * fork fails, PID 1 itself calls reboot(2), and this returns only if that is
 * refused.
 */
pid_t launch_step(struct state *state, const struct step *step);

/* Executes the command of slot in place of init. Returns only if that failed,
 * which is logged; descriptors 0-2 may have been replaced then (spawn.h). */
void launch_in_place(struct state *state, uint32_t slot);

#endif
