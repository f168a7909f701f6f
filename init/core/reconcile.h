/*
 * reconcile.h - what a new inittab takes over from the one before: which entry
 * is still the same, which children are to end. Signals nobody itself.
 */
#ifndef RECONCILE_H
#define RECONCILE_H

#include "table.h"

/* Room that children of old need in the table that follows it, beside the
 * new text and its entries: slots, and bytes of text. */
void reconcile_space(const struct table *old, uint32_t *slots, uint32_t *bytes);

/*
 * Ends the filling of a table: numbers its entries and puts them in lists.
 * What is the same entry in old keeps its child, its number and its history,
 * found by (tty, action, command), then by (tty, command). Children of
 * respawn and askfirst entries that are no longer named are marked to be
 * ended, and a new entry on the tty of one of those is held until it is gone;
 * other children of entries no longer named are left alone. old may be NULL;
 * of old only heir is written, which then tells where each slot went (0:
 * nowhere).
 */
void reconcile_tables(struct table *t, struct table *old);

/* Puts the entries of a table in lists, and those that are held behind whoever
 * is to end on their tty; if nobody is, they are held no more. */
void reconcile_rebuild_lists(struct table *t);

/* Does an entry want the tty for itself, so that two of them disturb each
 * other? Not so a daemon that merely inherits the console. */
bool entry_needs_tty(const struct table *t, uint32_t slot);

#endif
