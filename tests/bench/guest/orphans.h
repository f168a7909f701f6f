/* How PID 1 reaps what it inherits: each makes orphans, waits until none is
 * left, and tells how many there were, the largest number at a time, and the
 * CPU time that PID 1 took. Exit statuses. */

#ifndef ORPHANS_H
#define ORPHANS_H

int orphans_steady(int rate, int seconds);
int orphans_sequence(int count);
int orphans_mass(int count);

#endif
