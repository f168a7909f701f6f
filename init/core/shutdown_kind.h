/*
 * shutdown_kind.h - the kinds of shutdown: their names, and the signals that
 * ask PID 1 for them. The only table of these; init and initctl both use it.
 */
#ifndef SHUTDOWN_KIND_H
#define SHUTDOWN_KIND_H

#include "types.h"

/* "halt", "poweroff", "reboot" or "restart"; "" for SHUTDOWN_NONE. Valid for
 * ever. Also the value of INIT_REASON. */
const char *shutdown_name(enum shutdown_kind kind);

/* The kind with this name; SHUTDOWN_NONE if there is none. */
enum shutdown_kind shutdown_kind_of_name(const char *name);

/* The kind that a signal asks PID 1 for; SHUTDOWN_NONE if it asks for none.
 * Sources: busybox init.c; systemd(1) for 37 to 39; SIGPWR is a power failure,
 * and a poweroff here. */
enum shutdown_kind shutdown_kind_of_signal(int signal);

/* The signal by which halt, poweroff and reboot of busybox ask for a kind. */
int shutdown_signal(enum shutdown_kind kind);

/* The same for container managers: SIGRTMIN+3 to SIGRTMIN+5 of glibc, whose
 * SIGRTMIN is 34 (systemd(1)). A job that is alone in its container gets the
 * other signals; these are always for init. 0 for SHUTDOWN_RESTART. */
int shutdown_container_signal(enum shutdown_kind kind);

#endif
