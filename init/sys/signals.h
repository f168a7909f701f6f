/*
 * signals.h - all that init waits for: signals and time. The only place that
 * sleeps, and the only one that reaps. Handles nothing: it hands over facts.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <signal.h>
#include <stdint.h>

/*
 * Early in main: blocks every signal but those of a fault, and sets every other
 * disposition to the default, whatever was inherited (an ignored
 * SIGCHLD would make waitid(2) answer ECHILD; PID 1 gets only signals that it
 * blocks or handles, signal(7)).
 */
void signals_init(void);

/*
 * Blocks them, and those of a fault not, no matter what was blocked before. For
 * an image that goes on for another: to set a disposition anew would discard a
 * pending SIGCONT or SIGCHLD (sigaction(2), SIG_DFL of what is ignored by
 * default). And for a handler of faults: a fault of its own must find it.
 */
void signals_block(void);

/* Sets a signal's disposition to the default. */
void signal_reset(int signal);

/* Sets the handler of the signals of a fault: on the alternate stack, with all
 * signals blocked while it runs (sigaction(2)). */
void signals_handle_faults(void (*handler)(int, siginfo_t *, void *));

/* For a child, or before another init takes over: no signal is blocked. */
void signals_unblock(void);

/* Sleeps until a signal is pending or the time (FOREVER: none) has come; one
 * that is past only looks. Returns the signal, taken, or 0. The kernel writes
 * *arrived. */
int signals_wait(int64_t until, siginfo_t *arrived);

enum reaped {
	REAPED_ONE,
	REAPED_NONE,	   /* those that are left still run */
	REAPED_NO_CHILDREN /* no child is left: ECHILD */
};

/* So many are taken before all else has its turn: a flood must not keep us. */
#define REAP_BATCH 256

/*
 * Takes a child that has ended, if any; the kernel writes *exited (waitid(2)).
 * told: only this one, if it is a child at all (else REAPED_NO_CHILDREN), which
 * is found at once; 0: any, for which the kernel goes through all that live,
 * 0.8 ms for 10,000.
 */
enum reaped reap_child(siginfo_t *exited, pid_t told);

/* The status of *exited as wait(2) would give it. */
int wait_status(const siginfo_t *exited);

#endif
