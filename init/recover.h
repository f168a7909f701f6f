/*
 * recover.h - PID 1 survives its own faults: after one, another image of the
 * program goes on with the state. Only main.c includes this. Decides nothing
 * but whether that has any hope.
 */
#ifndef RECOVER_H
#define RECOVER_H

#include "state.h"

/*
 * Installs handlers for SIGSEGV and the other signals of a fault. If init
 * caused the signal itself, the program is executed again: to go on with the
 * state in *live, or with argv while that is NULL. If that is impossible, or
 * after FAULTS_MAX faults within FAULTS_WINDOW ms, last_resort() is called with
 * the signal and the program counter; it must not return. A signal that another
 * process sent is ignored. A forked child dies of the signal as if there were
 * no handler. Also opens the program's own file (reexec_open_self()).
 */
void fault_handlers_install(struct state *const *live, char **argv,
			    void (*last_resort)(int signal, uintptr_t at));

/* The last signal of a fault that a process sent, and the pid of that process;
 * 0: none since the last call. */
int fault_take_external(int *sender);

/* What to log if a fault ended the image before this one, before there was a
 * state; else NULL. */
const char *fault_before_state_message(void);

#endif
