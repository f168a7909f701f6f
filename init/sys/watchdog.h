/*
 * watchdog.h - the hardware watchdog, while the machine goes down.
 */
#ifndef WATCHDOG_H
#define WATCHDOG_H

/*
 * Keeps the watchdog, if there is one that nobody holds (watchdog(7) has the
 * reasons): opens it, *fd being 0, which starts it, or pats it. From then on
 * it is to be patted every MACHINE_PAT ms at the least.
 */
void machine_watch(int *fd);
#define MACHINE_PAT 4000

/* Stops and closes it; *fd is 0 then. */
void machine_unwatch(int *fd);

#endif
