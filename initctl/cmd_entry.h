/*
 * cmd_entry.h - init is asked to stop, start or restart entries, by a signal,
 * and what came of it is told by its state.
 */
#ifndef CMD_ENTRY_H
#define CMD_ENTRY_H

#include "outcome.h"
#include "request.h"

/* words is what comes after the verb; NULL-ended. All of them are understood,
 * or init is asked for nothing. */
enum outcome ask_entries(enum verb verb, char **words);

#endif
