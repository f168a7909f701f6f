/*
 * recover.h - PID 1 does not fall: after a fault of its own another image of
 * the program goes on with the state. Decides nothing but whether that has any
 * hope. Only main.c knows of it.
 */
#ifndef RECOVER_H
#define RECOVER_H

#include "state.h"

/*
 * Makes faults of PID 1 survivable: SIGSEGV and the like that it raised itself
 * (sent ones are ignored). The program is executed again, with argv as long as
 * *live is NULL, else to go on with that state. If there is no way, or if there
 * were more than FAULTS_MAX faults in FAULTS_WINDOW ms, last_resort() is called
 * with the last one and its instruction; it must not return. A forked child
 * ends as it would without.
 */
void fault_handlers_install(struct state *const *live, char **argv,
			    void (*last_resort)(int signal, uintptr_t at));

/* The signal of a fault that a process has sent us, and its pid; 0: none since
 * this was asked last. */
int fault_take_external(int *sender);

/* What is to be said if this image is the second to begin: a fault ended the
 * first before it had a state to note that in. Else NULL. */
const char *fault_before_state_message(void);

#endif
