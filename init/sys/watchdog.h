/*
 * watchdog.h - opens, pings and stops the hardware watchdog, which resets a
 * machine that hangs during shutdown. Does not decide when:
 * plan_wants_watchdog() does.
 */
#ifndef WATCHDOG_H
#define WATCHDOG_H

/*
 * Pings the watchdog on *fd. If *fd is 0, opens /dev/watchdog, which starts the
 * watchdog (Linux, Documentation/watchdog/watchdog-api.rst); *fd stays 0 if
 * there is none, or another process has it open. While it is open, this must be
 * called at least every WATCHDOG_INTERVAL_MS ms.
 */
void watchdog_ping(int *fd);
#define WATCHDOG_INTERVAL_MS 4000

/* Stops the watchdog if its driver can do that, closes it, and sets *fd to 0.
 */
void watchdog_disarm(int *fd);

#endif
