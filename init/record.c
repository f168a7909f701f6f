#define _GNU_SOURCE /* siginfo_t */

#include "record.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "clock.h"
#include "messages.h"
#include "request.h"
#include "signals.h"

static void begin(struct state *state, uint32_t slot)
{
	plan_begin(&state->plan, slot, &state->undo);
}

/* Within a change of the plan: one that is undone leaves no event. */
static void add_event(struct state *state, enum event_kind what, uint32_t slot,
		      pid_t pid, int status)
{
	struct plan *plan = &state->plan;

	state->ring[plan->event_count++ % EVENT_RING_SIZE] =
		(struct event_record){
			.time = clock_us(),
			.status = (uint16_t)status,
			.number = slot ? table_slot(&plan->table, slot)->number
				       : 0,
			.pid = pid,
			.kind = (uint8_t)what,
		};
}

static void end(struct state *state)
{
	enum phase before;

	memcpy(&before, state->undo.plan_copy + offsetof(struct plan, phase),
	       sizeof(before));
	if (state->plan.phase != before)
		add_event(state, EVENT_PHASE, 0, 0, (int)state->plan.phase);
	plan_commit(&state->undo);
}

void record_boot(struct state *state, int64_t began)
{
	begin(state, 0);
	add_event(state, EVENT_BOOT, 0, 0, 0);
	state->ring[0].time = began;
	add_event(state, EVENT_PHASE, 0, 0, (int)state->plan.phase);
	end(state);
}

struct step record_next_step(struct state *state)
{
	struct step step;

	begin(state, 0);
	step = plan_next(&state->plan, clock_ms());
	end(state);
	return step;
}

void record_signal(struct state *state, int64_t now)
{
	siginfo_t *arrived = &state->mailboxes.signal;
	bool is_request = arrived->si_signo == SIGNAL_REQUEST &&
			  arrived->si_code == SI_QUEUE;
	uint32_t value = (uint32_t)arrived->si_value.sival_int;
	uint32_t slot = is_request ? plan_request_slot(&state->plan, value) : 0;

	begin(state, slot);
	if (is_request)
		plan_request(&state->plan, value, slot, now);
	else
		plan_signal(&state->plan, arrived->si_signo, now);
	end(state);
	arrived->si_signo = 0;
}

/* The slot that the result of a step is about; 0: none. */
static uint32_t slot_of(const struct step *step)
{
	bool has_slot = step->kind == STEP_START ||
			step->kind == STEP_SIGNAL_GROUP ||
			step->kind == STEP_HANGUP;

	return has_slot ? step->slot : 0;
}

void record_step_result(struct state *state, const struct step *step,
			int64_t result)
{
	begin(state, slot_of(step));
	plan_step_done(&state->plan, step, result, clock_ms());
	if (step->kind == STEP_START && result > 0)
		add_event(state, EVENT_STARTED, step->slot, (pid_t)result, 0);
	else if (step->kind == STEP_RELOAD && result == 0)
		add_event(state, EVENT_RELOADED, 0, 0, 0);
	end(state);
	state->mailboxes.started = 0;
}

void record_scan_result(struct state *state)
{
	begin(state, 0);
	plan_scan_done(&state->plan, state->scan_line.number,
		       state->scan_line.id, clock_ms());
	end(state);
}

/* The child that has ended, in its mailbox. */
static void note_exited(struct state *state, int64_t now)
{
	siginfo_t *exited = &state->mailboxes.child;
	enum exit_notice news;
	uint32_t slot;

	begin(state, table_find_pid(&state->plan.table, exited->si_pid));
	news = plan_child_exited(&state->plan, exited->si_pid,
				 wait_status(exited), now, &slot);
	if (slot)
		add_event(state, EVENT_EXITED, slot, exited->si_pid,
			  wait_status(exited));
	if (news == NOTICE_THROTTLED)
		add_event(state, EVENT_THROTTLED, slot, 0, 0);
	end(state);
	message_child_end(&state->plan, news, slot, exited->si_status);
	exited->si_pid = 0;
}

void reap_and_record(struct state *state, int64_t now)
{
	pid_t told = state->mailboxes.signal.si_pid; /* or who sent a signal */
	enum reaped reaped = REAPED_NONE;

	for (int i = 0; i < REAP_BATCH; i++) {
		reaped = reap_child(&state->mailboxes.child, told);
		if (reaped == REAPED_ONE)
			note_exited(state, now);
		else if (!told)
			break;
		told = 0;
	}
	state->unreaped = reaped == REAPED_ONE;
	plan_set_no_children(&state->plan, reaped == REAPED_NO_CHILDREN);
}

void record_takeover(struct state *state)
{
	/* no fault: one of these has come to its end with us */
	const struct step step = {.kind = state->plan.phase ==
							  PHASE_RELEASE_SELF
						  ? STEP_REEXEC_COPY
						  : STEP_UPGRADE};
	struct mailboxes *mail = &state->mailboxes;
	int signal = state->faults.signal;

	begin(state, 0);
	if (signal || step.kind == STEP_UPGRADE)
		add_event(state, signal ? EVENT_FAULT : EVENT_UPGRADED, 0, 0,
			  signal);
	end(state);
	message_takeover(&state->plan, state->faults.signal, state->faults.at);
	if (mail->started &&
	    !plan_knows_child(&state->plan, &mail->starting, mail->started))
		record_step_result(state, &mail->starting, mail->started);
	mail->started = 0;
	if (mail->child.si_pid)
		note_exited(state, clock_ms());
	if (mail->signal.si_signo)
		record_signal(state, clock_ms());
	if (!state->faults.signal)
		record_step_result(state, &step, 0);
	state->faults.signal = 0;
	state->unreaped = true; /* what signal told of it was taken */
}
