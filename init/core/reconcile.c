#include "reconcile.h"

#include <string.h>

/* Entries of these actions are known by tty and command alone: an edit that
 * only changes the action keeps the child. */
static bool is_service(enum action action)
{
	return table_list(action) <= LIST_RESPAWN;
}

void reconcile_space(const struct table *old, uint32_t *slots, uint32_t *bytes)
{
	*slots = 0;
	*bytes = 0;
	for (uint32_t i = 1; i <= old->count; i++) {
		if (!table_slot(old, i)->pid)
			continue;
		++*slots;
		*bytes += (uint32_t)(strlen(table_tty(old, i)) + 1 +
				     strlen(table_command(old, i)) + 1);
	}
}

/* How well an entry must match the old one; from strict to loose. The tty and
 * the command are always the same. */
enum match { MATCH_ACTION, MATCH_WITH_CHILD, MATCH_KEY, MATCH_COUNT };

static bool is_match(const struct slot *was, const struct slot *is,
		     enum match match)
{
	if (was->successor || (was->membership != SLOT_LISTED &&
			       was->membership != SLOT_ORPHANED))
		return false;
	if (match == MATCH_ACTION)
		return was->entry.action == is->entry.action;
	if (match == MATCH_WITH_CHILD && !was->pid)
		return false;
	return is_service(was->entry.action) && is_service(is->entry.action);
}

/* Finds the entry of slot in old, and takes over its child and its history. */
static void inherit(struct table *t, uint32_t slot, struct table *old,
		    enum match match)
{
	struct slot *is = table_slot(t, slot);
	const char *tty = table_tty(t, slot);
	const char *command = table_command(t, slot);
	uint32_t i = *table_key_bucket(old, tty, command);

	for (; i; i = table_slot(old, i)->next_key) {
		struct slot *was = table_slot(old, i);

		if (!is_match(was, is, match) ||
		    !table_same_key(old, i, tty, command))
			continue;
		was->successor = slot;
		is->history = was->history;
		table_set_pid(t, slot, was->pid);
		return;
	}
}

static uint32_t append_text(struct table *t, const char *s)
{
	uint32_t size = (uint32_t)strlen(s) + 1;
	uint32_t at = t->text_used;

	memcpy(table_text(t) + at, s, size);
	t->text_used += size;
	return at;
}

/* Carries a child whose entry is gone over to a slot that is in no list. */
static void carry_over(struct table *t, struct table *old, uint32_t slot)
{
	struct slot *was = table_slot(old, slot);
	struct slot *is = table_slot(t, ++t->count);

	*is = *was;
	was->successor = t->count;
	is->pid = 0;
	is->is_queued = false;
	is->successor = 0;
	is->tty_waiters = 0;
	is->next = 0;
	is->entry.tty = append_text(t, table_tty(old, slot));
	is->entry.command = append_text(t, table_command(old, slot));
	table_set_pid(t, t->count, was->pid);
	if (is->membership == SLOT_LISTED)
		is->membership = table_list(is->entry.action) == LIST_RESPAWN
					 ? SLOT_REMOVED
					 : SLOT_ORPHANED;
	if (is->membership == SLOT_REMOVED && !is->history.stop)
		is->history.stop = STOP_SEND_TERM;
	if (is->membership == SLOT_ORPHANED)
		table_add_key(t, t->count);
}

/* Puts a removed slot into the bucket of its tty, for wait_for_tty(). */
static void index_tty(struct table *t, uint32_t slot)
{
	struct slot *s = table_slot(t, slot);
	uint32_t *first = table_tty_bucket(t, table_tty(t, slot));

	s->next = *first;
	*first = slot;
}

/* Lets an entry wait for the tty, if a removed entry still uses it. */
static void wait_for_tty(struct table *t, uint32_t slot)
{
	const char *tty = table_tty(t, slot);
	uint32_t removed = *table_tty_bucket(t, tty);

	while (removed && strcmp(table_tty(t, removed), tty) != 0)
		removed = table_slot(t, removed)->next;
	table_slot(t, slot)->waits_for_tty = removed > 0;
	if (!removed)
		return;
	table_slot(t, slot)->tty_waiters = table_slot(t, removed)->tty_waiters;
	table_slot(t, removed)->tty_waiters = slot;
}

static void append_to_list(struct table *t, uint32_t slot)
{
	enum list list = table_list(table_slot(t, slot)->entry.action);

	if (t->last[list])
		table_slot(t, t->last[list])->next = slot;
	else
		t->first[list] = slot;
	t->last[list] = slot;
}

void reconcile_rebuild_lists(struct table *t)
{
	for (uint32_t i = 1; i <= t->count; i++) {
		struct slot *s = table_slot(t, i);

		if (s->membership == SLOT_REMOVED && s->pid &&
		    table_needs_tty(t, i))
			index_tty(t, i);
	}
	for (uint32_t i = 1; i <= t->count; i++) {
		if (table_slot(t, i)->membership != SLOT_LISTED)
			continue;
		append_to_list(t, i);
		if (table_slot(t, i)->waits_for_tty)
			wait_for_tty(t, i);
	}
}

static void take_over(struct table *t, struct table *old, uint32_t entries)
{
	for (uint32_t i = 1; i <= old->count; i++)
		table_slot(old, i)->successor = 0;
	for (enum match match = MATCH_ACTION; match < MATCH_COUNT; match++)
		for (uint32_t i = 1; i <= entries; i++)
			if (table_slot(t, i)->membership == SLOT_LISTED &&
			    !table_slot(t, i)->history.number)
				inherit(t, i, old, match);
	for (uint32_t i = 1; i <= old->count; i++)
		if (table_slot(old, i)->pid && !table_slot(old, i)->successor)
			carry_over(t, old, i);
	t->last_number = old->last_number;
}

void reconcile_tables(struct table *t, struct table *old)
{
	uint32_t entries = t->count;

	if (old)
		take_over(t, old, entries);
	for (uint32_t i = 1; i <= entries; i++) {
		struct slot *s = table_slot(t, i);

		if (s->membership != SLOT_LISTED)
			continue;
		if (!s->history.number)
			s->history.number = ++t->last_number;
		s->waits_for_tty = !s->pid && table_needs_tty(t, i) &&
				   table_list(s->entry.action) == LIST_RESPAWN;
	}
	reconcile_rebuild_lists(t);
}
