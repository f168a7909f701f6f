/*
 * tty.h - opens terminals on descriptors 0-2, sets them up, makes them
 * controlling terminals, and shows the prompt of askfirst entries. Knows no
 * entries, and logs nothing. Called by PID 1 and by forked children; functions
 * that wait, or that need a session or process group of their own, are called
 * by a child.
 */
#ifndef TTY_H
#define TTY_H

#include <stdbool.h>
#include <stddef.h>

/* Opens those of descriptors 0-2 that are closed: on /dev/console, else on
 * /dev/null, else on the directory "/". Open ones are kept. Called by PID 1
 * before it opens anything else, which could become descriptor 0-2. */
void stdio_ensure_open(void);

/* Opens path on descriptors 0-2, in blocking mode, without a wait for carrier,
 * and not as controlling terminal. Returns false and errno if path can't be
 * opened; descriptors 0-2 are kept then. */
bool tty_set_stdio(const char *path);

/* The same for /dev/NAME; false and ENAMETOOLONG if that is too long. Called by
 * a child: waits up to 80 ms for a tty that is being hung up. PID 1 calls this
 * and tty_open_console() in spawn_exec_in_place() only. */
bool tty_open_stdio(const char *name);

/* The same for the device behind /dev/console: the last word of
 * /sys/class/tty/console/active, as "ttyS0". Needs /sys. Returns false if there
 * is no such device, or it can't be opened; errno is not always set. */
bool tty_open_console(void);

/* Makes the tty on descriptor 0 the controlling terminal of the caller, which
 * must be a session leader. Errors are ignored: descriptor 0 may be no tty, or
 * another session may have that tty (EPERM). */
void tty_make_controlling(void);

/* Called by a child with signals blocked (SIGTTOU would stop it): puts it in a
 * process group of its own, and makes that the foreground group of the tty on
 * descriptor 0. Errors are ignored: that tty may be no controlling terminal. */
void tty_foreground(void);

/* Gives the terminal on fd the settings of busybox init (init.c,
 * set_sane_term()). Does nothing if fd is no terminal. Does not wait for output
 * to drain. Errors are ignored. */
void tty_make_sane(int fd);

/* The value of TERM for the tty on fd: "linux" for a virtual terminal, "vt102"
 * for any other file. Valid for ever. */
const char *tty_term_type(int fd);

/* Called by a child: writes the prompt to descriptor 1, then waits for Enter,
 * the end of input, or an error on descriptor 0. */
void tty_wait_for_enter(void);

#endif
