/*
 * plan_transaction.h - a plan that outlives the program: how a change of it is
 * whole or undone, whatever the instruction at which a fault ends the image
 * that makes it, and how another image finds it fit to go on with.
 */
#ifndef PLAN_TRANSACTION_H
#define PLAN_TRANSACTION_H

#include "plan.h"

/*
 * What a plan was before a fact is noted in it: all but its table, and of that
 * the one slot that the fact is about. Lists, indexes, heap, and who waits for
 * a tty can be found again from the slots.
 */
struct plan_undo {
	uint32_t sequence; /* odd: a change has begun, and is not ended. Who
			    * reads the plan from outside looks at it before
			    * and after */
	uint32_t slot;	   /* 0: none */
	struct slot slot_copy;
	unsigned char plan_copy[offsetof(struct plan, table)];
};

/*
 * A fault may come at any instruction. So what changes a plan stands between
 * these two, and is undone by plan_recover() if it never came to the end; what
 * it was about is in a mailbox, and applied again. (Between two of them, to
 * apply it again is harmless.)
 */
void plan_begin(const struct plan *plan, uint32_t slot,
		struct plan_undo *before);
void plan_commit(struct plan_undo *before);

/*
 * Makes a plan of size bytes that another image of init left ready to go on:
 * undoes what was begun, checks what is left, which may be any bytes at all,
 * and finds again what can be found from it. False: it is no plan that could
 * ever have come to be; then it is of no use. Changes no decision.
 */
bool plan_recover(struct plan *plan, size_t size, struct plan_undo *before,
		  int64_t now);

/* Is the child that came of this step noted already, or can't it be? */
bool plan_knows_child(const struct plan *plan, const struct step *step,
		      pid_t pid);

/* For a plan in the place of one that was lost: goes on in RUN. What has its
 * time before that is not run, as it may have been. */
void plan_reset_to_run(struct plan *plan, int64_t now);

#endif
