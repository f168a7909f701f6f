/* cmd_status.h - initctl status: the phase, and what each entry does. */
#ifndef CMD_STATUS_H
#define CMD_STATUS_H

#include "outcome.h"

/* words is what comes after the verb; NULL-ended. */
enum outcome show_status(char **words);

#endif
