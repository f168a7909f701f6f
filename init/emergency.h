/*
 * emergency.h - what is left of PID 1 when it can't go on: a loop without plan
 * or table. It reaps, ends the machine when asked to, keeps a shell on the
 * console, and says so.
 */
#ifndef EMERGENCY_H
#define EMERGENCY_H

#include <stdint.h>

/* What it was that init could not go on after: a signal, and the instruction.
 * Never returns. Called again, from a fault in it, it begins anew. */
_Noreturn void emergency_loop(int signal, uintptr_t at);

#endif
