/*
 * boot.h - from the kernel's hand-over to a state with a table in it: console,
 * early mounts, settings, the first inittab. Runs once, starts nothing.
 */
#ifndef BOOT_H
#define BOOT_H

#include "state.h"

/* The arguments are those of main(). Never fails: where a thing is missing,
 * init goes on without. */
struct state *boot(int argc, char **argv);

#endif
