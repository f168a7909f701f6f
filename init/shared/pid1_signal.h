/*
 * pid1_signal.h - how other processes ask PID 1 for something: a queued signal.
 */
#ifndef PID1_SIGNAL_H
#define PID1_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

/* Queues a signal to PID 1, with a value for those that take one (plan.h,
 * SIGNAL_REQUEST). False and errno. */
bool pid1_queue_signal(int signal, uint32_t value);

#endif
