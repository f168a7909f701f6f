#define _GNU_SOURCE /* SIGPWR and its like */

#include "plan.h"

#include <signal.h>
#include <string.h>

#include "respawn.h"

/* As container managers send them (systemd: SIGRTMIN+3 to +5 of glibc, whose
 * SIGRTMIN is 34): halt, poweroff, reboot. */
#define SIGNAL_HALT 37
#define SIGNAL_POWEROFF 38
#define SIGNAL_REBOOT 39

/* busybox init.c, and what its halt, poweroff and reboot applets send; but
 * that SIGPWR (the power fails) is a poweroff. */
static const struct {
	int signal;
	enum ending ending;
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

static bool is_down(const struct plan *plan)
{
	return plan->phase >= PHASE_SHUTDOWN;
}

bool plan_wants_watchdog(const struct plan *plan, bool is_held)
{
	enum ending ending = plan_ending(plan);
	bool is_wanted = ending == ENDING_POWEROFF || ending == ENDING_REBOOT;

	return plan->machine && is_down(plan) && plan->phase < PHASE_REBOOT &&
	       (is_wanted || is_held);
}

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
	if (!is_down(plan)) {
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

void plan_signal(struct plan *plan, int signal, int64_t now)
{
	enum ending ending = plan_ending_of(signal);

	if (ending)
		ask_for_ending(plan, ending);
	else if (signal == SIGINT)
		ask_for_ctrlaltdel(plan, now);
	else if (signal == SIGHUP)
		plan->reload = !is_down(plan);
	else if (signal == SIGTSTP)
		plan->paused = true;
	else if (signal == SIGCONT)
		plan->paused = false;
}

void plan_request(struct plan *plan, uint32_t value)
{
	if (value >> REQUEST_VERB == VERB_UPGRADE && !is_down(plan))
		plan->upgrade = !plan->checker;
}

void plan_alone(struct plan *plan, bool alone)
{
	plan->alone = alone;
}

/* A tty is free: whoever waits for it may start. */
static void release(struct plan *plan, uint32_t ended, int64_t now)
{
	struct table *t = &plan->table;
	uint32_t slot = table_slot(t, ended)->held;
	uint32_t other = *table_tty_bucket(t, table_tty(t, ended));

	table_slot(t, ended)->held = 0;
	for (; slot && other; other = table_slot(t, other)->next)
		if (table_slot(t, other)->pid &&
		    strcmp(table_tty(t, other), table_tty(t, ended)) == 0) {
			table_slot(t, other)->held = slot;
			return;
		}
	while (slot) {
		struct slot *s = table_slot(t, slot);
		uint32_t next = s->held;

		s->held = 0;
		s->is_held = false;
		if (plan->phase == PHASE_RUN)
			table_push_due(t, slot, respawn_asked(s, now));
		slot = next;
	}
}

static enum news respawn_ended(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	bool was_put_off = respawn_is_put_off(s);

	s->due = respawn_after(s, s->status, now);
	if (plan->phase == PHASE_RUN)
		table_push_due(&plan->table, slot, s->due);
	return respawn_is_put_off(s) && !was_put_off ? NEWS_PUT_OFF : NEWS_NONE;
}

static enum news entry_ended(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	bool waited = slot == plan->waiting || slot == plan->cad_waiting;

	if (slot == plan->waiting) {
		plan->waiting = 0;
		plan->cut = false; /* it was meant for this wait */
	}
	if (slot == plan->cad_waiting)
		plan->cad_waiting = 0;
	if (s->fate == SLOT_TO_TERM || s->fate == SLOT_TO_KILL)
		release(plan, slot, now);
	else if (s->fate == SLOT_LISTED && !is_down(plan) &&
		 table_list(s->entry.action) == LIST_RESPAWN)
		return respawn_ended(plan, slot, now);
	return waited && s->status ? NEWS_FAILED : NEWS_NONE;
}

enum news plan_exited(struct plan *plan, pid_t pid, int status, int64_t now,
		      uint32_t *slot)
{
	*slot = table_find_pid(&plan->table, pid);
	if (*slot) {
		table_set_pid(&plan->table, *slot, 0);
		table_slot(&plan->table, *slot)->status = status;
		return entry_ended(plan, *slot, now);
	}
	if (pid == plan->checker) {
		plan->checker = 0;
		plan->is_known = status == PLAN_KNOWN << 8; /* wait(2) */
		return plan->is_known ? NEWS_NONE : NEWS_NOT_KNOWN;
	}
	if (pid != plan->task)
		return NEWS_NONE;
	plan->task = 0;
	if (plan->phase < PHASE_REBOOT)
		plan_worked(plan, status == 0, now);
	return NEWS_TASK_ENDED;
}

/* Moves whoever named this slot as the next one to start past it. */
static void started(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);
	bool waited = plan->phase == PHASE_SYSINIT ||
		      plan->phase == PHASE_WAIT ||
		      plan->phase == PHASE_SHUTDOWN;

	s->started = now;
	s->starts++;
	if (slot == plan->cad_cursor) {
		plan->cad_waiting = slot;
		plan->cad_cursor = plan_undone(plan, s->next);
	} else if (slot == plan->cursor) {
		if (plan->phase <= PHASE_ONCE)
			s->done |= (uint8_t)(1 << plan_list(plan->phase));
		plan->waiting = waited ? slot : 0;
		plan->cursor = plan_undone(plan, s->next);
		plan->slow = now + PLAN_SLOW;
		plan->deadline = plan->phase == PHASE_SHUTDOWN
					 ? plan_after(plan->stop, now)
					 : FOREVER;
	} else {
		table_pop_due(&plan->table);
	}
}

static void told_everyone(struct plan *plan, int64_t now)
{
	if (plan->phase == PHASE_TERM)
		plan_enter(plan, PHASE_HANGUP, FOREVER, now);
	else
		plan_enter(plan, PHASE_REAP, PLAN_REAP, now);
}

static void told_group(struct plan *plan, uint32_t slot, int64_t now)
{
	struct slot *s = table_slot(&plan->table, slot);

	if (plan->phase == PHASE_HANGUP) {
		plan->cursor = s->next;
		return;
	}
	table_pop_due(&plan->table);
	if (s->fate == SLOT_TO_TERM) {
		s->fate = SLOT_TO_KILL;
		table_push_due(&plan->table, slot, now + PLAN_GRACE);
	}
}

void plan_done(struct plan *plan, const struct step *step, int64_t result,
	       int64_t now)
{
	if (step->kind == STEP_START || step->kind == STEP_TASK) {
		plan->hold = result > 0 ? 0 : now + PLAN_FORK_AGAIN;
		plan->alone = plan->alone && result <= 0;
	}
	if (step->kind == STEP_START && result > 0) {
		table_set_pid(&plan->table, step->slot, (pid_t)result);
		started(plan, step->slot, now);
	} else if (step->task == TASK_CHECK) {
		plan->upgrade = result <= 0;
		plan->checker = result > 0 ? (pid_t)result : 0;
	} else if (step->kind == STEP_TASK && result > 0) {
		plan->task = (pid_t)result;
		plan->look = plan->machine ? now + PLAN_SLOW : FOREVER;
		plan->work = -1;
		plan->begun = now;
		if (plan->phase == PHASE_REBOOT)
			plan->phase = PHASE_REBOOTING;
	} else if (step->kind == STEP_EVERYONE) {
		told_everyone(plan, now);
	} else if (step->kind == STEP_GROUP || step->kind == STEP_HANGUP) {
		told_group(plan, step->slot, now);
	} else if (step->kind == STEP_LOOK) {
		plan_looked(plan, result, now);
	} else if (step->kind == STEP_RELOAD) {
		plan->reload = false;
		plan->reload_tries = 0;
	} else if (step->kind == STEP_UPGRADE) {
		plan->is_known = false;
	} else if (step->kind == STEP_COPY) {
		plan_copied(plan, now);
	} else if (step->kind == STEP_RESTART) {
		plan->ending = ENDING_HALT; /* busybox: halt, if it fails */
		plan_leave_disks(plan, now);
	}
}
