/* cmd_status.h - initctl status: prints the phase of init and a row for each
 * entry, as text or as JSON. */
#ifndef CMD_STATUS_H
#define CMD_STATUS_H

#include "options.h"
#include "outcome.h"

enum outcome cmd_status(const struct options *options);

#endif
