/*
 * signals.h - the signal mask and dispositions of PID 1, the wait for a signal
 * or a time, and reaping. The main loop sleeps here only, and nothing else
 * reaps. Never acts on a signal or an exit: the caller gets it. Called by
 * PID 1; signal_reset() and signals_unblock() by forked children, too.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <signal.h>
#include <stdint.h>

/*
 * Blocks all signals except those of a fault (SIGSEGV and others) and 32 to 34,
 * which the C library reserves. Sets all dispositions except those of a fault
 * to the default. Called early in main: PID 1 receives a signal only if it is
 * blocked or has a handler (kill(2); Linux, kernel/signal.c, sig_ignored()),
 * and if an ignored SIGCHLD was inherited, waitid(2) fails with ECHILD. Can't
 * fail.
 */
void signals_init(void);

/*
 * Sets the same signal mask, whatever the mask was, and no disposition. For an
 * image that takes over by re-exec: to set the default disposition would
 * discard a pending SIGCHLD or SIGCONT (sigaction(2)). And for a fault handler:
 * a fault of the handler itself must be delivered. Async-signal-safe.
 */
void signals_block(void);

/* Sets the disposition of one signal to the default; may be one that the C
 * library reserves. Errors are ignored: SIGKILL and SIGSTOP have no other
 * disposition. Async-signal-safe; a forked child may call it. */
void signal_reset(int signal);

/* Sets the handler for the signals of a fault. The handler runs with all
 * signals but 32 to 34 blocked, on the alternate stack, which the caller sets
 * up (sigaltstack(2)). exec resets it; fork does not. */
void signals_handle_faults(void (*handler)(int, siginfo_t *, void *));

/* Unblocks all signals: called by a child, and by PID 1 before it executes
 * another init. */
void signals_unblock(void);

/*
 * Waits until a signal is pending or the time `until` (ms on the monotonic
 * clock; FOREVER: no limit) has come; does not wait if that time has passed.
 * Takes the signal and returns its number; the kernel writes *arrived. Returns
 * 0 after the time and on EINTR, with *arrived unchanged. The signals must be
 * blocked.
 */
int signals_wait(int64_t until, siginfo_t *arrived);

enum reaped {
	REAPED_ONE,
	REAPED_NONE,	   /* no child has ended, but some run */
	REAPED_NO_CHILDREN /* no child is left: ECHILD */
};

/* So many children are reaped before other events are served, which a flood of
 * exits must not delay. */
#define REAP_BATCH 256

/*
 * Reaps one child that has ended, if any; does not wait. The kernel writes
 * *exited (waitid(2)), with si_pid 0 if no child has ended. pid > 0: reaps only
 * the child with that pid, which the kernel finds at once; REAPED_NO_CHILDREN
 * if it is no child. pid 0: reaps any child; the kernel then searches all that
 * run: 0.7 ms for 10,000.
 */
enum reaped reap_child(siginfo_t *exited, pid_t pid);

/* The status of *exited as wait(2) gives it, but without WCOREDUMP. Only after
 * REAPED_ONE. */
int wait_status(const siginfo_t *exited);

#endif
