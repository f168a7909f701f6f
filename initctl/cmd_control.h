/*
 * cmd_control.h - initctl reload and upgrade: requests to init as a whole that
 * leave the machine running. Requests about one entry are in cmd_entry.h, a
 * shutdown in cmd_halt.h.
 */
#ifndef CMD_CONTROL_H
#define CMD_CONTROL_H

#include "options.h"
#include "outcome.h"

/* Send the request and wait until the event ring shows that init has done it,
 * or until init has evidently refused it. */
enum outcome cmd_reload(const struct options *options);
enum outcome cmd_upgrade(const struct options *options);

#endif
