/* cmd_log.h - initctl log: prints the events in init's event ring. */
#ifndef CMD_LOG_H
#define CMD_LOG_H

#include "event_log.h"
#include "options.h"
#include "outcome.h"

/* With options->follow it returns only when the state can't be read any more,
 * or the output can't be written. */
enum outcome cmd_log(const struct options *options);

/* Prints number, tty and command of the entry that the event is about; the
 * number only, if the entry has been removed. */
void log_print_entry(const struct event_log *log,
		     const struct event_record *event);

#endif
