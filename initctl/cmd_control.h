/*
 * cmd_control.h - what init is asked for that is about no entry: a reload, an
 * upgrade, an end.
 */
#ifndef CMD_CONTROL_H
#define CMD_CONTROL_H

#include "outcome.h"
#include "types.h"

/* words is what comes after the verb; NULL-ended. Each waits for the outcome.
 */
enum outcome wish_reload(char **words);
enum outcome wish_upgrade(char **words);

/* A halt, poweroff or reboot: asked for also where no state can be seen, of
 * whatever calls itself init. */
enum outcome wish_ending(enum shutdown_kind ending, char **words);

#endif
