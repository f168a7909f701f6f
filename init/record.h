/*
 * record.h - what happened, noted in the plan of a state, so that a fault at
 * any instruction does no harm: each change of the plan is whole or undone
 * (plan_begin()), and what it is about lies in a mailbox until then.
 */
#ifndef RECORD_H
#define RECORD_H

#include "state.h"

/* The next step (plan_next()). */
struct step record_next_step(struct state *state);

/* For the first state: when init began (clock_us()), and that it is up. */
void record_boot(struct state *state, int64_t began);

/* The signal that has arrived in its mailbox. now, here and below: when that
 * was known (clock_ms()). */
void record_signal(struct state *state, int64_t now);

/* What came of a step (plan_step_done()). */
void record_step_result(struct state *state, const struct step *step,
			int64_t result);

/* What state->line is, the answer to STEP_SCAN. */
void record_scan_result(struct state *state);

/* Takes what children have ended, but not so many that a flood of them keeps
 * us from all else; state->unreaped says whether some may be left. */
void reap_and_record(struct state *state, int64_t now);

/* For an image that goes on for another: says why, and applies what the kernel
 * had told that one. */
void record_takeover(struct state *state);

#endif
