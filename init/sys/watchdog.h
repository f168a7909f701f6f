/*
 * watchdog.h - the hardware watchdog, while the machine goes down.
 */
#ifndef WATCHDOG_H
#define WATCHDOG_H

/*
 * Keeps the watchdog, if there is one that nobody holds (watchdog(7) has the
 * reasons): opens it, *fd being 0, which starts it, or pats it. From then on
 * it is to be patted every WATCHDOG_INTERVAL_MS ms at the least.
 */
void watchdog_ping(int *fd);
#define WATCHDOG_INTERVAL_MS 4000

/* Stops and closes it; *fd is 0 then. */
void watchdog_disarm(int *fd);

#endif
