/*
 * reconcile.h - compares a new inittab with the one in use, and decides which
 * entries are unchanged and which children must be ended. Pure: sends no
 * signal, it only marks the slots; allocates nothing.
 */
#ifndef RECONCILE_H
#define RECONCILE_H

#include "table.h"

/* Sets *slots and *bytes to the room that a new table must have, beyond its own
 * entries and their text, to take over the children of old: an upper bound,
 * since entries that are unchanged need none. old must not be NULL. */
void reconcile_space(const struct table *old, uint32_t *slots, uint32_t *bytes);

/*
 * Completes t, which table_add() has filled, and which has the room that
 * reconcile_space() asks for: numbers its entries, puts them in the lists of
 * their actions, and takes over the children of old. old may be NULL.
 *
 * An entry that is also in old keeps its child and its history (struct
 * slot_history). Entries match if tty, action and command are equal; failing
 * that, if tty and command are, and both actions are run during boot or RUN;
 * the new action counts then. Each old entry matches at most one.
 *
 * If an entry of old is gone and still has a child, t gets a slot for that
 * child which is in no list. If the entry was respawn or askfirst, that slot is
 * SLOT_REMOVED, and its child is to be ended; else SLOT_ORPHANED, and its child
 * is left alone. A respawn or askfirst entry whose tty is still used by a child
 * that is to be ended waits until that child has exited.
 *
 * In old, only the `successor` of each slot is written: its slot in t, or 0.
 */
void reconcile_tables(struct table *t, struct table *old);

/*
 * Rebuilds the lists of a table whose slots are valid and whose lists are
 * empty, as after table_check_layout(). An entry that waits for its tty is put
 * in the waiters of the SLOT_REMOVED slot whose child is on that tty; if there
 * is no such slot, the entry stops waiting. Does not rebuild the indexes by pid
 * and by key, nor the due heap.
 */
void reconcile_rebuild_lists(struct table *t);

#endif
