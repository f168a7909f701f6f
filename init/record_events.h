/*
 * record_events.h - applies what happened to the plan, in transactions, so that
 * a fault of init at any instruction does no harm: each change of the plan is
 * committed or rolled back (plan_transaction.h). After a rollback, an event is
 * applied again from its mailbox (state.h), and a step without a mailbox is
 * carried out again. Writes the event ring. Decides nothing. Called by PID 1
 * only. Can't fail.
 */
#ifndef RECORD_EVENTS_H
#define RECORD_EVENTS_H

#include "state.h"

/* The next step of the plan (plan_next()). */
struct step record_next_step(struct state *state);

/* Writes the first two events of a new state to its ring: the boot, at began
 * (clock_us()), and the first phase. */
void record_boot(struct state *state, int64_t began);

/* Applies the signal in mailboxes.signal, and empties that mailbox; only its
 * si_pid stays, for reap_and_record(). now, here and below, is clock_ms() after
 * the system call returned. */
void record_signal(struct state *state, int64_t now);

/* Applies the result of a step, see enum step_kind in plan.h, and empties
 * mailboxes.started. */
void record_step_result(struct state *state, const struct step *step,
			int64_t result);

/* Applies what the child of UNMOUNT or SWAPOFF is at: state->progress. */
void record_progress(struct state *state);

/* Reaps children that have ended and applies their exits, at most REAP_BATCH
 * (signals.h), so that a flood of exits does not keep init from everything
 * else. Sets state->unreaped if some may be left. Logs exits that the plan
 * finds worth a message. */
void reap_and_record(struct state *state, int64_t now);

/* Called once by an image that has adopted the state of another one: logs why,
 * and applies what is in the mailboxes; without a fault also the result of the
 * step that executed this image. */
void record_takeover(struct state *state);

#endif
