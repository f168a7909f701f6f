/*
 * plan_transaction.h - a plan survives a fault of init at any instruction: a
 * change of the plan is a transaction, which another image of init either finds
 * committed or rolls back. Decides nothing about entries. Pure: makes no system
 * call. Called by PID 1 (record_events.c, state_file.c); plan_recover() also by
 * the process that checks a state for an upgrade, on a copy.
 */
#ifndef PLAN_TRANSACTION_H
#define PLAN_TRANSACTION_H

#include "plan.h"

/*
 * Undo record of one transaction: a copy of the plan's head (all but the
 * table) and of the one slot that the event touches. Lists, indexes, heap, and
 * which slots wait for a tty are derived, and rebuilt from the slots.
 */
struct plan_undo {
	uint32_t sequence; /* sequence count as in a seqlock: odd while a
			    * transaction is open. initctl retries unless it
			    * is even and unchanged */
	uint32_t slot;	   /* 0: none */
	struct slot slot_copy;
	unsigned char plan_copy[offsetof(struct plan, table)];
};

/*
 * Open and commit a transaction: every change of the live plan happens between
 * these two calls, except PLAN_CHILDREN_LEFT, which is a single store. slot is
 * that of plan_event_slot(), or 0. Transactions do not nest. The event lies in
 * a mailbox (state.h) until it is committed, so that it is applied again after
 * a rollback. Commit is one store. Can't fail.
 */
void plan_begin(const struct plan *plan, uint32_t slot, struct plan_undo *undo);
void plan_commit(struct plan_undo *undo);

/*
 * Makes a plan of size bytes, left by another image of init, ready to go on:
 * rolls an open transaction back, validates the slots, rebuilds what is derived
 * from them, validates the rest. The bytes may be anything. Returns false if no
 * sequence of events leads to such a plan; the plan is unusable then.
 */
bool plan_recover(struct plan *plan, size_t size, struct plan_undo *undo,
		  int64_t now);

/* Is the child that this step started known to the plan already, or can this
 * step not have started it? Then there is no PLAN_STEP_DONE to be applied. step
 * and pid may be anything. */
bool plan_knows_child(const struct plan *plan, const struct step *step,
		      pid_t pid);

/* For a new plan in place of one that was lost: moves it to RUN. Entries of
 * earlier phases are not run, since they may have run before. plan_boot() must
 * have completed the plan, which must not be loaded and not be live yet. */
void plan_reset_to_run(struct plan *plan, int64_t now);

#endif
