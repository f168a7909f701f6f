#define _GNU_SOURCE /* syscall */

#include "pid1_signal.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

bool telinit_send(int signal, uint32_t value)
{
	const siginfo_t info = {
		.si_code = SI_QUEUE,
		.si_value.sival_int = (int)value,
	};

	return syscall(SYS_rt_sigqueueinfo, 1, signal, &info) == 0;
}
