/*
 * telinit.h - what init does when somebody runs it who is not the kernel: says
 * what it is, or passes a request on to PID 1. Never becomes an init itself.
 */
#ifndef TELINIT_H
#define TELINIT_H

/* word is argv[1], or "": q, Q or -q for a reload, 0 for poweroff, 6 for
 * reboot, u or U for an upgrade. Returns the exit status; what is wrong is said
 * on standard error. Sources: busybox init.c for -q, sysvinit's telinit(8) for
 * the others. */
int telinit(const char *word);

#endif
