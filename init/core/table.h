/*
 * table.h - the slots: every entry of the inittab with the child that runs for
 * it. Finds slots by list, pid, due time, and by tty and command; decides
 * nothing.
 *
 * A table is one piece of memory without pointers: slots, three hash indexes,
 * the due heap and the text lie behind struct table, and slots are named by
 * their index. So it is valid wherever it is mapped. Slot 0 is "none"; its
 * fields are all 0.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stddef.h>
#include <sys/types.h>

#include "types.h"

/* In the order in which they are run. One list for each action, except that
 * askfirst entries are respawn entries that ask first, and share that list. */
enum list {
	LIST_SYSINIT,
	LIST_WAIT,
	LIST_JOB,
	LIST_ONCE,
	LIST_RESPAWN,
	LIST_CTRLALTDEL,
	LIST_SHUTDOWN,
	LIST_RESTART,
	LIST_COUNT
};

/* Is a slot in the list of its action, and if not, why? */
enum slot_membership {
	SLOT_LISTED,
	SLOT_REPEATED, /* the same entry stands further down */
	SLOT_ORPHANED, /* gone from the inittab; its child is left alone */
	SLOT_REMOVED,  /* gone from the inittab; its child is to be ended */
	SLOT_MEMBERSHIP_COUNT
};

/* Progress of ending one child while everything else runs on. */
enum slot_stop {
	STOP_NONE,
	STOP_SEND_TERM, /* SIGTERM is to be sent now */
	STOP_SEND_KILL, /* SIGTERM was sent; SIGKILL follows when due */
	STOP_COUNT
};

/* What an entry keeps when the inittab is read again: all that happened to it,
 * and what was requested. Copied as a whole (reconcile.c). */
struct slot_history {
	int64_t started; /* last start (ms); 0: never */
	int64_t due;	 /* when to start the entry, or to end its child (ms) */
	uint32_t number; /* of the entry; never given twice in one life */
	uint32_t starts;
	uint32_t failures;  /* quick failures in a row, see respawn.h */
	int status;	    /* of the last child, as of wait(2) */
	uint8_t stop;	    /* enum slot_stop */
	uint8_t ran_lists;  /* one-time entries: a bit for each list in which
			     * the entry has run, or never will */
	uint8_t is_stopped; /* by request: not started before another one */
};

struct slot {
	struct slot_history history;
	struct entry entry;
	pid_t pid;	       /* 0: no child */
	uint32_t next;	       /* in its list; of removed entries, in the
				* bucket of their tty */
	uint32_t next_pid;     /* in its bucket by pid */
	uint32_t next_key;     /* in its bucket by tty and command */
	uint32_t successor;    /* during a reload: its slot in the new table */
	uint32_t tty_waiters;  /* the first slot that waits for the tty of this
				* one; of a waiting slot, the next that does */
	uint8_t membership;    /* enum slot_membership */
	uint8_t waits_for_tty; /* another entry's child is still on its tty */
	uint8_t is_queued;     /* in the due heap */
};

struct table {
	uint32_t capacity;  /* slots that fit */
	uint32_t text_size; /* bytes that fit */
	uint32_t text_used;
	uint32_t bucket_mask; /* buckets of each hash index, minus 1 */
	uint32_t slots_at;    /* offsets of the arrays from here (bytes) */
	uint32_t pids_at;
	uint32_t keys_at;
	uint32_t ttys_at;
	uint32_t due_at;
	uint32_t text_at;
	uint32_t count;	      /* slots 1..count are in use */
	uint32_t last_number; /* the highest entry number given so far */
	uint32_t due_count;   /* slots in the due heap */
	uint32_t first[LIST_COUNT];
	uint32_t last[LIST_COUNT];
};

/* Bytes of a table of this size. Never overflows: both numbers are bounded by
 * INITTAB_MAX and by what the previous table carried over. */
size_t table_bytes(uint32_t capacity, uint32_t text_size);

/* The most slots that a text of this many bytes can make. */
uint32_t table_capacity_for(uint32_t text_size);

/* Makes an empty table of zeroed memory of table_bytes(). */
void table_init(struct table *t, uint32_t capacity, uint32_t text_size);

/* Checks that any bytes at all are a table of this size with sane offsets, and
 * empties its lists, indexes and heap, to be rebuilt from the slots. Returns
 * false if they are not. The slots themselves are not checked. */
bool table_check_layout(struct table *t, size_t size);

struct slot *table_slot(const struct table *t, uint32_t slot);

/* The text: text_size bytes and a NUL. */
char *table_text(const struct table *t);

const char *table_tty(const struct table *t, uint32_t slot);
const char *table_command(const struct table *t, uint32_t slot);
enum list table_list(enum action action);

/* Is the entry surely an interactive shell: askfirst, or a command with a
 * leading dash? It needs its tty for itself, gets a controlling terminal, and
 * ends by SIGHUP. */
bool table_is_shell(const struct table *t, uint32_t slot);

/* Does the entry need its tty for itself, so that two of them would disturb
 * each other? Not if it merely inherits the console. */
bool table_needs_tty(const struct table *t, uint32_t slot);

/* Appends an entry whose strings are in the table's text. A repeat (same tty
 * and command in the same list) replaces the earlier entry. */
void table_add(struct table *t, const struct entry *entry);

/* The first slot in the bucket of this tty and command: follow next_key, and
 * compare with table_same_key(). */
uint32_t *table_key_bucket(const struct table *t, const char *tty,
			   const char *command);
bool table_same_key(const struct table *t, uint32_t slot, const char *tty,
		    const char *command);
void table_add_key(struct table *t, uint32_t slot);

/* The first removed slot in the bucket of this tty: follow next, and compare
 * the names. reconcile.c fills it. */
uint32_t *table_tty_bucket(const struct table *t, const char *tty);

/* The slot whose child has this pid, or 0. */
uint32_t table_find_pid(const struct table *t, pid_t pid);

/* Sets the child of a slot; 0: it has none any more. */
void table_set_pid(struct table *t, uint32_t slot, pid_t pid);

/* The slot of the entry with this number, or 0. */
uint32_t table_find_number(const struct table *t, uint32_t number);

/* The due heap: earliest first; of equal times, the lower slot. Pushing a slot
 * that is queued changes its time. table_restore_due() puts a slot back that is
 * marked as queued. The top is 0 if the heap is empty. */
void table_push_due(struct table *t, uint32_t slot, int64_t due);
void table_restore_due(struct table *t, uint32_t slot);
uint32_t table_top_due(const struct table *t);
void table_pop_due(struct table *t);

#endif
