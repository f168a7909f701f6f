/*
 * action_hint.h - what somebody may have meant by an action that init does not
 * know.
 */
#ifndef ACTION_HINT_H
#define ACTION_HINT_H

#include "finding.h"

/* Says whose action it is and what to use here, or which of ours is spelled
 * most like it, or which there are. Capitals do not matter. action may be
 * empty, and lies where the finding is. */
void advice_say(struct look *look, const char *action);

#endif
