#include "reconcile.h"

#include <string.h>

#include "command.h"

/* Does the action keep a child of its own, whatever the phase? */
static bool has_child(enum action action)
{
	return table_list(action) <= LIST_RESPAWN;
}

bool entry_needs_tty(const struct table *t, uint32_t slot)
{
	return *table_tty(t, slot) ||
	       table_slot(t, slot)->entry.action == ACTION_ASKFIRST ||
	       command_is_login(table_command(t, slot));
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

/* How alike an entry must be to the one of old: ever less. */
enum likeness { SAME_ACTION, WITH_CHILD, SAME_KEY };

static bool is_same_entry(const struct slot *was, const struct slot *is,
			  enum likeness like)
{
	if (was->successor || (was->membership != SLOT_LISTED &&
			       was->membership != SLOT_ORPHANED))
		return false;
	if (like == SAME_ACTION)
		return was->entry.action == is->entry.action;
	if (like == WITH_CHILD && !was->pid)
		return false;
	return has_child(was->entry.action) && has_child(is->entry.action);
}

/* Finds what entry slot of t was in old, and takes it over. */
static void inherit(struct table *t, uint32_t slot, struct table *old,
		    enum likeness like)
{
	struct slot *is = table_slot(t, slot);
	const char *tty = table_tty(t, slot);
	const char *command = table_command(t, slot);
	uint32_t i = *table_key_bucket(old, tty, command);

	for (; i; i = table_slot(old, i)->next_key) {
		struct slot *was = table_slot(old, i);

		if (!is_same_entry(was, is, like) ||
		    !table_same_key(old, i, tty, command))
			continue;
		was->successor = slot;
		is->number = was->number;
		is->started = was->started;
		is->starts = was->starts;
		is->failures = was->failures;
		is->status = was->status;
		is->ran_lists = was->ran_lists;
		is->stop = was->stop;
		is->due = was->due;
		is->is_stopped = was->is_stopped;
		table_set_pid(t, slot, was->pid);
		return;
	}
}

static uint32_t keep_text(struct table *t, const char *s)
{
	uint32_t size = (uint32_t)strlen(s) + 1;
	uint32_t at = t->text_used;

	memcpy(table_text(t) + at, s, size);
	t->text_used += size;
	return at;
}

/* Takes over a child whose entry is gone, in a slot outside of all lists. */
static void carry(struct table *t, struct table *old, uint32_t slot)
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
	is->entry.tty = keep_text(t, table_tty(old, slot));
	is->entry.command = keep_text(t, table_command(old, slot));
	table_set_pid(t, t->count, was->pid);
	if (is->membership == SLOT_LISTED)
		is->membership = table_list(is->entry.action) == LIST_RESPAWN
					 ? SLOT_REMOVED
					 : SLOT_ORPHANED;
	if (is->membership == SLOT_REMOVED && !is->stop)
		is->stop = STOP_SEND_TERM;
	if (is->membership == SLOT_ORPHANED)
		table_add_key(t, t->count);
}

/* Puts an ending slot where a successor on its tty will look for it. */
static void offer_tty(struct table *t, uint32_t slot)
{
	struct slot *s = table_slot(t, slot);
	uint32_t *first = table_tty_bucket(t, table_tty(t, slot));

	s->next = *first;
	*first = slot;
}

/* Lets an entry wait for the one that still sits on its tty, if any. */
static void hold(struct table *t, uint32_t slot)
{
	const char *tty = table_tty(t, slot);
	uint32_t ending = *table_tty_bucket(t, tty);

	while (ending && strcmp(table_tty(t, ending), tty) != 0)
		ending = table_slot(t, ending)->next;
	table_slot(t, slot)->waits_for_tty = ending > 0;
	if (!ending)
		return;
	table_slot(t, slot)->tty_waiters = table_slot(t, ending)->tty_waiters;
	table_slot(t, ending)->tty_waiters = slot;
}

static void append(struct table *t, uint32_t slot)
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
		    entry_needs_tty(t, i))
			offer_tty(t, i);
	}
	for (uint32_t i = 1; i <= t->count; i++) {
		if (table_slot(t, i)->membership != SLOT_LISTED)
			continue;
		append(t, i);
		if (table_slot(t, i)->waits_for_tty)
			hold(t, i);
	}
}

static void take_over(struct table *t, struct table *old, uint32_t entries)
{
	for (uint32_t i = 1; i <= old->count; i++)
		table_slot(old, i)->successor = 0;
	for (enum likeness like = SAME_ACTION; like <= SAME_KEY; like++)
		for (uint32_t i = 1; i <= entries; i++)
			if (table_slot(t, i)->membership == SLOT_LISTED &&
			    !table_slot(t, i)->number)
				inherit(t, i, old, like);
	for (uint32_t i = 1; i <= old->count; i++)
		if (table_slot(old, i)->pid && !table_slot(old, i)->successor)
			carry(t, old, i);
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
		if (!s->number)
			s->number = ++t->last_number;
		s->waits_for_tty = !s->pid && entry_needs_tty(t, i) &&
				   table_list(s->entry.action) == LIST_RESPAWN;
	}
	reconcile_rebuild_lists(t);
}
