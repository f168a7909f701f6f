/*
 * pid1_signal.h - sends PID 1 a queued signal: how other processes make a
 * request (request.h). Never waits for an answer. For any process but PID 1.
 */
#ifndef PID1_SIGNAL_H
#define PID1_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

/* Queues a signal with a value, which only SIGNAL_REQUEST uses. Returns false
 * and errno as sigqueue(3): EPERM if the caller is not root. */
bool pid1_queue_signal(int signal, uint32_t value);

#endif
