/* What every applet of the tool shares: time, CPU time, and how a result gets
 * out. A line of the second serial port is a result; a line of the kernel's log
 * is a mark that lies between the kernel's own messages, on their clock. */

#ifndef TELL_H
#define TELL_H

#include <sys/types.h>

/* Nanoseconds of CLOCK_MONOTONIC. */
long long now(void);

/* Sleeps so many nanoseconds, whatever signals come. */
void nap(long long ns);

/* Nanoseconds of CPU that a process has had, or -1. Under icount these are
 * instructions, the kernel's for it included. */
long long cpu_of(pid_t pid);

/* One line of result. */
__attribute__((format(printf, 1, 2))) void tell(const char *format, ...);

/* One mark on the console, at once. */
__attribute__((format(printf, 1, 2))) void mark(const char *format, ...);

/* Reads a small file as a string; its length, or -1. */
ssize_t slurp(const char *path, char *text, size_t size);

/* Replaces a file as a whole, so that no reader sees half of it. */
void put(const char *path, const char *text);

/* Live tasks and zombies of the whole machine. */
int tasks(void);

/* Starts a process that PID 1 inherits. It ends at the end of fd, or at once
 * when fd is -1, and calls at_end before it does. 0, or -1. */
int orphan(int fd, void (*at_end)(void));

#define GETTY_UP "/run/h.getty"
#define STAMP "/h/stamp"
#define SECOND 1000000000LL

#endif
