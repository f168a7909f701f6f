/*
 * telinit.h - what init does when a user runs it: prints its version, or passes
 * a request on to PID 1. It never becomes an init itself. initctl does the same
 * under the name of telinit.
 */
#ifndef TELINIT_H
#define TELINIT_H

/* word is argv[1], or "". q, Q and -q ask for a reload, 0 for poweroff, 6 for
 * reboot, u and U for an upgrade. Returns the exit status; errors go to
 * standard error. Sources: busybox init.c for -q, telinit(8) of sysvinit for
 * the rest. */
int telinit(const char *word);

#endif
