/*
 * The input spoils a plan, and tells what happens to the plan then. Its first
 * byte is how many steps the plan goes before; so many pieces follow, of
 * 4 bytes: where, in words of 4 bytes from the beginning, as 2 bytes; what
 * (spoil()); and a byte for that. What is left of the input, a byte each, is
 * what comes of the steps. What plan_recover() takes for a plan must be one
 * that can be gone on with: in its memory, and with no child twice.
 */
#include "fuzz.h"

#include <signal.h>

#include "events.h"
#include "plan_transaction.h"
#include "request.h"
#include "tables.h"

#define STEPS_MOST 256
#define PIECES_MOST 64

/* A time so late that all of a plan's can come before it, ms. */
#define NOW 1000000

static const char inittab[] = "::sysinit:s\n::wait:w\ntty1::respawn:r\n"
			      "tty2::askfirst:-/bin/sh\n::once:o\n"
			      "::ctrlaltdel:c\n::shutdown:d\n::restart:x\n";

struct input {
	const uint8_t *at;
	size_t left;
};

static uint8_t take(struct input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->at++;
}

static bool has_child(const struct plan *plan, const struct step *step)
{
	return step->slot >= 1 && step->slot <= plan->table.count &&
	       table_slot(&plan->table, step->slot)->pid > 1;
}

/* What a step may be about, whatever the plan was before. */
static void check_step(const struct plan *plan, const struct step *step)
{
	const struct table *t = &plan->table;

	MUST(step->kind <= STEP_MESSAGE);
	if (step->kind == STEP_START) {
		MUST(step->slot >= 1 && step->slot <= t->count);
		MUST(table_slot(t, step->slot)->pid == 0);
		MUST(*table_command(t, step->slot) ||
		     table_slot(t, step->slot)->entry.action == ACTION_JOB);
	} else if (step->kind == STEP_SIGNAL_GROUP ||
		   step->kind == STEP_HANGUP) {
		MUST(has_child(plan, step));
	} else if (step->kind == STEP_EXEC_RESTART) {
		MUST(step->slot >= 1 && step->slot <= t->count);
	} else if (step->kind == STEP_MESSAGE && step->slot) {
		MUST(step->slot <= t->count);
	}
	MUST(plan_shutdown_kind(plan) <= SHUTDOWN_REBOOT ||
	     plan->phase <= PHASE_RESTART);
}

static void end_child(struct plan *plan, uint32_t which, int status,
		      int64_t now)
{
	const struct table *t = &plan->table;
	uint32_t slot = which % (t->count + 1);
	pid_t pid = slot ? table_slot(t, slot)->pid
			 : (which & 16 ? plan->file_child : plan->task);

	if (pid)
		(void)event_exited(plan, pid, status, now, &slot);
	event_children_left(plan, !(which & 32));
}

static void request(struct plan *plan, uint32_t verb, uint32_t number,
		    int64_t now)
{
	uint32_t value = verb << REQUEST_VERB_SHIFT | number;

	(void)event_request(plan, value, now);
}

/* The plan sleeps: something happens. */
static void happen(struct plan *plan, const struct step *step, int64_t *now,
		   struct input *input)
{
	uint8_t what = take(input), which = take(input);

	if (what & 1 && step->until != FOREVER && step->until > *now)
		*now = step->until;
	else if (what & 2)
		end_child(plan, which, what & 4 ? 0 : what << 8, *now);
	else if (what & 8)
		request(plan, which, take(input), *now);
	else
		event_signal(plan, which % 65, *now);
}

static void go_on(struct plan *plan, int steps, int64_t *now, pid_t *pid,
		  struct input *input)
{
	for (int i = 0; i < steps; i++) {
		struct step step = plan_next(plan, *now);
		int64_t result = take(input) & 1;

		check_step(plan, &step);
		if (step.kind == STEP_START || step.kind == STEP_TASK)
			result = result ? -1 : ++*pid;
		if (step.kind == STEP_SLEEP)
			happen(plan, &step, now, input);
		else if (step.kind == STEP_SAMPLE_IO)
			event_progress(plan, take(input), take(input),
				       take(input), *now);
		else if (step.kind == STEP_EXIT)
			return;
		event_step_done(plan, &step, result, *now);
	}
}

/* Words of a plan that mean something, and what is nearly that. */
static void spoil(struct plan *plan, size_t size, struct input *input)
{
	uint32_t where = take(input), what, value, word;
	unsigned char *at;

	where |= (uint32_t)take(input) << 8;
	what = take(input);
	value = take(input);
	at = (unsigned char *)plan +
	     where * sizeof(word) % (size - sizeof(word) + 1);
	memcpy(&word, at, sizeof(word));
	if (what < 64)
		word = value;
	else if (what < 96)
		word = 0u - value;
	else if (what < 128)
		word += value;
	else if (what < 192)
		word ^= value << (what & 24);
	else
		word = value << 24 | what << 16;
	memcpy(at, &word, sizeof(word));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct plan_undo before = {0};
	int64_t now = NOW;
	pid_t pid = 100;
	size_t plan_size;
	struct plan *plan = tables_plan(inittab, true, NULL, &plan_size);

	plan_boot(plan, true, NOW);
	go_on(plan, take(&input), &now, &pid, &input);
	if (take(&input) & 1)
		plan_begin(plan, take(&input) % (plan->table.count + 1),
			   &before);
	for (int i = take(&input) % PIECES_MOST; i > 0 && input.left; i--)
		spoil(plan, plan_size, &input);
	if (before.sequence & 1 && take(&input) & 1)
		before.slot = take(&input) * 0x01010101u;
	/* a child that it did not know has none of the pids to come */
	pid = 1 << 20;
	if (plan_recover(plan, plan_size, &before, now))
		go_on(plan, STEPS_MOST, &now, &pid, &input);
	free(plan);
	return 0;
}
