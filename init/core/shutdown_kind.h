/*
 * shutdown_kind.h - the kinds of shutdown: their names, and the signals that
 * ask PID 1 for a kind. The only table of these; init and initctl both use it.
 * Sends no signal. Pure: may be called in any process. kind must be less than
 * SHUTDOWN_COUNT.
 */
#ifndef SHUTDOWN_KIND_H
#define SHUTDOWN_KIND_H

#include "types.h"

/* "halt", "poweroff", "reboot" or "restart"; "" for SHUTDOWN_NONE. Valid for
 * ever. Also the value of INIT_REASON for shutdown entries. */
const char *shutdown_name(enum shutdown_kind kind);

/* The kind with this name; SHUTDOWN_NONE if there is none. */
enum shutdown_kind shutdown_kind_of_name(const char *name);

/* The kind that a signal asks PID 1 for; SHUTDOWN_NONE if it asks for none, as
 * SIGINT (Ctrl-Alt-Del). Sources: busybox init.c; systemd(1) for 37 to 39;
 * SIGPWR is a power failure, and a poweroff here. */
enum shutdown_kind shutdown_kind_of_signal(int signal);

/* The signal by which halt, poweroff and reboot of busybox ask for a kind;
 * SIGQUIT for SHUTDOWN_RESTART, 0 for SHUTDOWN_NONE. */
int shutdown_signal(enum shutdown_kind kind);

/* The same for container managers: SIGRTMIN+3 to SIGRTMIN+5 of glibc, whose
 * SIGRTMIN is 34 (systemd(1)). A job that is alone in its container gets the
 * signals of shutdown_signal(); these are always for init. 0 for
 * SHUTDOWN_RESTART and SHUTDOWN_NONE. */
int shutdown_container_signal(enum shutdown_kind kind);

#endif
