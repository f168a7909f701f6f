#define _GNU_SOURCE /* SIGPWR and its like */

#include "request.h"

#include <signal.h>

#include "plan_internal.h"
#include "respawn.h"

/* busybox init.c, and what its halt, poweroff and reboot applets send; but
 * that SIGPWR (the power fails) is a poweroff. */
static const struct {
	uint8_t signal;
	uint8_t ending; /* enum ending */
} endings[] = {
	{SIGUSR1, ENDING_HALT},
	{SIGUSR2, ENDING_POWEROFF},
	{SIGTERM, ENDING_REBOOT},
	{SIGQUIT, ENDING_RESTART},
	{SIGPWR, ENDING_POWEROFF},
	{SIGNAL_HALT, ENDING_HALT},
	{SIGNAL_POWEROFF, ENDING_POWEROFF},
	{SIGNAL_REBOOT, ENDING_REBOOT},
};

static void ask_for_ending(struct plan *plan, enum ending ending)
{
	if (ending == ENDING_RESTART &&
	    (!plan->table.first[LIST_RESTART] || plan->phase > PHASE_RESTART ||
	     plan->stuck))
		return; /* nobody to become; or too late for it */
	plan->ending = ending;
	if (plan->phase == PHASE_REBOOTING && !plan->task) {
		plan->refused = false;
		plan->phase = PHASE_REBOOT;
	}
}

/* On the way down it cuts a wait short, but not the next one along with it:
 * keys that are held down repeat. */
static void ask_for_ctrlaltdel(struct plan *plan, int64_t now)
{
	if (!plan_is_down(plan)) {
		plan->ctrlaltdel = !plan->cad_cursor && !plan->cad_waiting;
	} else if (now - plan->down_since >= PLAN_CUT) {
		plan->down_since = now;
		plan->cut = true;
	}
}

enum ending plan_ending_of(int signal)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (endings[i].signal == signal)
			return endings[i].ending;
	return ENDING_NONE;
}

/* What a job that is all there is gets instead of us. */
#define FORWARDED                                                              \
	(1u << SIGTERM | 1u << SIGINT | 1u << SIGHUP | 1u << SIGQUIT |         \
	 1u << SIGUSR1 | 1u << SIGUSR2)

void plan_signal(struct plan *plan, int signal, int64_t now)
{
	enum ending ending = plan_ending_of(signal);

	if (plan->is_only_job && !plan_is_down(plan) && signal < 32 &&
	    FORWARDED >> signal & 1)
		plan->forward |= 1u << signal;
	else if (ending)
		ask_for_ending(plan, ending);
	else if (signal == SIGINT)
		ask_for_ctrlaltdel(plan, now);
	else if (signal == SIGHUP)
		plan->reload = !plan_is_down(plan);
	else if (signal == SIGTSTP)
		plan->paused = true;
	else if (signal == SIGCONT)
		plan->paused = false;
}

uint32_t plan_request_slot(const struct plan *plan, uint32_t value)
{
	uint32_t number = value & ((1u << REQUEST_VERB) - 1);

	return number ? table_find_number(&plan->table, number) : 0;
}

/* Starts it as soon as may be: at once, or when its child has ended; or leaves
 * it to the cursor. */
static void ask_for_start(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);
	bool is_next = list == plan_list(plan->phase) && list < LIST_RESPAWN &&
		       !(s->done >> list & 1);

	s->is_stopped = false;
	s->failures = 0;
	if (plan_is_time(plan, s) && !is_next && !s->pid && !s->is_held)
		table_push_due(&plan->table, slot, respawn_asked(s, now));
}

static void end_child(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);

	if (!s->pid || s->end)
		return;
	s->end = END_TERM;
	table_push_due(&plan->table, slot, now);
}

static void serve_entry(struct plan *plan, enum verb verb, uint32_t slot,
			int64_t now)
{
	if (table_list(table_slot(&plan->table, slot)->entry.action) >
		    LIST_RESPAWN ||
	    slot == plan->table.first[LIST_JOB])
		return; /* it runs when its time comes */
	if (slot == plan->waiting && verb != VERB_STOP)
		return; /* it runs just now */
	if (verb == VERB_STOP || verb == VERB_RESTART)
		end_child(plan, slot, now);
	if (verb == VERB_STOP)
		table_slot(&plan->table, slot)->is_stopped = true;
	else if (verb == VERB_START || verb == VERB_RESTART)
		ask_for_start(plan, slot, now);
	plan->cursor =
		plan_undone(plan, plan->table.first[plan_list(plan->phase)]);
}

void plan_request(struct plan *plan, uint32_t value, uint32_t slot, int64_t now)
{
	enum verb verb = value >> REQUEST_VERB;

	if (verb == VERB_HURRY) {
		plan->grace = 0;
		plan->cut |= plan->phase == PHASE_GRACE;
	}
	if (plan_is_down(plan))
		return;
	if (verb == VERB_UPGRADE)
		plan->upgrade = !plan->checker;
	else if (slot)
		serve_entry(plan, verb, slot, now);
}
