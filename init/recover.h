/*
 * recover.h - the program is replaceable: it goes on with the state that
 * another image of it left. Decides nothing but whether there is need.
 */
#ifndef RECOVER_H
#define RECOVER_H

/* argv[1] of an image that is to go on, and where it finds the state. */
#define RECOVER_WORD "--resume"
#define RECOVER_FD 100

/*
 * Goes on from a copy in memory if the file that we run from is gone (replaced
 * or deleted): as long as it is open, its filesystem can't be made read-only.
 * The copy gets the descriptors of the state (-1: there is no file of it, and
 * so no way on) and of the watchdog (0: none). Returns only if there is no
 * need, or if it failed, which is said.
 */
void recover_from_memory(int state, int watchdog);

#endif
