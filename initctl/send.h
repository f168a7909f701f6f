/* send.h - a signal to PID 1, and what is wrong with it, said. */
#ifndef SEND_H
#define SEND_H

#include "outcome.h"
#include "request.h"
#include "types.h"

enum outcome send_signal(int signal);
enum outcome send_request(enum verb verb, uint32_t number);

#endif
