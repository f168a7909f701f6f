/*
 * record_events.h - applies what happened to the plan, in transactions, so that
 * a fault of init at any instruction does no harm: each change of the plan is
 * committed or rolled back (plan_transaction.h), and what it is about stays in
 * a mailbox (state.h) until then. Writes the event ring. Decides nothing.
 */
#ifndef RECORD_EVENTS_H
#define RECORD_EVENTS_H

#include "state.h"

/* The next step of the plan. */
struct step record_next_step(struct state *state);

/* Completes the first state; began is when init started (clock_us()). */
void record_boot(struct state *state, int64_t began);

/* The signal in its mailbox. now, here and below, is clock_ms() after the
 * system call returned. */
void record_signal(struct state *state, int64_t now);

/* The result of a step, see enum step_kind. */
void record_step_result(struct state *state, const struct step *step,
			int64_t result);

/* state->scan_line is the answer to STEP_SCAN. */
void record_scan_result(struct state *state);

/* Reaps children that have ended, at most REAP_BATCH, so that a flood of them
 * does not keep init from everything else; state->unreaped tells whether some
 * may be left. */
void reap_and_record(struct state *state, int64_t now);

/* In an image that took over from another one: logs why, and applies what is in
 * the mailboxes. */
void record_takeover(struct state *state);

#endif
