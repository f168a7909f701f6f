/*
 * boot.h - from the kernel's hand-over to a state with a table in it: console,
 * early mounts, settings, the first inittab. Runs once, starts nothing.
 */
#ifndef BOOT_H
#define BOOT_H

#include "state.h"

/* runlevel is argv[1], or "": a word that the kernel did not know. Never
 * fails: where a thing is missing, init goes on without. */
struct state *boot(const char *runlevel);

#endif
