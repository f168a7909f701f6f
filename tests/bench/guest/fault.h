/* A fault of PID 1 itself, as a bug in it would be one. Exit statuses. */

#ifndef FAULT_H
#define FAULT_H

/* Makes PID 1 execute at an address where nothing is mapped, so the kernel
 * raises SIGSEGV there. It does not look what becomes of PID 1. */
int fault_cause(void);

#endif
