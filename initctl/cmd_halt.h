/* cmd_halt.h - halt, poweroff, reboot and shutdown, as other inits have them.
 */
#ifndef CMD_HALT_H
#define CMD_HALT_H

#include <stdbool.h>

/* By the name that the program was called by: runs it, *status is what it is
 * to exit with. words come after the name; NULL-ended. False: it is none of
 * these. */
bool halt_run(const char *name, char **words, int *status);

#endif
