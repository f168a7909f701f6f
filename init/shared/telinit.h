/*
 * telinit.h - what init does when a user runs it: prints its version, or passes
 * a request on to PID 1. Never becomes an init itself, and never waits for PID
 * 1 to act. For any process but PID 1: init calls this, and initctl under the
 * name of telinit.
 */
#ifndef TELINIT_H
#define TELINIT_H

/* word is argv[1], or "". q, Q and -q ask for a reload, 0 for poweroff, 6 for
 * reboot, u and U for an upgrade; --version prints the version. Returns the
 * exit status: EXIT_FAILURE, with a message on standard error, for any other
 * word, or if PID 1 can't be signalled. Sources: busybox init.c for -q,
 * telinit(8) of sysvinit for the rest. */
int telinit(const char *word);

#endif
