#include "send.h"

#include <errno.h>
#include <stddef.h>

#include "pid1_signal.h"
#include "say.h"

static enum outcome send(int signal, uint32_t value)
{
	if (pid1_queue_signal(signal, value))
		return OUTCOME_DONE;
	if (errno == EPERM) {
		say("only root may ask init for anything", NULL);
		return OUTCOME_NOT_PERMITTED;
	}
	say("can't signal PID 1", NULL);
	return OUTCOME_REFUSED;
}

enum outcome send_signal(int signal)
{
	return send(signal, 0);
}

enum outcome send_request(enum verb verb, uint32_t number)
{
	return send(SIGNAL_REQUEST,
		    (uint32_t)verb << REQUEST_VERB_SHIFT | number);
}
