#define _GNU_SOURCE /* sigqueue */

#include "pid1_signal.h"

#include <signal.h>

bool telinit_send(int signal, uint32_t value)
{
	return sigqueue(1, signal, (union sigval){.sival_int = (int)value}) ==
	       0;
}
