/* say.h - messages on standard error, of what was not done. */
#ifndef SAY_H
#define SAY_H

/* "initctl: " and these, up to NULL, as one line. */
void say(const char *first, ...) __attribute__((sentinel));

#endif
