/*
 * action_hint.h - explains an unknown action: what to use instead.
 */
#ifndef ACTION_HINT_H
#define ACTION_HINT_H

#include "finding.h"

/* Adds a finding about an action that init does not know. It says what to use
 * in place of an action of another init, or which known action is spelled most
 * alike, or else lists the known actions; case does not matter. action may be
 * empty; it points into the line. */
void hint_action(struct lint_line *line, const char *action);

#endif
