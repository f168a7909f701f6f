/*
 * state_file.h - creates, maps and unmaps the memory file that holds the state
 * (state.h). Knows nothing of what the plan in it means, and logs nothing.
 * Called by PID 1; state_map() also by the process that checks a state for an
 * upgrade (reexec_check_state()).
 */
#ifndef STATE_FILE_H
#define STATE_FILE_H

#include <stdbool.h>

#include "state.h"

/* Makes a state in a new sealed memfd, or in plain memory if no memfd can be
 * made (fd is -1 then). Its plan has room for a table of this capacity and this
 * many bytes of text, and is for plan_init() to fill; all else but magic,
 * version, size and fd is zero. NULL and errno: no memory. */
struct state *state_create(uint32_t capacity, uint32_t text_size);

/*
 * Maps the state that another image of this program left in fd, and makes it
 * ready to go on (plan_recover()). fd stays open. NULL: fd can't be mapped, or
 * is no valid state of this version; errno is not always set. now is
 * clock_ms().
 *
 * is_ours: the mapping is shared, and state->fd becomes a new descriptor, -1 if
 * none is free. Else the mapping is a private copy that nobody else sees; its
 * fd is that of PID 1, so state_unmap() must not be called.
 */
struct state *state_map(int fd, bool is_ours, int64_t now);

/* The page that the child of UNMOUNT or SWAPOFF writes to. */
struct release_progress *state_progress(struct state *state);

/* Copies from old what a reload of the inittab leaves as it is: settings,
 * mailboxes, unreaped, faults and the event ring. plan_reload() does the plan;
 * a watchdog is not open before the shutdown. */
void state_carry_over(struct state *state, const struct state *old);

/* Unmaps the state and closes its descriptor; NULL is allowed. */
void state_unmap(struct state *state);

#endif
