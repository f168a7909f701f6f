#define _GNU_SOURCE /* clock_gettime */

#include "clock.h"

#define NS_PER_MS 1000000
#define NS_PER_US 1000
#define MS_PER_S 1000
#define NS_PER_S ((int64_t)MS_PER_S * NS_PER_MS)

static int64_t now_ns(void)
{
	struct timespec now = {0, 0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
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
