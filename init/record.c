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
	plan_begin(&state->plan, slot, &state->before);
}

/* Within a change of the plan: one that is undone leaves no event. */
static void add_event(struct state *state, enum ring_what what, uint32_t slot,
		      pid_t pid, int status)
{
	struct plan *plan = &state->plan;

	state->ring[plan->events++ % RING_SIZE] = (struct ring_event){
		.time = event_now_us(),
		.status = (uint16_t)status,
		.number = slot ? table_slot(&plan->table, slot)->number : 0,
		.pid = pid,
		.what = (uint8_t)what,
	};
}

static void end(struct state *state)
{
	enum phase before;

	memcpy(&before, state->before.head + offsetof(struct plan, phase),
	       sizeof(before));
	if (state->plan.phase != before)
		add_event(state, RING_PHASE, 0, 0, (int)state->plan.phase);
	plan_end(&state->before);
}

void note_booted(struct state *state, int64_t began)
{
	begin(state, 0);
	add_event(state, RING_BOOT, 0, 0, 0);
	state->ring[0].time = began;
	add_event(state, RING_PHASE, 0, 0, (int)state->plan.phase);
	end(state);
}

struct step note_next(struct state *state)
{
	struct step step;

	begin(state, 0);
	step = plan_next(&state->plan, event_now());
	end(state);
	return step;
}

void note_arrived(struct state *state, int64_t now)
{
	siginfo_t *arrived = &state->mail.arrived;
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
	bool has_slot = step->kind == STEP_START || step->kind == STEP_GROUP ||
			step->kind == STEP_HANGUP;

	return has_slot ? step->slot : 0;
}

void note_result(struct state *state, const struct step *step, int64_t result)
{
	begin(state, slot_of(step));
	plan_done(&state->plan, step, result, event_now());
	if (step->kind == STEP_START && result > 0)
		add_event(state, RING_STARTED, step->slot, (pid_t)result, 0);
	else if (step->kind == STEP_RELOAD && result == 0)
		add_event(state, RING_RELOADED, 0, 0, 0);
	end(state);
	state->mail.started = 0;
}

void note_found(struct state *state)
{
	begin(state, 0);
	plan_found(&state->plan, state->line.number, state->line.mark,
		   event_now());
	end(state);
}

/* The child that has ended, in its mailbox. */
static void note_exited(struct state *state, int64_t now)
{
	siginfo_t *exited = &state->mail.exited;
	enum news news;
	uint32_t slot;

	begin(state, table_find_pid(&state->plan.table, exited->si_pid));
	news = plan_exited(&state->plan, exited->si_pid, event_status(exited),
			   now, &slot);
	if (slot)
		add_event(state, RING_EXITED, slot, exited->si_pid,
			  event_status(exited));
	if (news == NEWS_PUT_OFF)
		add_event(state, RING_PARKED, slot, 0, 0);
	end(state);
	report_news(&state->plan, news, slot, exited->si_status);
	exited->si_pid = 0;
}

void note_ended(struct state *state, int64_t now)
{
	pid_t told = state->mail.arrived.si_pid; /* or who sent a signal */
	enum reaped reaped = REAPED_NONE;

	for (int i = 0; i < EVENT_REAP_AT_ONCE; i++) {
		reaped = event_reap(&state->mail.exited, told);
		if (reaped == REAPED_ONE)
			note_exited(state, now);
		else if (!told)
			break;
		told = 0;
	}
	state->unreaped = reaped == REAPED_ONE;
	plan_alone(&state->plan, reaped == REAPED_ALONE);
}

void note_takeover(struct state *state)
{
	/* no fault: one of these has come to its end with us */
	const struct step step = {.kind = state->plan.phase == PHASE_COPY
						  ? STEP_COPY
						  : STEP_UPGRADE};
	struct mailboxes *mail = &state->mail;
	int signal = state->faults.signal;

	begin(state, 0);
	if (signal || step.kind == STEP_UPGRADE)
		add_event(state, signal ? RING_FAULT : RING_UPGRADED, 0, 0,
			  signal);
	end(state);
	report_takeover(&state->plan, state->faults.signal, state->faults.at);
	if (mail->started &&
	    !plan_is_noted(&state->plan, &mail->starting, mail->started))
		note_result(state, &mail->starting, mail->started);
	mail->started = 0;
	if (mail->exited.si_pid)
		note_exited(state, event_now());
	if (mail->arrived.si_signo)
		note_arrived(state, event_now());
	if (!state->faults.signal)
		note_result(state, &step, 0);
	state->faults.signal = 0;
	state->unreaped = true; /* what signal told of it was taken */
}
