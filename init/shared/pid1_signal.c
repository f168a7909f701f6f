#define _GNU_SOURCE /* sigqueue */

#include "pid1_signal.h"

#include <signal.h>

bool pid1_queue_signal(int signal, uint32_t value)
{
	return sigqueue(1, signal, (union sigval){.sival_int = (int)value}) ==
	       0;
}
