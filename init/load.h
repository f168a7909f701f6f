/*
 * load.h - the inittab into a new state. Reads one file; what runs is not
 * touched, so a failure at any point leaves all as it was.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>

#include "state.h"

/*
 * Reads INITTAB_PATH into a state that follows old (NULL: the first one). At
 * boot, what can't be read or has no entry is replaced by the built-in table;
 * later NULL is returned, and the old table is to be kept. Either is said.
 */
struct state *load_inittab(bool machine, struct state *old, int64_t now);

/* Likewise from a text of our own: inittab_builtin, inittab_single. */
struct state *load_text(const char *text, bool machine, int64_t now);

#endif
