/*
 * cmd_halt.h - shutdown of the machine: initctl poweroff, reboot and halt, and
 * the programs halt, poweroff, reboot and shutdown of other inits.
 */
#ifndef CMD_HALT_H
#define CMD_HALT_H

#include "options.h"
#include "outcome.h"

/* Send the request, and wait until init has begun the shutdown. They work
 * without a readable state as well: then PID 1 is signalled unless its name
 * shows that it is not an init, and nothing is waited for. */
enum outcome cmd_poweroff(const struct options *options);
enum outcome cmd_reboot(const struct options *options);
enum outcome cmd_halt(const struct options *options);

/* Runs the program called name, if it is one of halt, poweroff, reboot and
 * shutdown, and sets *outcome. Returns false if it is none of them. */
bool halt_run(const char *name, int argc, char **argv, enum outcome *outcome);

#endif
