/*
 * boot.h - from the first instruction to the first state: descriptors, early
 * mounts, console, job, inittab. Starts no process.
 */
#ifndef BOOT_H
#define BOOT_H

#include "state.h"

/* Sets up PID 1, and returns its first state. Never fails: without memory it
 * waits until there is some. */
struct state *boot(int argc, char **argv);

#endif
