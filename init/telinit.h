/*
 * telinit.h - what init does when somebody runs it who is not the kernel: says
 * what it is, or passes a request on to PID 1. Never becomes an init itself.
 */
#ifndef TELINIT_H
#define TELINIT_H

/* word is argv[1], or "". Returns the exit status; what is wrong is said on
 * standard error. Source: busybox init.c, and kill(1, SIGHUP) for -q. */
int telinit(const char *word);

#endif
