#define _GNU_SOURCE /* SIGPWR and its like */

#include "plan.h"

#include <signal.h>

#include "command.h"

#define AGAIN ((struct step){.kind = STEP_AGAIN})

enum list plan_list(enum phase phase)
{
	if (phase <= PHASE_RUN)
		return LIST_SYSINIT + (enum list)phase;
	if (phase == PHASE_HANGUP)
		return LIST_RESPAWN;
	return phase == PHASE_SHUTDOWN ? LIST_SHUTDOWN : LIST_COUNT;
}

/* Is the slot still to be started in its phase? What the due heap has, or will
 * have when its child or that of another ends, is not. */
static bool is_undone(const struct slot *s)
{
	enum list list = table_list(s->entry.action);

	if (list == LIST_RESPAWN)
		return !s->pid && !s->is_held && !s->is_queued;
	return !(s->done >> list & 1);
}

uint32_t plan_undone(const struct plan *plan, uint32_t slot)
{
	while (slot && !is_undone(table_slot(&plan->table, slot)))
		slot = table_slot(&plan->table, slot)->next;
	return slot;
}

void plan_enter(struct plan *plan, enum phase phase, int64_t wait, int64_t now)
{
	enum list list = plan_list(phase);

	plan->phase = phase;
	plan->cut = false;
	plan->waiting = 0;
	plan->cursor = list == LIST_COUNT ? 0 : plan->table.first[list];
	plan->deadline = wait == FOREVER ? FOREVER : now + wait;
	if (phase == PHASE_RUN)
		plan_queue(plan, now);
	if (phase != PHASE_HANGUP)
		plan->cursor = plan_undone(plan, plan->cursor);
}

static struct step sleep_until(int64_t until)
{
	return (struct step){.kind = STEP_SLEEP, .until = until};
}

static struct step say(enum say what, uint32_t slot)
{
	return (struct step){.kind = STEP_SAY, .say = what, .slot = slot};
}

/* Has what this phase waits for had its time? */
static bool is_late(const struct plan *plan, int64_t now)
{
	return plan->cut || now >= plan->deadline;
}

/* A step that forks: not while the last failure is fresh, though whatever the
 * phase waits for is not waited for any longer because of that. */
static struct step fork_step(const struct plan *plan, struct step step,
			     int64_t now)
{
	int64_t until =
		plan->hold < plan->deadline ? plan->hold : plan->deadline;

	return now < plan->hold ? sleep_until(until) : step;
}

static struct step start(const struct plan *plan, uint32_t slot, int64_t now)
{
	struct step step = {.kind = STEP_START, .slot = slot};

	return fork_step(plan, step, now);
}

/* What comes before the work of any phase on the way up. */
static struct step serve(struct plan *plan, int64_t now)
{
	if (plan->ending) {
		plan->down_since = now;
		plan_enter(plan, PHASE_SHUTDOWN, PLAN_STOP, now);
		return say(SAY_DOWN, 0);
	}
	if (plan->reload)
		return (struct step){.kind = STEP_RELOAD};
	if (plan->ctrlaltdel && !plan->cad_cursor && !plan->cad_waiting) {
		plan->ctrlaltdel = false;
		plan->cad_cursor = plan->table.first[LIST_CTRLALTDEL];
	}
	if (plan->cad_cursor && !plan->cad_waiting)
		return start(plan, plan->cad_cursor, now);
	return plan->paused ? sleep_until(FOREVER) : AGAIN;
}

/* PHASE_SYSINIT, PHASE_WAIT, PHASE_ONCE: they differ in what plan_done()
 * makes of a start. */
static struct step work_off(struct plan *plan, int64_t now)
{
	struct step step = serve(plan, now);

	if (step.kind != STEP_AGAIN)
		return step;
	if (plan->waiting)
		return sleep_until(FOREVER);
	if (plan->cursor)
		return start(plan, plan->cursor, now);
	plan_enter(plan, plan->phase + 1, FOREVER, now);
	return AGAIN;
}

/* An entry that a reload took away: told first, killed after the grace. */
static struct step end_child(struct plan *plan, uint32_t slot)
{
	struct slot *s = table_slot(&plan->table, slot);
	int signal = s->fate == SLOT_TO_TERM ? SIGTERM : SIGKILL;

	if (s->pid)
		return (struct step){
			.kind = STEP_GROUP, .slot = slot, .signal = signal};
	table_pop_due(&plan->table);
	return AGAIN;
}

static struct step run(struct plan *plan, int64_t now)
{
	struct step step = serve(plan, now);
	uint32_t slot = table_top_due(&plan->table);

	if (step.kind != STEP_AGAIN)
		return step;
	if (plan->cursor)
		return start(plan, plan->cursor, now);
	if (!slot)
		return sleep_until(FOREVER);
	if (table_slot(&plan->table, slot)->due > now)
		return sleep_until(table_slot(&plan->table, slot)->due);
	if (table_slot(&plan->table, slot)->fate != SLOT_LISTED)
		return end_child(plan, slot);
	return start(plan, slot, now);
}

static struct step shut_down(struct plan *plan, int64_t now)
{
	uint32_t slot = plan->waiting ? plan->waiting : plan->cursor;

	if (!slot) {
		plan_enter(plan, PHASE_TERM, FOREVER, now);
		return AGAIN;
	}
	if (!is_late(plan, now))
		return plan->waiting ? sleep_until(plan->deadline)
				     : start(plan, slot, now);
	if (!plan->waiting) /* it could not even be started */
		plan->cursor = table_slot(&plan->table, slot)->next;
	plan->waiting = 0;
	plan->cut = false;
	plan->deadline = now + PLAN_STOP;
	return say(SAY_LATE, slot);
}

static struct step tell_everyone(struct plan *plan, int64_t now)
{
	(void)now;
	return (struct step){.kind = STEP_EVERYONE,
			     .signal = plan->phase == PHASE_TERM ? SIGTERM
								 : SIGKILL};
}

/* Surely a shell. What a getty has become is not known here. */
static bool is_shell(const struct plan *plan, uint32_t slot)
{
	return table_slot(&plan->table, slot)->entry.action ==
		       ACTION_ASKFIRST ||
	       command_is_login(table_command(&plan->table, slot));
}

/* An interactive shell ignores SIGTERM, and would cost the whole grace; it
 * ends when its terminal hangs up. */
static struct step hang_up(struct plan *plan, int64_t now)
{
	struct step step = {.kind = STEP_HANGUP, .signal = SIGHUP};

	while (plan->cursor && !table_slot(&plan->table, plan->cursor)->pid)
		plan->cursor = table_slot(&plan->table, plan->cursor)->next;
	if (!plan->cursor) {
		plan_enter(plan, PHASE_GRACE, PLAN_GRACE, now);
		return AGAIN;
	}
	step.slot = plan->cursor;
	if (is_shell(plan, plan->cursor))
		step.kind = STEP_GROUP;
	return step;
}

static struct step wait_for_end(struct plan *plan, int64_t now)
{
	if (!plan->alone && !is_late(plan, now))
		return sleep_until(plan->deadline);
	plan_enter(plan, PHASE_KILL, FOREVER, now);
	return plan->alone ? AGAIN : say(SAY_KILL, 0);
}

static struct step collect(struct plan *plan, int64_t now)
{
	if (!plan->alone && now < plan->deadline)
		return sleep_until(plan->deadline);
	if (plan->ending == ENDING_RESTART)
		plan_enter(plan, PHASE_RESTART, FOREVER, now);
	else
		plan_enter(plan, PHASE_SYNC, PLAN_SYNC, now);
	return AGAIN;
}

static struct step restart(struct plan *plan, int64_t now)
{
	(void)now;
	return (struct step){.kind = STEP_RESTART,
			     .slot = plan->table.first[LIST_RESTART]};
}

static struct step sync_disks(struct plan *plan, int64_t now)
{
	struct step step = {.kind = STEP_TASK, .task = TASK_SYNC};

	if (now < plan->deadline)
		return fork_step(plan, step, now);
	plan_enter(plan, PHASE_REBOOT, FOREVER, now);
	return AGAIN;
}

static struct step wait_for_disks(struct plan *plan, int64_t now)
{
	if (plan->task && now < plan->deadline)
		return sleep_until(plan->deadline);
	plan_enter(plan, PHASE_REBOOT, FOREVER, now);
	return AGAIN;
}

static struct step end_machine(struct plan *plan, int64_t now)
{
	struct step step = {.kind = STEP_TASK, .task = TASK_REBOOT};

	return fork_step(plan, step, now);
}

/* reboot(2) comes back only when it was refused. Another request tries
 * again (plan_signal). */
static struct step outlive(struct plan *plan, int64_t now)
{
	(void)now;
	if (plan->task || plan->refused)
		return sleep_until(FOREVER);
	if (!plan->machine)
		return (struct step){.kind = STEP_LEAVE};
	plan->refused = true;
	return say(SAY_REFUSED, 0);
}

struct step plan_next(struct plan *plan, int64_t now)
{
	static struct step (*const phases[PHASE_COUNT])(struct plan *,
							int64_t) = {
		[PHASE_SYSINIT] = work_off,	  [PHASE_WAIT] = work_off,
		[PHASE_ONCE] = work_off,	  [PHASE_RUN] = run,
		[PHASE_SHUTDOWN] = shut_down,	  [PHASE_TERM] = tell_everyone,
		[PHASE_HANGUP] = hang_up,	  [PHASE_GRACE] = wait_for_end,
		[PHASE_KILL] = tell_everyone,	  [PHASE_REAP] = collect,
		[PHASE_RESTART] = restart,	  [PHASE_SYNC] = sync_disks,
		[PHASE_SYNCING] = wait_for_disks, [PHASE_REBOOT] = end_machine,
		[PHASE_REBOOTING] = outlive,
	};
	struct step step;

	do
		step = phases[plan->phase](plan, now);
	while (step.kind == STEP_AGAIN);
	return step;
}
