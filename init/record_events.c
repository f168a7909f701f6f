#define _GNU_SOURCE /* siginfo_t */

#include "record_events.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "clock.h"
#include "messages.h"
#include "request.h"
#include "signals.h"
#include "state_file.h"

/* Writes an event to the ring. Called within a transaction, so that a rollback
 * also takes the event back. */
static void add_to_ring(struct state *state, enum event_kind kind,
			uint32_t slot, pid_t pid, int status)
{
	struct plan *plan = &state->plan;
	uint32_t at = plan->event_count++ % EVENT_RING_SIZE;

	state->ring[at] = (struct event_record){
		.time = clock_us(),
		.status = (uint16_t)status,
		.number = table_slot(&plan->table, slot)->history.number,
		.pid = pid,
		.kind = (uint8_t)kind,
	};
}

static void begin(struct state *state, uint32_t slot)
{
	plan_begin(&state->plan, slot, &state->undo);
}

static void commit(struct state *state)
{
	enum phase before;

	memcpy(&before, state->undo.plan_copy + offsetof(struct plan, phase),
	       sizeof(before));
	if (state->plan.phase != before)
		add_to_ring(state, EVENT_PHASE, 0, 0, (int)state->plan.phase);
	plan_commit(&state->undo);
}

/* Writes an event that was just applied to the ring, if the ring keeps events
 * of this kind. */
static void add_event(struct state *state, const struct plan_event *event,
		      uint32_t slot, enum exit_notice notice)
{
	const struct step *step = &event->done.step;
	int64_t result = event->done.result;

	if (event->kind == PLAN_CHILD_EXITED && slot)
		add_to_ring(state, EVENT_EXITED, slot, event->child.pid,
			    event->child.status);
	if (notice == NOTICE_THROTTLED)
		add_to_ring(state, EVENT_THROTTLED, slot, 0, 0);
	if (event->kind != PLAN_STEP_DONE)
		return;
	if (step->kind == STEP_START && result > 0)
		add_to_ring(state, EVENT_STARTED, slot, (pid_t)result, 0);
	else if (step->kind == STEP_RELOAD && result == 0)
		add_to_ring(state, EVENT_RELOADED, 0, 0, 0);
}

/* Applies an event in a transaction of its own. Returns its slot. */
static uint32_t record(struct state *state, const struct plan_event *event,
		       int64_t now, enum exit_notice *notice)
{
	uint32_t slot = plan_event_slot(&state->plan, event);

	begin(state, slot);
	*notice = plan_event(&state->plan, event, now);
	add_event(state, event, slot, *notice);
	commit(state);
	return slot;
}

void record_boot(struct state *state, int64_t began)
{
	begin(state, 0);
	add_to_ring(state, EVENT_BOOT, 0, 0, 0);
	state->ring[0].time = began;
	add_to_ring(state, EVENT_PHASE, 0, 0, (int)state->plan.phase);
	commit(state);
}

struct step record_next_step(struct state *state)
{
	struct step step;

	begin(state, 0);
	step = plan_next(&state->plan, clock_ms());
	commit(state);
	return step;
}

void record_signal(struct state *state, int64_t now)
{
	siginfo_t *info = &state->mailboxes.signal;
	struct plan_event event = {.kind = PLAN_SIGNAL,
				   .signal = info->si_signo};
	enum exit_notice notice;

	if (info->si_signo == SIGNAL_REQUEST && info->si_code == SI_QUEUE)
		event = (struct plan_event){
			.kind = PLAN_REQUEST,
			.request = (uint32_t)info->si_value.sival_int};
	(void)record(state, &event, now, &notice);
	info->si_signo = 0;
}

void record_step_result(struct state *state, const struct step *step,
			int64_t result)
{
	const struct plan_event event = {.kind = PLAN_STEP_DONE,
					 .done = {*step, result}};
	enum exit_notice notice;

	(void)record(state, &event, clock_ms(), &notice);
	state->mailboxes.started = 0;
}

void record_progress(struct state *state)
{
	const struct release_progress *progress = state_progress(state);
	const struct plan_event event = {.kind = PLAN_PROGRESS,
					 .progress = {progress->object,
						      progress->id,
						      progress->released}};
	enum exit_notice notice;

	(void)record(state, &event, clock_ms(), &notice);
}

/* Applies the exit in mailboxes.child, and empties that mailbox. */
static void record_exit(struct state *state, int64_t now)
{
	siginfo_t *info = &state->mailboxes.child;
	const struct plan_event event = {
		.kind = PLAN_CHILD_EXITED,
		.child = {info->si_pid, wait_status(info)}};
	enum exit_notice notice;
	uint32_t slot = record(state, &event, now, &notice);

	message_child_end(&state->plan, notice, slot, info->si_status);
	info->si_pid = 0;
}

void reap_and_record(struct state *state, int64_t now)
{
	/* the child that SIGCHLD names, or whoever sent another signal */
	pid_t named = state->mailboxes.signal.si_pid;
	struct plan_event left = {.kind = PLAN_CHILDREN_LEFT};
	enum reaped reaped = REAPED_NONE;

	for (int i = 0; i < REAP_BATCH; i++) {
		reaped = reap_child(&state->mailboxes.child, named);
		if (reaped == REAPED_ONE)
			record_exit(state, now);
		else if (!named)
			break;
		named = 0;
	}
	state->unreaped = reaped == REAPED_ONE;
	left.children_left = reaped != REAPED_NO_CHILDREN;
	(void)plan_event(&state->plan, &left,
			 now); /* one store: no transaction */
}

void record_takeover(struct state *state)
{
	/* without a fault, one of these steps has executed this image */
	const struct step step = {.kind = state->plan.phase ==
							  PHASE_RELEASE_SELF
						  ? STEP_REEXEC_COPY
						  : STEP_UPGRADE};
	struct mailboxes *mail = &state->mailboxes;
	int signal = state->faults.signal;

	begin(state, 0);
	if (signal || step.kind == STEP_UPGRADE)
		add_to_ring(state, signal ? EVENT_FAULT : EVENT_UPGRADED, 0, 0,
			    signal);
	commit(state);
	message_takeover(&state->plan, signal, state->faults.at);
	if (mail->started &&
	    !plan_knows_child(&state->plan, &mail->starting, mail->started))
		record_step_result(state, &mail->starting, mail->started);
	mail->started = 0;
	if (mail->child.si_pid)
		record_exit(state, clock_ms());
	if (mail->signal.si_signo)
		record_signal(state, clock_ms());
	if (!signal)
		record_step_result(state, &step, 0);
	state->faults.signal = 0;
	state->unreaped = true; /* the old image may have taken a SIGCHLD */
}
