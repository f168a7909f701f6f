/*
 * messages.h - what happened, in words, to the console and the kernel's log.
 * Decides nothing: the plan says what is worth a message.
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include "plan.h"

/* A child ended: its slot, 0 if it had none, and its exit status as waitid(2)
 * gives it. */
void message_child_end(const struct plan *plan, enum exit_notice notice,
		       uint32_t slot, int exit_status);

/* Another image of init has taken over: after a fault with this signal at this
 * program counter, or on request (signal is 0). */
void message_takeover(const struct plan *plan, int signal, uintptr_t at);

/* A process sent init the signal of a fault, which is ignored. */
void message_ignored_signal(const struct plan *plan, int signal, int sender);

/* How the job ended, if it did. */
void message_job_end(const struct plan *plan);

/* A STEP_MESSAGE. object is what the message is about if the step names a task
 * that handles one object of many, or neither task nor slot; else it is not
 * used. */
void message_step(const struct plan *plan, const struct step *step,
		  const char *object);

#endif
