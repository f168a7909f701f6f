/*
 * state_file.h - creates, maps and drops the memory file; knows nothing of what
 * the plan in it means.
 */
#ifndef STATE_FILE_H
#define STATE_FILE_H

#include "state.h"

/* Makes a state whose plan has room for this, all else zero. NULL: no memory
 * (errno). */
struct state *state_create(uint32_t capacity, uint32_t text_size);

/*
 * Maps the state that another image of this program left in fd, which stays
 * open, and makes it ready to go on (plan_recover()). is_ours: the state gets a
 * descriptor of its own; else what is done to it is done to a copy, and nobody
 * else sees it. NULL: fd is nothing of the kind.
 */
struct state *state_map(int fd, bool is_ours, int64_t now);

/* Unmaps and closes; NULL is nothing to do. */
void state_unmap(struct state *state);

#endif
