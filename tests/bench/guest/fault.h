/* Causes a fault of PID 1 itself, as a bug would. */

#ifndef FAULT_H
#define FAULT_H

/* Makes PID 1 execute at an address where nothing is mapped, so the kernel
 * raises SIGSEGV there. Returns an exit status, without waiting for what
 * becomes of PID 1. */
int fault_cause(void);

#endif
