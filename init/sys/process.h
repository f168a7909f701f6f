/*
 * process.h - sends signals to other processes, and reads /proc/PID/stat.
 * Starts no process and reaps none. Called by PID 1 only. Errors are ignored: a
 * process may end at any time. A pid is that of a child which is not reaped
 * yet, so it can't be another process; it is greater than 1, since kill(2)
 * takes other values for something else.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <stddef.h>

/* Signals all processes except PID 1 (kill(2), pid -1). SIGTERM is followed by
 * SIGCONT, since a stopped process would not handle SIGTERM. */
void signal_all(int signal);

/* Signals the process group of a child. A child that does not lead a group yet
 * is signalled alone. SIGCONT to the group follows, so that stopped processes
 * handle the signal; SIGKILL does not need that. */
void signal_group(int pid, int signal);

/*
 * Sends SIGHUP to the group of a child if the child is an interactive shell: if
 * it has a controlling terminal and ignores SIGTERM (proc(5), stat: tty_nr,
 * sigignore). A getty becomes one, since it executes login, and login the
 * shell. Does nothing without /proc.
 */
void hangup_interactive_shell(int pid);

/* Writes names and pids of PID 1's children, zombies too, to text, as
 * "a[12] b[345]". Children that do not fit into size bytes, with the NUL, are
 * left out; size is at least 1. Without /proc text is "". log_line() sanitizes
 * names. */
void list_children(char *text, size_t size);

#endif
