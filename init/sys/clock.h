/*
 * clock.h - the monotonic clock. All times of init are of it.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

#include "types.h"

/* Now, in ms, and in us. */
int64_t clock_ms(void);
int64_t clock_us(void);

/* What is left until that time (ms): 0 if it has come. FOREVER: 0. */
struct timespec clock_left(int64_t until);

#endif
