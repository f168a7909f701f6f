/*
 * log.h - one line to the console and to the kernel's log. Never waits: what
 * can't be written at once is dropped (a console stopped by Ctrl-S must not
 * stop PID 1). Children may call it.
 */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

/* syslog(3) priorities, as /dev/kmsg takes them. */
enum kmsg_level {
	KMSG_ERROR = 3,
	KMSG_WARNING = 4,
	KMSG_INFO = 6,
	KMSG_PRIORITY = 7,	     /* a mask */
	KMSG_FAILED = 8 | KMSG_ERROR /* and what errno means, at the end */
};

/*
 * Writes "init: " and the strings that follow, up to a NULL, as one line; cut
 * at some 400 bytes, control characters shown as '?'. Descriptor 2 names the
 * console. The kernel's log gets the line only where it is ours: not in a
 * container. errno is kept.
 */
__attribute__((sentinel)) void kmsg_say(bool machine, enum kmsg_level level,
					...);

#endif
