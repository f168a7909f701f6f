/*
 * emergency.h - what is left of PID 1 when it can't go on: a loop without plan
 * or table. The loop reaps children, keeps a shell on the console, and serves
 * the signals for poweroff, reboot and halt. Never reads the inittab or the
 * state, and never executes init again. Called in PID 1 by its fault handler
 * only (recover.h).
 */
#ifndef EMERGENCY_H
#define EMERGENCY_H

#include <stdint.h>

/* signal and at tell which fault init could not survive: its signal and program
 * counter; both are logged. Signals must be blocked (signals_block()). Never
 * returns; a container exits with 0 after a shutdown. Called again, after a
 * fault of the loop itself, it starts the loop over. */
_Noreturn void emergency_loop(int signal, uintptr_t at);

#endif
