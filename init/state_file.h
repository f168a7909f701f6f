/*
 * state_file.h - creates, maps and unmaps the memory file that holds the state
 * (state.h). Knows nothing of what the plan in it means.
 */
#ifndef STATE_FILE_H
#define STATE_FILE_H

#include <stdbool.h>

#include "state.h"

/* Makes a state in a new sealed memfd, or in plain memory where the kernel has
 * none (fd is -1 then). Its plan has room for a table of this capacity; all
 * else is zero. NULL: no memory (errno). */
struct state *state_create(uint32_t capacity, uint32_t text_size);

/*
 * Maps the state that another image of this program left in fd, and makes it
 * ready to go on (plan_recover()). fd stays open. is_ours: the mapping is
 * shared, and the state gets a descriptor of its own; else it is a private copy
 * that nobody else sees. NULL: fd is no valid state of this version.
 */
struct state *state_map(int fd, bool is_ours, int64_t now);

/* Carries over from old all that a reload of the inittab leaves as it is, but
 * for the plan (plan_reload()). */
void state_carry_over(struct state *state, const struct state *old);

/* Unmaps and closes the state; NULL is allowed. */
void state_unmap(struct state *state);

#endif
