#define _GNU_SOURCE /* memfd_create, F_ADD_SEALS */

#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* linux/memfd.h, since 6.3 */
#endif

static int create_file(size_t size)
{
	const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create("init", flags | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL) /* before 6.3 */
		fd = memfd_create("init", flags);
	if (fd < 0)
		return -1;
	if (ftruncate(fd, (off_t)size) == 0 &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) ==
		    0)
		return fd;
	close(fd);
	return -1;
}

struct state *state_create(uint32_t capacity, uint32_t text_size)
{
	size_t size =
		offsetof(struct state, plan) + plan_bytes(capacity, text_size);
	int fd = create_file(size);
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

struct state *state_resume(int fd)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	struct state *state;
	struct stat stat;

	close(fd);
	if (own < 0 || fstat(own, &stat) != 0)
		return NULL;
	state = mmap(NULL, (size_t)stat.st_size, PROT_READ | PROT_WRITE,
		     MAP_SHARED, own, 0);
	if (state == MAP_FAILED)
		return NULL;
	if (state->magic != STATE_MAGIC || state->version != STATE_VERSION ||
	    state->size != (size_t)stat.st_size)
		return NULL;
	state->fd = own;
	return state;
}

void state_drop(struct state *state)
{
	int fd;

	if (!state)
		return;
	fd = state->fd;
	munmap(state, state->size);
	if (fd >= 0)
		close(fd);
}
