/* show.h - initctl status: the phase, and what each entry does. */
#ifndef SHOW_H
#define SHOW_H

#include "outcome.h"

/* words is what comes after the verb; NULL-ended. */
enum outcome show_status(char **words);

#endif
