#define _GNU_SOURCE /* F_ADD_SEALS */

#include "state_file.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory_file.h"

/* Returns a sealed memfd of this size, or -1 and errno. */
static int create_file(size_t size)
{
	int fd = memory_file_create("init", false);

	if (fd < 0)
		return -1;
	if (ftruncate(fd, (off_t)size) == 0 &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) ==
		    0)
		return fd;
	close(fd);
	return -1;
}

/* Moves a descriptor above the reserved range if RLIMIT_NOFILE allows that.
 * Returns the descriptor; -1 stays -1. */
static int move_up(int fd)
{
	int moved = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, FD_RESERVED_END);

	if (moved < 0)
		return fd;
	close(fd);
	return moved;
}

struct state *state_create(uint32_t capacity, uint32_t text_size)
{
	size_t size =
		offsetof(struct state, plan) + plan_bytes(capacity, text_size);
	int fd = move_up(create_file(size));
	int flags = MAP_SHARED | MAP_NORESERVE | (fd < 0 ? MAP_ANONYMOUS : 0);
	struct state *state =
		mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (state == MAP_FAILED) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	state->magic = STATE_MAGIC;
	state->version = STATE_VERSION;
	state->size = size;
	state->fd = fd;
	return state;
}

/* Validates a state whose bytes may be anything, and rolls back a transaction
 * that a fault left open. Returns false if the state is invalid. */
static bool make_usable(struct state *state, size_t size, int64_t now)
{
	const size_t plan_at = offsetof(struct state, plan);

	if (size < sizeof(*state) || state->magic != STATE_MAGIC ||
	    state->version != STATE_VERSION || state->size != size)
		return false;
	state->settings.console[STATE_WORD_SIZE - 1] = '\0';
	state->settings.runlevel[STATE_WORD_SIZE - 1] = '\0';
	state->settings.file[STATE_PATH_SIZE - 1] = '\0';
	return plan_recover(&state->plan, size - plan_at, &state->undo, now);
}

struct state *state_map(int fd, bool is_ours, int64_t now)
{
	int flags = is_ours ? MAP_SHARED : MAP_PRIVATE;
	struct state *state;
	struct stat stat;
	size_t size;

	if (fstat(fd, &stat) != 0)
		return NULL;
	size = (size_t)stat.st_size;
	state = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (state == MAP_FAILED)
		return NULL;
	if (!make_usable(state, size, now)) {
		munmap(state, size);
		return NULL;
	}
	if (is_ours)
		state->fd = fcntl(fd, F_DUPFD_CLOEXEC, FD_RESERVED_END);
	return state;
}

struct release_progress *state_progress(struct state *state)
{
	uintptr_t last = (uintptr_t)state->progress + STATE_PAGE - 1;

	_Static_assert(sizeof(struct release_progress) == STATE_PAGE, "a page");
	return (struct release_progress *)(last & -(uintptr_t)STATE_PAGE);
}

void state_carry_over(struct state *state, const struct state *old)
{
	state->settings = old->settings;
	state->mailboxes = old->mailboxes;
	state->unreaped = old->unreaped;
	state->faults = old->faults;
	memcpy(state->ring, old->ring, sizeof(state->ring));
}

void state_unmap(struct state *state)
{
	int fd;

	if (!state)
		return;
	fd = state->fd;
	munmap(state, state->size);
	if (fd >= 0)
		close(fd);
}
