/*
 * boot.h - makes the first state of PID 1: opens descriptors 0-2, does the
 * early mounts, opens the console, finds the job. Starts no process, and reads
 * no inittab: the plan asks for that. Called by main.c only.
 */
#ifndef BOOT_H
#define BOOT_H

#include "state.h"

/*
 * Sets up PID 1, and returns its first state, which is not the live one yet:
 * the caller stores it. argc and argv as in main; argc is 1 if the state of an
 * earlier image was lost. Signals must be blocked (signals.h). Never fails:
 * errors are logged, and without memory it waits until there is some.
 */
struct state *boot(int argc, char **argv);

#endif
