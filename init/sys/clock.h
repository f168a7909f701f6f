/*
 * clock.h - reads the monotonic clock (clock_gettime(2), CLOCK_MONOTONIC). All
 * times of init are on this clock. Never sleeps and sets no clock. May be
 * called in any process, also in a signal handler. Can't fail: every kernel has
 * this clock.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

#include "types.h"

/* The current time, in ms and in us. */
int64_t clock_ms(void);
int64_t clock_us(void);

/* The time that is left until `until` (ms); 0 if that time has passed. Also 0
 * for FOREVER: the caller has to handle that value. Any other `until` must be
 * less than 290 years, so that it can be counted in ns. */
struct timespec clock_left(int64_t until);

#endif
