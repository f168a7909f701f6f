#define _GNU_SOURCE /* SIGPWR and its like */

#include "request.h"

#include <signal.h>

#include "plan_internal.h"
#include "respawn.h"

/* busybox init.c, and what its halt, poweroff and reboot applets send; but
 * that SIGPWR (the power fails) is a poweroff. */
static const struct {
	uint8_t signal;
	uint8_t ending; /* enum shutdown_kind */
} endings[] = {
	{SIGUSR1, SHUTDOWN_HALT},
	{SIGUSR2, SHUTDOWN_POWEROFF},
	{SIGTERM, SHUTDOWN_REBOOT},
	{SIGQUIT, SHUTDOWN_RESTART},
	{SIGPWR, SHUTDOWN_POWEROFF},
	{SIGNAL_HALT, SHUTDOWN_HALT},
	{SIGNAL_POWEROFF, SHUTDOWN_POWEROFF},
	{SIGNAL_REBOOT, SHUTDOWN_REBOOT},
};

static void ask_for_ending(struct plan *plan, enum shutdown_kind ending)
{
	if (ending == SHUTDOWN_RESTART &&
	    (!plan->table.first[LIST_RESTART] || plan->phase > PHASE_RESTART ||
	     plan->reap_again))
		return; /* nobody to become; or too late for it */
	plan->shutdown = ending;
	if (plan->phase == PHASE_REBOOTING && !plan->task) {
		plan->shutdown_refused = false;
		plan->phase = PHASE_REBOOT;
	}
}

/* On the way down it cuts a wait short, but not the next one along with it:
 * keys that are held down repeat. */
static void ask_for_ctrlaltdel(struct plan *plan, int64_t now)
{
	if (!plan_is_shutting_down(plan)) {
		plan->cad_requested = !plan->cad_cursor && !plan->cad_waiting;
	} else if (now - plan->last_skip >= PLAN_SKIP_WAIT_AFTER) {
		plan->last_skip = now;
		plan->skip_wait = true;
	}
}

enum shutdown_kind shutdown_kind_of_signal(int signal)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (endings[i].signal == signal)
			return endings[i].ending;
	return SHUTDOWN_NONE;
}

/* What a job that is all there is gets instead of us. */
#define FORWARDED                                                              \
	(1u << SIGTERM | 1u << SIGINT | 1u << SIGHUP | 1u << SIGQUIT |         \
	 1u << SIGUSR1 | 1u << SIGUSR2)

void plan_signal(struct plan *plan, int signal, int64_t now)
{
	enum shutdown_kind ending = shutdown_kind_of_signal(signal);

	if (plan->is_only_job && !plan_is_shutting_down(plan) && signal < 32 &&
	    FORWARDED >> signal & 1)
		plan->forward_signals |= 1u << signal;
	else if (ending)
		ask_for_ending(plan, ending);
	else if (signal == SIGINT)
		ask_for_ctrlaltdel(plan, now);
	else if (signal == SIGHUP)
		plan->reload_requested = !plan_is_shutting_down(plan);
	else if (signal == SIGTSTP)
		plan->paused = true;
	else if (signal == SIGCONT)
		plan->paused = false;
}

uint32_t plan_request_slot(const struct plan *plan, uint32_t value)
{
	uint32_t number = value & ((1u << REQUEST_VERB_SHIFT) - 1);

	return number ? table_find_number(&plan->table, number) : 0;
}

/* Starts it as soon as may be: at once, or when its child has ended; or leaves
 * it to the cursor. */
static void ask_for_start(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);
	bool is_next = list == phase_list(plan->phase) && list < LIST_RESPAWN &&
		       !(s->ran_lists >> list & 1);

	s->is_stopped = false;
	s->failures = 0;
	if (plan_phase_reached(plan, s) && !is_next && !s->pid &&
	    !s->waits_for_tty)
		table_push_due(&plan->table, slot, respawn_earliest(s, now));
}

static void end_child(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);

	if (!s->pid || s->stop)
		return;
	s->stop = STOP_SEND_TERM;
	table_push_due(&plan->table, slot, now);
}

static void serve_entry(struct plan *plan, enum verb verb, uint32_t slot,
			int64_t now)
{
	if (table_list(table_slot(&plan->table, slot)->entry.action) >
		    LIST_RESPAWN ||
	    slot == plan->table.first[LIST_JOB])
		return; /* it runs when its time comes */
	if (slot == plan->waiting && verb != VERB_STOP_ENTRY)
		return; /* it runs just now */
	if (verb == VERB_STOP_ENTRY || verb == VERB_RESTART_ENTRY)
		end_child(plan, slot, now);
	if (verb == VERB_STOP_ENTRY)
		table_slot(&plan->table, slot)->is_stopped = true;
	else if (verb == VERB_START_ENTRY || verb == VERB_RESTART_ENTRY)
		ask_for_start(plan, slot, now);
	plan->cursor = plan_first_pending(
		plan, plan->table.first[phase_list(plan->phase)]);
}

void plan_request(struct plan *plan, uint32_t value, uint32_t slot, int64_t now)
{
	enum verb verb = value >> REQUEST_VERB_SHIFT;

	if (verb == VERB_SKIP_GRACE) {
		plan->grace = 0;
		plan->skip_wait |= plan->phase == PHASE_GRACE;
	}
	if (plan_is_shutting_down(plan))
		return;
	if (verb == VERB_UPGRADE)
		plan->upgrade_requested = !plan->upgrade_probe;
	else if (slot)
		serve_entry(plan, verb, slot, now);
}
