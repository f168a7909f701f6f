/* cmd_times.h - initctl times: prints how long the boot and its entries took,
 * as far as init's event ring still holds the boot. */
#ifndef CMD_TIMES_H
#define CMD_TIMES_H

#include "options.h"
#include "outcome.h"

enum outcome cmd_times(const struct options *options);

#endif
