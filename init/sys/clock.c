#define _GNU_SOURCE /* syscall */

#include "clock.h"

#include <sys/syscall.h>
#include <unistd.h>

#define NS_PER_MS 1000000
#define NS_PER_US 1000
#define MS_PER_S 1000
#define NS_PER_S ((int64_t)MS_PER_S * NS_PER_MS)

/* The C library of a machine of 32 bits has only this one. */
#ifdef SYS_clock_gettime64
#define SYS_clock_gettime SYS_clock_gettime64
#endif

/* By system call: to find it in the vdso takes 900 bytes of the C library, and
 * init asks for the time a few times per event. */
static int64_t now_ns(void)
{
	struct timespec now = {0, 0};

	(void)syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t clock_us(void)
{
	return now_ns() / NS_PER_US;
}

int64_t clock_ms(void)
{
	return now_ns() / NS_PER_MS;
}

struct timespec clock_left(int64_t until)
{
	int64_t ns = until == FOREVER ? 0 : until * NS_PER_MS - now_ns();

	if (ns < 0)
		ns = 0;
	return (struct timespec){ns / NS_PER_S, ns % NS_PER_S};
}
