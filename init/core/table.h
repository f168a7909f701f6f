/*
 * table.h - the slots: every entry of the inittab with the child that runs for
 * it. Finds slots by pid and by due time; decides nothing.
 *
 * A table is one piece of memory without a pointer in it: slots, three
 * hash indexes, the due heap and the text lie behind struct table and are named
 * by number. So it means the same wherever it is mapped. Slot 0 is nobody.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stddef.h>
#include <sys/types.h>

#include "types.h"

/* The order in which entries are worked off: one list for each action, but
 * that askfirst is a respawn with a question and shares its list. */
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

/* Why a slot is in no list. */
enum slot_membership {
	SLOT_LISTED,   /* it is in one */
	SLOT_REPEATED, /* the same entry stands further down */
	SLOT_ORPHANED, /* gone from the inittab; its child is left alone */
	SLOT_REMOVED,  /* gone, and its child is to end */
};

/* How far the end of a child is, that is to end while all else runs on. */
enum slot_stop {
	STOP_NONE,	/* it is not */
	STOP_SEND_TERM, /* it is to be told */
	STOP_SEND_KILL, /* it was told, and gets until due */
};

struct slot {
	int64_t started; /* last start */
	int64_t due;	 /* when to start it, or to end it */
	struct entry entry;
	uint32_t number; /* of the entry; never given twice in one life */
	uint32_t starts;
	uint32_t failures;  /* quick ends in a row, see respawn.h */
	pid_t pid;	    /* 0: no child */
	int status;	    /* of the last child, as of wait(2) */
	uint32_t next;	    /* in its list */
	uint32_t next_pid;  /* in its bucket by pid */
	uint32_t next_key;  /* in its bucket by tty and command */
	uint32_t successor; /* while a table is adopted: slot in the new one */
	uint32_t tty_waiters; /* who waits for this one's tty; next who waits */
	uint8_t membership;   /* enum slot_membership */
	uint8_t stop;	      /* enum slot_stop */
	uint8_t ran_lists;    /* a bit for each list in which it has run, or
			       * never will: a one-time entry */
	uint8_t waits_for_tty; /* not to start before that tty is free */
	uint8_t is_queued;     /* in the due heap */
	uint8_t is_stopped;    /* on request: not to start before another one */
};

struct table {
	uint32_t capacity;  /* slots that fit */
	uint32_t text_size; /* bytes that fit */
	uint32_t text_used;
	uint32_t bucket_mask; /* buckets of each hash index, less one */
	uint32_t slots_at;    /* where each array begins, from here (bytes) */
	uint32_t pids_at;
	uint32_t keys_at;
	uint32_t ttys_at;
	uint32_t due_at;
	uint32_t text_at;
	uint32_t count;	      /* slots 1..count are in use */
	uint32_t last_number; /* entry numbers given so far */
	uint32_t due_count;   /* in the due heap */
	uint32_t first[LIST_COUNT];
	uint32_t last[LIST_COUNT];
};

/* Bytes that a table of this size takes; SIZE_MAX never: both are bounded by
 * INITTAB_MAX and what an older table carried. */
size_t table_bytes(uint32_t capacity, uint32_t text_size);

/* The slots that a text of this many bytes can at most make. */
uint32_t table_capacity_for(uint32_t text_size);

/* Makes an empty table of zeroed memory of table_bytes(). */
void table_init(struct table *t, uint32_t capacity, uint32_t text_size);

/* Makes a table that lies in size bytes, whatever they are, one to be filled
 * from its slots: lists, indexes and heap are empty. False: it is none. */
bool table_check_layout(struct table *t, size_t size);

struct slot *table_slot(const struct table *t, uint32_t slot);

/* The text; room for text_size bytes and a NUL. */
char *table_text(const struct table *t);

const char *table_tty(const struct table *t, uint32_t slot);
const char *table_command(const struct table *t, uint32_t slot);
enum list table_list(enum action action);

/* Appends an entry whose strings are in the table's text. A repeat (same tty
 * and command in the same list) takes the place of the earlier one. */
void table_add(struct table *t, const struct entry *entry);

/* The first slot with this tty and command (follow next_key, compare with
 * table_same_key), and the first of the ending ones on this tty (adopt.c). */
uint32_t *table_key_bucket(const struct table *t, const char *tty,
			   const char *command);
uint32_t *table_tty_bucket(const struct table *t, const char *tty);
bool table_same_key(const struct table *t, uint32_t slot, const char *tty,
		    const char *command);
void table_add_key(struct table *t, uint32_t slot);

/* The slot that runs pid, or 0. */
uint32_t table_find_pid(const struct table *t, pid_t pid);

/* Gives slot a child (pid > 0) or takes it away (0). */
void table_set_pid(struct table *t, uint32_t slot, pid_t pid);

/* The slot of the entry with this number that is in use, or 0. */
uint32_t table_find_number(const struct table *t, uint32_t number);

/* The due heap: earliest first, of equal times the lower slot. What is in it
 * and is pushed gets another time. top is 0 when it is empty. */
void table_push_due(struct table *t, uint32_t slot, int64_t due);
void table_restore_due(struct table *t, uint32_t slot); /* as it is queued */
uint32_t table_top_due(const struct table *t);
void table_pop_due(struct table *t);

#endif
