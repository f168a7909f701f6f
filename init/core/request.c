#include "request.h"

#include <signal.h>

#include "plan_internal.h"
#include "respawn.h"
#include "shutdown_kind.h"

static void request_shutdown(struct plan *plan, enum shutdown_kind kind)
{
	if (kind == SHUTDOWN_RESTART &&
	    (!plan->table.first[LIST_RESTART] ||
	     !phase_allows_restart(plan->phase) || plan->reap_again))
		return; /* no restart entry, or the disks are being released */
	plan->shutdown = kind;
	if (plan->phase == PHASE_REBOOTING && !plan->task) {
		plan->shutdown_refused = false;
		plan->phase = PHASE_REBOOT;
	}
}

/* During shutdown Ctrl-Alt-Del skips the current wait only. A held key repeats,
 * and must not skip the next wait as well. */
static void request_ctrlaltdel(struct plan *plan, int64_t now)
{
	if (!plan_is_shutting_down(plan)) {
		plan->cad_requested = !plan->cad_cursor && !plan->cad_waiting;
	} else if (now - plan->last_skip >= PLAN_SKIP_WAIT_AFTER) {
		plan->last_skip = now;
		plan->skip_wait = true;
	}
}

/* Signals that init forwards to a job without an inittab (job.is_only), instead
 * of acting on them. */
#define FORWARDED                                                              \
	(1u << SIGTERM | 1u << SIGINT | 1u << SIGHUP | 1u << SIGQUIT |         \
	 1u << SIGUSR1 | 1u << SIGUSR2)

void plan_signal(struct plan *plan, int signal, int64_t now)
{
	enum shutdown_kind kind = shutdown_kind_of_signal(signal);

	if (plan->job.is_only && !plan_is_shutting_down(plan) && signal < 32 &&
	    FORWARDED >> signal & 1)
		plan->forward_signals |= 1u << signal;
	else if (kind)
		request_shutdown(plan, kind);
	else if (signal == SIGINT)
		request_ctrlaltdel(plan, now);
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

/* Queues the entry for its earliest start. Not if the cursor still has to start
 * it, or if its child runs, or if it waits for a tty: plan_events.c queues it
 * after that. */
static void request_start(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);
	bool is_pending = list == phase_list(plan->phase) &&
			  list < LIST_RESPAWN &&
			  !(s->history.ran_lists >> list & 1);

	s->history.is_stopped = false;
	s->history.failures = 0;
	if (plan_phase_reached(plan, s) && !is_pending && !s->pid &&
	    !s->waits_for_tty)
		table_push_due(&plan->table, slot, respawn_earliest(s, now));
}

static void request_stop(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);

	if (!s->pid || s->history.stop)
		return;
	s->history.stop = STOP_SEND_TERM;
	table_push_due(&plan->table, slot, now);
}

static void request_entry(struct plan *plan, enum verb verb, uint32_t slot,
			  int64_t now)
{
	if (table_list(table_slot(&plan->table, slot)->entry.action) >
		    LIST_RESPAWN ||
	    slot == plan->table.first[LIST_JOB])
		return; /* only the phase, or Ctrl-Alt-Del, starts these */
	if (slot == plan->waiting && verb != VERB_STOP_ENTRY)
		return; /* it is running */
	if (verb == VERB_STOP_ENTRY || verb == VERB_RESTART_ENTRY)
		request_stop(plan, slot, now);
	if (verb == VERB_STOP_ENTRY)
		table_slot(&plan->table, slot)->history.is_stopped = true;
	else if (verb == VERB_START_ENTRY || verb == VERB_RESTART_ENTRY)
		request_start(plan, slot, now);
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
		plan->upgrade_requested = !plan_is_upgrading(plan);
	else if (slot)
		request_entry(plan, verb, slot, now);
}
