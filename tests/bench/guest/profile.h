/* Looks at a process by ptrace(2), on its own CPU clock: under icount that is
 * an exact count of its instructions, parted at each system call. */

#ifndef PROFILE_H
#define PROFILE_H

/* Starts a tracer of the calling process, PID 1, which then executes init. The
 * tracer reports what init did up to so many seconds after the first getty. */
void profile_init(int seconds);

/* The same of a getty, which tells when it has written its prompt. */
void profile_prompt(void);

#endif
