/*
 * emergency.h - what is left of PID 1 when it can't go on: a loop without plan
 * or table. It reaps children, keeps a shell on the console, and shuts the
 * machine down on request.
 */
#ifndef EMERGENCY_H
#define EMERGENCY_H

#include <stdint.h>

/* signal and at tell which fault init could not survive: its signal and program
 * counter. Never returns. Called again, after a fault of its own, the loop
 * starts over. */
_Noreturn void emergency_loop(int signal, uintptr_t at);

#endif
