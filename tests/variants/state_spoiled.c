/* Promises that it would know the state, and as PID 1 spoils its magic number
 * before it gives the state back. */
#define _GNU_SOURCE /* siginfo_t */

#include <stddef.h>
#include <unistd.h>

#include "state_file.h"
#include "variant.h"

__typeof__(state_map) WRAP(state_map), REAL(state_map);

struct state *WRAP(state_map)(int fd, bool is_ours, int64_t now)
{
	static const uint32_t no_magic;

	if (!is_ours)
		return REAL(state_map)(fd, is_ours, now);
	(void)!pwrite(fd, &no_magic, sizeof(no_magic),
		      offsetof(struct state, magic));
	return NULL;
}
