/* journal.h - initctl log and times: what happened, from init's ring of events
 * (ring.h). */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "history.h"
#include "outcome.h"

/* words is what comes after the verb; NULL-ended. */
enum outcome journal_log(char **words);
enum outcome journal_times(char **words); /* times.c */

/* Number, tty and command of the entry that an event is about. */
void journal_put_entry(const struct history *history,
		       const struct ring_event *event);

#endif
