/*
 * cmd_entry.h - initctl stop, start and restart. The requests are queued
 * signals to PID 1; whether they succeeded is read from init's state.
 */
#ifndef CMD_ENTRY_H
#define CMD_ENTRY_H

#include "options.h"
#include "outcome.h"

/* The operands name entries (find_entry.h). If one of them names no single
 * entry, or init would refuse it, nothing is sent for any of them. Without
 * --no-wait each waits for the results and prints them; the first failure
 * counts. */
enum outcome cmd_stop(const struct options *options);
enum outcome cmd_start(const struct options *options);
enum outcome cmd_restart(const struct options *options);

#endif
