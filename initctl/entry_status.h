/*
 * entry_status.h - the status of an entry as users see it, derived from its
 * slot and from the phase of init. Prints nothing.
 */
#ifndef ENTRY_STATUS_H
#define ENTRY_STATUS_H

#include "plan.h"

struct entry_status {
	const char *state;  /* "running", "waiting" and so on (initctl(8));
			     * "-": the entry only runs on an event */
	int64_t seconds;    /* until its next start; -1: unknown */
	const char *reason; /* why it is throttled; NULL: it is not */
};

/* The status at time now (ms, monotonic clock). is_init: the child has not
 * executed the command yet, but is still a copy of init, which for an askfirst
 * entry waits for Enter. */
struct entry_status entry_status_of(const struct plan *plan, uint32_t slot,
				    bool is_init, int64_t now);

/* Is the slot shown to users? A slot that is replaced by a repeated line is
 * not, nor is one that was removed from the inittab and has no child. */
bool entry_is_shown(const struct slot *slot);

/* Has a child of the slot ended, so that slot->status is valid? */
bool entry_has_ended(const struct slot *slot);

/* The time of the next start (ms, monotonic clock); -1 if none is scheduled. */
int64_t entry_due(const struct plan *plan, uint32_t slot);

/* The name of the action as in the inittab, and "job" for the job. */
const char *entry_action_name(enum action action);

/* The tty's name below /dev, in the table; NULL for the console. */
const char *entry_tty_name(const struct table *t, uint32_t slot);

/* Why a child with this status (wait(2)) could not execute its command: "no
 * tty", "can't run" or "not found". NULL for any other status. */
const char *entry_failure_reason(int status);

#endif
