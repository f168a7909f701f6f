/* What PID 1 holds, and what it keeps running. */

#ifndef MEMORY_H
#define MEMORY_H

/* Tells PID 1's memory, and the other processes that are its own, which are
 * all but kernel threads, the getty, the shell, and the tool itself. */
int memory_tell(void);

#endif
