/*
 * reconcile.h - matches the entries of a new inittab with those of the one
 * before: which entry is still the same, and which children must end. Signals
 * no process itself.
 */
#ifndef RECONCILE_H
#define RECONCILE_H

#include "table.h"

/* Room that children of old need in the table that replaces it, beyond the new
 * text and its entries: slots, and bytes of text. */
void reconcile_space(const struct table *old, uint32_t *slots, uint32_t *bytes);

/*
 * Completes a table that was filled by table_add(): numbers its entries and
 * puts them in lists. An entry that stands in old, too, keeps its child, its
 * number and its history; it is found by tty, action and command, else by tty
 * and command. Children of respawn and askfirst entries that are gone are
 * marked to be ended, and a new entry on the tty of one of them waits until it
 * has ended; children of other entries that are gone are left alone. old may be
 * NULL. Of old only `successor` is written: where each slot went (0: nowhere).
 */
void reconcile_tables(struct table *t, struct table *old);

/* Puts the entries of a table in lists, and those that wait for a tty in the
 * list of the removed slot whose child is on it; if there is none, they wait no
 * longer. */
void reconcile_rebuild_lists(struct table *t);

#endif
