/* Promises that it would know the state, and does not accept it as PID 1. */
#define _GNU_SOURCE /* siginfo_t */

#include "state_file.h"
#include "variant.h"

__typeof__(state_map) WRAP(state_map), REAL(state_map);

struct state *WRAP(state_map)(int fd, bool is_ours, int64_t now)
{
	return is_ours ? NULL : REAL(state_map)(fd, is_ours, now);
}
