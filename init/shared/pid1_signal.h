/*
 * pid1_signal.h - sends PID 1 a queued signal: how other processes make a
 * request (request.h).
 */
#ifndef PID1_SIGNAL_H
#define PID1_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

/* Queues a signal with a value, which only SIGNAL_REQUEST uses. False: errno,
 * EPERM if the caller is not root. */
bool pid1_queue_signal(int signal, uint32_t value);

#endif
