/*
 * watchdog.h - opens, pings and stops the hardware watchdog. It is used only
 * during shutdown, so that a machine that hangs there is reset. Called by
 * PID 1. plan_wants_watchdog() in plan.h decides when it runs. Errors are
 * ignored: not every machine has a watchdog.
 */
#ifndef WATCHDOG_H
#define WATCHDOG_H

/* The longest time between two pings (ms): below the shortest timeout of common
 * drivers. */
#define WATCHDOG_INTERVAL_MS 4000

/*
 * Pings the watchdog that is open on *fd. If *fd is 0 (not open: descriptor 0
 * is always another file), opens /dev/watchdog, which starts the watchdog, and
 * stores the descriptor in *fd. If no driver is in /proc/misc, or another
 * process has it open, *fd stays 0, and the next call tries again. As long as
 * *fd is not 0, the machine is reset unless this is called every
 * WATCHDOG_INTERVAL_MS. Source: Linux, Documentation/watchdog/watchdog-api.rst.
 */
void watchdog_ping(int *fd);

/* Stops the watchdog, closes it, and sets *fd to 0. Does nothing if *fd is 0.
 * Some drivers can't stop (nowayout): they reset the machine when their timeout
 * expires. */
void watchdog_disarm(int *fd);

#endif
