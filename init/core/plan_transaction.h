/*
 * plan_transaction.h - a plan survives a fault of init at any instruction: a
 * change of it is a transaction, which another image of init either finds
 * committed or rolls back. Decides nothing about entries.
 */
#ifndef PLAN_TRANSACTION_H
#define PLAN_TRANSACTION_H

#include "plan.h"

/*
 * Undo record of one transaction: a copy of the plan's head (all but the
 * table) and of the one slot that the event touches. Lists, indexes, heap, and
 * who waits for a tty are derived, and rebuilt from the slots.
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
 * Opens and commits a transaction: every change of the plan happens between
 * these two. What the change is about lies in a mailbox (state.h) until it is
 * committed, so that after a rollback it is applied again. Commit is one store.
 */
void plan_begin(const struct plan *plan, uint32_t slot, struct plan_undo *undo);
void plan_commit(struct plan_undo *undo);

/*
 * Makes a plan of size bytes, left by another image of init, ready to go on:
 * rolls an open transaction back, validates the slots, rebuilds what is derived
 * from them, validates the rest. The bytes may be anything. Returns false if
 * they are no plan that could ever have come to be; it is unusable then.
 */
bool plan_recover(struct plan *plan, size_t size, struct plan_undo *undo,
		  int64_t now);

/* Is the child that this step started known to the plan already, or can it not
 * have come of the step? Then there is no PLAN_STEP_DONE to be applied. */
bool plan_knows_child(const struct plan *plan, const struct step *step,
		      pid_t pid);

/* For a new plan in place of one that was lost: goes on in RUN. Entries of
 * earlier phases are not run, since they may have run before. */
void plan_reset_to_run(struct plan *plan, int64_t now);

#endif
