/*
 * tty.h - consoles and terminals: what descriptors 0-2 are, sane settings,
 * the question before an askfirst entry. What may block (a tty without a
 * carrier, waiting for Enter) is for children only, and says so.
 */
#ifndef TTY_H
#define TTY_H

#include <stdbool.h>
#include <stddef.h>

/* Makes descriptors 0-2 open, whatever they were at birth: /dev/console, or
 * /dev/null, or "/" for want of anything. Leaves open ones alone. */
void stdio_ensure_open(void);

/* Puts the device on descriptors 0-2, blocking, not as controlling tty.
 * Returns false, with what was there still there, if it can't be opened. */
bool tty_set_stdio(const char *path);

/* For a child: opens /dev/NAME on descriptors 0-2, blocking, no wait for a
 * carrier. Returns false and errno. */
bool tty_open_stdio(const char *name);

/* The same for the device behind /dev/console: the last word of
 * /sys/class/tty/console/active, e.g. "ttyS0". False, if there is none. */
bool tty_open_console(void);

/* For who leads his session: makes descriptor 0 his controlling tty, unless
 * another session has it. */
void tty_make_controlling(void);

/* For a child, with signals blocked: makes it a process group of its own, and
 * that the one in the foreground of descriptor 0, if it is our terminal. */
void tty_foreground(void);

/* Sets what busybox init sets (init.c set_sane_term); nothing if fd is no
 * terminal. Does not wait for output to drain. */
void tty_make_sane(int fd);

/* "linux" for a virtual terminal, "vt102" for any other. */
const char *tty_term_type(int fd);

/* For a child: asks for Enter on descriptor 1 and waits for it, or for the
 * end of input. */
void tty_wait_for_enter(void);

#endif
