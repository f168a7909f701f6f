/*
 * process.h - sends signals to other processes, and reads in /proc what they
 * are. Starts no process and reaps none.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <stddef.h>

/* Signals all processes except PID 1 (kill(2), pid -1). SIGTERM is followed by
 * SIGCONT, since a stopped process would not handle it. */
void signal_all(int signal);

/* Signals the process group of child pid, or only the child as long as it leads
 * no group. SIGCONT follows, so that stopped processes handle the signal;
 * SIGKILL does not need that. */
void signal_group(int pid, int signal);

/*
 * Ends the interactive shell that child pid may have become: getty executes
 * login, which executes the shell. Sends SIGHUP to its process group if it has
 * a controlling terminal and ignores SIGTERM (proc(5), stat: tty_nr,
 * sigignore). Needs /proc.
 */
void hangup_interactive_shell(int pid);

/* Writes names and pids of PID 1's children to text, as "a[12] b[345]": as many
 * as fit in size bytes with the NUL. "" without /proc. */
void list_children(char *text, size_t size);

#endif
