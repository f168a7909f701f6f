/*
 * recover.h - PID 1 survives its own faults: after a fault, another image of
 * the program goes on with the state. Decides only whether that can still
 * succeed, and repairs nothing: plan_recover() in plan_transaction.h does.
 * Called by main.c in PID 1 only.
 */
#ifndef RECOVER_H
#define RECOVER_H

#include "state.h"

/*
 * Installs handlers for SIGSEGV and the other signals of a fault, on a stack of
 * their own, and opens the program's own file (reexec_open_self()). Errors are
 * ignored: reexec_is_supported() in reexec.h tells. live, argv and what they
 * point to must stay valid.
 *
 * If init itself caused the signal, the program is executed again: to go on
 * with the state in *live, or with argv while that is NULL. last_resort() is
 * called with the signal and the program counter if that is impossible, if
 * FAULTS_MAX other faults came within the last FAULTS_WINDOW ms, for a second
 * fault without a state, and for a fault in the handler. It must not return.
 *
 * If another process sent the signal, init ignores it, and wakes up to log that
 * (fault_take_external()). A forked child dies of the signal as if there were
 * no handler.
 */
void fault_handlers_install(struct state *const *live, char **argv,
			    void (*last_resort)(int signal, uintptr_t at));

/* A child that is a copy of init died of this signal, so this image can't be
 * trusted: counts that as a fault, and executes the program again, to go on
 * with the state. Returns only if that fails. */
void fault_of_child(struct state *state, int signal);

/* The last signal of a fault that a process sent, and in *sender the pid of
 * that process. Returns 0 if there was none since the last call; *sender means
 * nothing then. */
int fault_take_external(int *sender);

/* What to log if a fault ended the image before this one, before there was a
 * state; else NULL. Points into argv[0], which fault_handlers_install() was
 * given. */
const char *fault_before_state_message(void);

#endif
