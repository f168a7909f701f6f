/*
 * log.h - one line to the console and to the kernel's log. Never waits: what
 * can't be written at once is dropped (a console stopped by Ctrl-S must not
 * stop PID 1). Children may call it.
 */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

/* syslog(3) priorities, as /dev/kmsg takes them. */
enum log_level {
	LOG_ERROR = 3,
	LOG_WARNING = 4,
	LOG_INFO = 6,
	LOG_PRIORITY_MASK = 7,	  /* a mask */
	LOG_ERRNO = 8 | LOG_ERROR /* and what errno means, at the end */
};

/*
 * Writes "init: " and the strings that follow, up to a NULL, as one line; cut
 * at some 400 bytes, control characters shown as '?'. Descriptor 2 names the
 * console. The kernel's log gets the line only where it is ours: not in a
 * container. errno is kept.
 */
__attribute__((sentinel)) void log_line(bool machine, enum log_level level,
					...);

#endif
