/*
 * messages.h - what happened, in words. Decides nothing: the plan says when a
 * thing is worth a line.
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include "plan.h"

/* A child's end: its slot, if it had one, and its exit status as waitid(2)
 * gives it. */
void message_child_end(const struct plan *plan, enum exit_notice news,
		       uint32_t slot, int exit_status);

/* What an ending is called, also as INIT_REASON. */
const char *shutdown_name(enum shutdown_kind ending);

/* Another image goes on: because of a fault with that signal, at that
 * instruction, or (0) since it was asked for. */
void message_takeover(const struct plan *plan, int signal, uintptr_t at);

/* The signal of a fault was sent by that process, and is ignored. */
void message_ignored_signal(const struct plan *plan, int signal, int sender);

/* How the job ended, if it did. */
void message_job_end(const struct plan *plan);

/* A STEP_MESSAGE. who is who is waited for, where step names a task that is
 * about one thing of many, or neither task nor slot; else it is not looked at.
 */
void message_step(const struct plan *plan, const struct step *step,
		  const char *who);

#endif
