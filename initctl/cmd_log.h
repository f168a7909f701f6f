/* cmd_log.h - initctl log and times: what happened, from init's ring of events
 * (ring.h). */
#ifndef CMD_LOG_H
#define CMD_LOG_H

#include "event_log.h"
#include "outcome.h"

/* words is what comes after the verb; NULL-ended. */
enum outcome journal_log(char **words);
enum outcome journal_times(char **words); /* times.c */

/* Number, tty and command of the entry that an event is about. */
void journal_put_entry(const struct history *history,
		       const struct event_record *event);

#endif
