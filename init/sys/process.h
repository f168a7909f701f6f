/*
 * process.h - sends signals to other processes, and reads in /proc what these
 * are. Starts no process and reaps none. Called by PID 1 only. Errors are
 * ignored: a process may end at any time.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <stddef.h>

/* Signals all processes except PID 1 (kill(2), pid -1). SIGTERM is followed by
 * SIGCONT, since a stopped process would not handle SIGTERM. */
void signal_all(int signal);

/* Signals the process group of child pid, or only the child as long as it leads
 * no group. SIGCONT to the group follows, so that stopped processes handle the
 * signal; SIGKILL does not need that. pid must be greater than 1: kill(2) takes
 * other values for something else. */
void signal_group(int pid, int signal);

/*
 * Ends the interactive shell that child pid may have become: getty executes
 * login, which executes the shell. Calls signal_group(pid, SIGHUP) if the child
 * has a controlling terminal and ignores SIGTERM (proc(5), stat: tty_nr,
 * sigignore). Does nothing without /proc. pid must be greater than 1.
 */
void hangup_interactive_shell(int pid);

/* Writes names and pids of PID 1's children to text, as "a[12] b[345]": those
 * that fit in size bytes with the NUL; size is at least 1. "" without /proc. */
void list_children(char *text, size_t size);

#endif
