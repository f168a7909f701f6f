/*
 * messages.h - what happened, in words, to the console and the kernel's log
 * (log_line() in log.h). Changes nothing; the plan says what is worth a
 * message. Called by PID 1 only. Can't fail.
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include "plan.h"

/* A child ended, and the plan knows that already: notice is what plan_event()
 * returned, slot that of the child (0: none), exit_status its exit status as
 * waitid(2) gives it. Logs nothing for NOTICE_NONE. */
void message_child_end(const struct plan *plan, enum exit_notice notice,
		       uint32_t slot, int exit_status);

/* This image has taken over: after a fault with this signal at this program
 * counter, or on request (signal is 0). A takeover without a fault is not
 * logged during shutdown. */
void message_takeover(const struct plan *plan, int signal, uintptr_t at);

/* The process with pid sender sent init the signal of a fault; init ignores
 * that. */
void message_ignored_signal(const struct plan *plan, int signal, int sender);

/* How the job ended, which it has. Called by a child. */
void message_job_end(const struct plan *plan);

/* A STEP_MESSAGE. object is what the message is about if the step names a task
 * that handles one object of many, or neither task nor slot; the file of
 * MESSAGE_NO_UPGRADE; else object is not used. */
void message_step(const struct plan *plan, const struct step *step,
		  const char *object);

#endif
