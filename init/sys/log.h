/*
 * log.h - writes one line to the console and to the kernel's log. Keeps no log
 * of its own, and allocates nothing. Called by PID 1 and by forked children.
 *
 * A console that is stopped by Ctrl-S must not stop PID 1: it waits for room at
 * most 20 ms there, 400 ms on a console that others fill, and then drops the
 * line, or the rest of it. A child waits 1 s, at most 20 s: a serial line needs
 * a third of a second for what others left to be sent. These limits need /proc:
 * else, and if the console is a socket, a line that is longer than the room
 * blocks.
 */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

/* Priorities of syslog(3), as /dev/kmsg takes them. */
enum log_level {
	LOG_ERROR = 3,
	LOG_WARNING = 4,
	LOG_INFO = 6,
	LOG_PRIORITY_MASK = 7,	  /* no priority, but the bits of one */
	LOG_ERRNO = 8 | LOG_ERROR /* appends ": " and strerror(errno) */
};

/*
 * Writes "init: " and the strings after level, up to a NULL, as one line. A
 * line is cut at about 400 bytes, and a control character is written as '?'.
 * The console is the file on descriptor 2. The kernel's log gets the line only
 * on a machine: a container shares that log with its host. Keeps errno. Errors
 * are ignored: nothing is left to log them to.
 */
__attribute__((sentinel)) void log_line(bool is_machine, enum log_level level,
					...);

#endif
