/*
 * process.h - other processes: signals to them, and what /proc says of them.
 * Starts none, and reaps none.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <stddef.h>

/* Signals every process but us; SIGTERM also wakes the stopped ones. */
void signal_all(int signal);

/* Signals the process group of a child, stopped or not. */
void signal_group(int pid, int signal);

/*
 * Hangs up an interactive shell that a child may have become (a getty does,
 * when its login execs the shell): sends SIGHUP to its group if it has a
 * controlling terminal and ignores SIGTERM. Needs /proc (proc(5), stat).
 */
void hangup_interactive_shell(int pid);

/* Writes the names of our children to text, "a[12] b[345]", as many as fit.
 * Needs /proc. */
void list_children(char *text, size_t size);

#endif
