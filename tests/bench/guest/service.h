/* What init runs, and what is done to it. Exit statuses. */

#ifndef SERVICE_H
#define SERVICE_H

/* Says its pid and when it started in /run/h.svc.NAME, and stays. */
int service_run(const char *name);

/* Exits so many seconds after SIGTERM; marks when it gets the signal, and when
 * it exits. */
int service_slow(int seconds);

/* Writes numbered records of RECORD bytes, and tells each that it has written.
 */
int service_writer(const char *name, const char *path);

/* Notes the time and PID 1's CPU time, and fails. */
int service_fail(void);

/* Waits until the getty and the service NAME are up. */
int service_up(const char *name);

/* Kills the service so often, seconds apart; tells each time to its return. */
int service_kill(const char *name, int times, int seconds);

/* Tells what service_fail() has noted in so many seconds. */
int service_storm(int seconds);

/* Sends HUP to PID 1; tells when the service NAME is up, and what that cost. */
int service_reload(const char *name);

/* Takes every free task slot, kills the service NAME, gives the slots back
 * after so many seconds, and tells when the service is up again. */
int service_slots(const char *name, int seconds);

#endif
