#include "table.h"

#include <string.h>

#include "command.h"

/* The shortest entry, "::once:x" and its newline (bytes). */
#define ENTRY_MIN 9

/* Buckets of a hash index: a power of two. Half the capacity, since that is for
 * entries of ENTRY_MIN bytes, and real ones are three times as long. */
static uint32_t bucket_count(uint32_t capacity)
{
	uint32_t n = 8;

	while (n < capacity / 2)
		n *= 2;
	return n;
}

/* Sets the offsets of the arrays. The slots come last: capacity is the most
 * that a text can hold, so most of them are never used, and their pages cost no
 * memory. Returns the bytes of the whole table. */
static size_t lay_out(struct table *t, uint32_t capacity, uint32_t text_size)
{
	uint32_t index = bucket_count(capacity) * (uint32_t)sizeof(uint32_t);
	uint32_t align = _Alignof(struct slot);

	t->capacity = capacity;
	t->text_size = text_size;
	t->bucket_mask = bucket_count(capacity) - 1;
	t->pids_at = (uint32_t)sizeof(*t);
	t->keys_at = t->pids_at + index;
	t->ttys_at = t->keys_at + index;
	t->due_at = t->ttys_at + index;
	t->text_at = t->due_at + (capacity + 1) * (uint32_t)sizeof(uint32_t);
	t->slots_at = (t->text_at + text_size + 1 + align - 1) / align * align;
	return t->slots_at + (capacity + 1) * sizeof(struct slot);
}

static void *array(const struct table *t, uint32_t offset)
{
	return (void *)((uintptr_t)t + offset);
}

size_t table_bytes(uint32_t capacity, uint32_t text_size)
{
	struct table scratch;

	return lay_out(&scratch, capacity, text_size);
}

uint32_t table_capacity_for(uint32_t text_size)
{
	/* the last entry may lack its newline */
	return text_size / ENTRY_MIN + 1;
}

void table_init(struct table *t, uint32_t capacity, uint32_t text_size)
{
	(void)lay_out(t, capacity, text_size); /* the caller knows the size */
}

bool table_check_layout(struct table *t, size_t size)
{
	char *text;

	/* with these limits, no sum in lay_out() exceeds 32 bits */
	if (size > UINT32_MAX / 8 || t->text_size > size ||
	    t->capacity > size / sizeof(struct slot) ||
	    lay_out(t, t->capacity, t->text_size) != size ||
	    t->count > t->capacity)
		return false;
	memset(array(t, t->pids_at), 0, t->due_at - t->pids_at);
	memset(t->first, 0, sizeof(t->first));
	memset(t->last, 0, sizeof(t->last));
	t->due_count = 0;
	text = table_text(t);
	return text[t->text_size] == '\0';
}

struct slot *table_slot(const struct table *t, uint32_t slot)
{
	struct slot *slots = array(t, t->slots_at);

	return &slots[slot];
}

char *table_text(const struct table *t)
{
	return array(t, t->text_at);
}

const char *table_tty(const struct table *t, uint32_t slot)
{
	return table_text(t) + table_slot(t, slot)->entry.tty;
}

const char *table_command(const struct table *t, uint32_t slot)
{
	return table_text(t) + table_slot(t, slot)->entry.command;
}

enum list table_list(enum action action)
{
	static const uint8_t lists[] = {
		[ACTION_SYSINIT] = LIST_SYSINIT,
		[ACTION_WAIT] = LIST_WAIT,
		[ACTION_ONCE] = LIST_ONCE,
		[ACTION_RESPAWN] = LIST_RESPAWN,
		[ACTION_ASKFIRST] = LIST_RESPAWN,
		[ACTION_CTRLALTDEL] = LIST_CTRLALTDEL,
		[ACTION_SHUTDOWN] = LIST_SHUTDOWN,
		[ACTION_RESTART] = LIST_RESTART,
		[ACTION_JOB] = LIST_JOB,
	};

	_Static_assert(sizeof(lists) == ACTION_COUNT, "a list for each action");
	return lists[action];
}

bool table_is_shell(const struct table *t, uint32_t slot)
{
	return table_slot(t, slot)->entry.action == ACTION_ASKFIRST ||
	       command_is_login(table_command(t, slot));
}

bool table_needs_tty(const struct table *t, uint32_t slot)
{
	return *table_tty(t, slot) || table_is_shell(t, slot);
}

/* The FNV-1a hash, 32 bits (draft-eastlake-fnv): short, and good enough for
 * names. */
#define FNV_START 2166136261u
#define FNV_PRIME 16777619u

static uint32_t hash(uint32_t h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * FNV_PRIME;
	return h * FNV_PRIME; /* the NUL, so that "a","bc" is not "ab","c" */
}

static uint32_t *bucket(const struct table *t, uint32_t index_at, uint32_t h)
{
	uint32_t *buckets = array(t, index_at);

	return &buckets[h & t->bucket_mask];
}

uint32_t *table_key_bucket(const struct table *t, const char *tty,
			   const char *command)
{
	return bucket(t, t->keys_at, hash(hash(FNV_START, tty), command));
}

uint32_t *table_tty_bucket(const struct table *t, const char *tty)
{
	return bucket(t, t->ttys_at, hash(FNV_START, tty));
}

bool table_same_key(const struct table *t, uint32_t slot, const char *tty,
		    const char *command)
{
	return strcmp(table_tty(t, slot), tty) == 0 &&
	       strcmp(table_command(t, slot), command) == 0;
}

void table_add_key(struct table *t, uint32_t slot)
{
	uint32_t *first =
		table_key_bucket(t, table_tty(t, slot), table_command(t, slot));

	table_slot(t, slot)->next_key = *first;
	*first = slot;
}

/* Removes an earlier entry with the same list, tty and command from the index.
 * So a respawn entry and an askfirst entry, which share a list, can be
 * repeats of each other. */
static void drop_repeat(struct table *t, const struct entry *entry)
{
	const char *tty = table_text(t) + entry->tty;
	const char *command = table_text(t) + entry->command;
	uint32_t *link = table_key_bucket(t, tty, command);

	for (; *link; link = &table_slot(t, *link)->next_key) {
		struct slot *s = table_slot(t, *link);

		if (table_list(s->entry.action) == table_list(entry->action) &&
		    table_same_key(t, *link, tty, command)) {
			s->membership = SLOT_REPEATED;
			*link = s->next_key;
			return;
		}
	}
}

void table_add(struct table *t, const struct entry *entry)
{
	if (t->count == t->capacity)
		return; /* can't happen: table_capacity_for() */
	drop_repeat(t, entry);
	t->count++;
	table_slot(t, t->count)->entry = *entry;
	table_add_key(t, t->count);
}

static uint32_t *pid_bucket(const struct table *t, pid_t pid)
{
	return bucket(t, t->pids_at, (uint32_t)pid);
}

uint32_t table_find_number(const struct table *t, uint32_t number)
{
	uint32_t slot = t->count;

	while (slot && table_slot(t, slot)->history.number != number)
		slot--;
	return slot;
}

uint32_t table_find_pid(const struct table *t, pid_t pid)
{
	uint32_t slot = *pid_bucket(t, pid);

	while (slot && table_slot(t, slot)->pid != pid)
		slot = table_slot(t, slot)->next_pid;
	return slot;
}

void table_set_pid(struct table *t, uint32_t slot, pid_t pid)
{
	struct slot *s = table_slot(t, slot);
	uint32_t *link = pid_bucket(t, s->pid);

	if (s->pid) {
		while (*link && *link != slot)
			link = &table_slot(t, *link)->next_pid;
		if (*link)
			*link = s->next_pid;
	}
	s->pid = pid;
	if (pid) {
		link = pid_bucket(t, pid);
		s->next_pid = *link;
		*link = slot;
	}
}

static bool is_earlier(const struct table *t, uint32_t a, uint32_t b)
{
	int64_t due_a = table_slot(t, a)->history.due;
	int64_t due_b = table_slot(t, b)->history.due;

	return due_a < due_b || (due_a == due_b && a < b);
}

/* The slot's place in the heap; if it is not queued, a new place at the end. */
static uint32_t heap_place(struct table *t, uint32_t slot)
{
	const uint32_t *heap = array(t, t->due_at);
	uint32_t i = 1;

	if (!table_slot(t, slot)->is_queued)
		return ++t->due_count;
	while (heap[i] != slot)
		i++;
	return i;
}

/* Puts the slot at place i, and sifts it up or down to where it belongs. */
static void heap_sift(struct table *t, uint32_t i, uint32_t slot)
{
	uint32_t *heap = array(t, t->due_at);
	uint32_t child;

	for (; i > 1 && is_earlier(t, slot, heap[i / 2]); i /= 2)
		heap[i] = heap[i / 2];
	for (; (child = 2 * i) <= t->due_count; i = child) {
		if (child < t->due_count &&
		    is_earlier(t, heap[child + 1], heap[child]))
			child++;
		if (!is_earlier(t, heap[child], slot))
			break;
		heap[i] = heap[child];
	}
	heap[i] = slot;
}

void table_push_due(struct table *t, uint32_t slot, int64_t due)
{
	uint32_t i = heap_place(t, slot);

	table_slot(t, slot)->history.due = due;
	table_slot(t, slot)->is_queued = true;
	heap_sift(t, i, slot);
}

void table_restore_due(struct table *t, uint32_t slot)
{
	heap_sift(t, ++t->due_count, slot);
}

uint32_t table_top_due(const struct table *t)
{
	return t->due_count ? ((const uint32_t *)array(t, t->due_at))[1] : 0;
}

void table_pop_due(struct table *t)
{
	const uint32_t *heap = array(t, t->due_at);

	table_slot(t, heap[1])->is_queued = false;
	t->due_count--;
	heap_sift(t, 1, heap[t->due_count + 1]);
}
