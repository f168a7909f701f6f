#include "world.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "must.h"
#include "reconcile.h"
#include "request.h"
#include "tables.h"

#define FIRST_PID 100
#define STEPS_MOST 200 /* of one moment */

struct world *world_make(const char *text, const char *other, bool machine)
{
	struct world *w = calloc(1, sizeof(*w));

	w->texts[0] = text;
	w->texts[1] = other;
	w->outside.text = 1; /* the first that is read is the other one */
	w->outside.has_disk = machine;
	w->plan = tables_plan("", machine, NULL, &w->size);
	plan_boot(w->plan, false, 0);
	return w;
}

struct world *world_copy(const struct world *world)
{
	struct world *w = malloc(sizeof(*w));

	*w = *world;
	w->plan = malloc(w->size);
	memcpy(w->plan, world->plan, w->size);
	return w;
}

void world_free(struct world *world)
{
	free(world->plan);
	free(world);
}

/* As another image of init would. */
static void resume(struct world *w)
{
	struct plan_undo nothing = {0};

	MUST(plan_recover(w->plan, w->size, &nothing, w->now));
}

static bool is_same(struct step a, struct step b)
{
	return a.kind == b.kind && a.message == b.message && a.task == b.task &&
	       a.signal == b.signal && a.slot == b.slot && a.until == b.until;
}

/* What is next, which a restart must not change: neither one before it is
 * decided, nor one after. */
static struct step next(struct world *w)
{
	struct world *other = world_copy(w);
	struct step step, again;

	resume(other);
	again = plan_next(other->plan, w->now);
	step = plan_next(w->plan, w->now);
	MUST(is_same(step, again));
	resume(w);
	world_free(other);
	return step;
}

static struct being *find(struct world *w, pid_t pid)
{
	for (int i = 0; i < CHILDREN_MAX; i++)
		if (w->children[i].pid == pid)
			return &w->children[i];
	return NULL;
}

/* The lowest pid that is free. */
static struct being *give_birth(struct world *w)
{
	struct being *child = find(w, 0);
	pid_t pid = FIRST_PID;

	MUST(child);
	while (find(w, pid))
		pid++;
	*child = (struct being){.pid = pid};
	return child;
}

static void check_start(struct world *w, uint32_t slot)
{
	const struct slot *s = table_slot(&w->plan->table, slot);
	bool runs_once = table_list(s->entry.action) < LIST_RESPAWN;

	MUST(w->plan->is_loaded);
	MUST(s->membership == SLOT_LISTED && !s->pid && !s->waits_for_tty);
	MUST(s->history.number > 0 && s->history.number < NUMBERS_MAX);
	MUST(!s->history.is_stopped && !s->history.stop);
	MUST(!runs_once || !w->ran[s->history.number] ||
	     w->asked[s->history.number]);
	if (runs_once)
		w->ran[s->history.number] = 1;
	for (int i = 0; i < CHILDREN_MAX; i++)
		MUST(!w->children[i].pid ||
		     w->children[i].number != s->history.number);
}

/* Tells the plan of a child, by way of the mailbox: a fault may come before
 * that is noted, and after it. */
static void tell_start(struct world *w, const struct step *step, pid_t pid)
{
	resume(w);
	MUST(!plan_knows_child(w->plan, step, pid));
	event_step_done(w->plan, step, pid, w->now);
	resume(w);
	MUST(plan_knows_child(w->plan, step, pid));
}

static void start(struct world *w, const struct step *step)
{
	struct being *child;

	if (w->outside.fork_fails) {
		w->outside.fork_fails = 0;
		event_step_done(w->plan, step, -1, w->now);
		return;
	}
	if (step->kind == STEP_START)
		check_start(w, step->slot);
	child = give_birth(w);
	if (step->kind == STEP_START)
		child->number =
			table_slot(&w->plan->table, step->slot)->history.number;
	child->task = step->task;
	w->over = child->task == TASK_REBOOT;
	tell_start(w, step, child->pid);
}

static void reload(struct world *w, const struct step *step)
{
	struct plan *old = w->plan;

	if (old->is_loaded && old->file_error) {
		event_step_done(w->plan, step, -1, w->now);
		return;
	}
	/* the built-in table is the one that the file would have had */
	w->outside.text = !w->outside.text;
	w->plan = tables_plan(w->texts[w->outside.text], old->is_machine,
			      &old->table, &w->size);
	plan_reload(w->plan, old, w->now);
	free(old);
	event_step_done(w->plan, step, 0, w->now);
}

static void kill_being(struct being *child, int signal)
{
	child->is_signalled = true;
	if (signal == SIGKILL && !child->is_dead) {
		child->is_dead = true;
		child->status = SIGKILL;
	}
}

/* Reaps all dead children. Reports each exit twice, as may happen when init
 * re-executes itself: the second report must change nothing. */
static void reap(struct world *w)
{
	bool alone = true;
	uint32_t slot;

	for (int i = 0; i < CHILDREN_MAX; i++) {
		struct being dead = w->children[i];

		if (dead.pid && dead.is_dead) {
			w->children[i] = (struct being){0};
			event_exited(w->plan, dead.pid, dead.status, w->now,
				     &slot);
			resume(w);
			MUST(event_exited(w->plan, dead.pid, dead.status,
					  w->now, &slot) == NOTICE_NONE);
		}
		alone = alone && !w->children[i].pid;
	}
	event_children_left(w->plan, !alone);
}

static void signal_group(struct world *w, const struct step *step)
{
	struct being *child =
		find(w, table_slot(&w->plan->table, step->slot)->pid);

	MUST(child && child->pid);
	kill_being(child, step->signal);
}

static void signal_everyone(struct world *w, const struct step *step)
{
	for (int i = 0; i < CHILDREN_MAX; i++)
		if (w->children[i].pid)
			kill_being(&w->children[i], step->signal);
	reap(w);
}

static void perform(struct world *w, const struct step *step)
{
	int64_t result = 0;

	if (step->kind == STEP_START || step->kind == STEP_TASK) {
		start(w, step);
		return;
	}
	if (step->kind == STEP_RELOAD) {
		reload(w, step);
		return;
	}
	if (step->kind == STEP_SIGNAL_GROUP || step->kind == STEP_HANGUP)
		signal_group(w, step);
	else if (step->kind == STEP_SIGNAL_ALL)
		signal_everyone(w, step);
	else if (step->kind == STEP_EXEC_RESTART || step->kind == STEP_EXIT)
		w->over = true;
	else if (step->kind == STEP_UPGRADE)
		result = -1; /* had it worked: as any restart from the state */
	event_step_done(w->plan, step, result, w->now);
	resume(w);
}

static bool has_dead(const struct world *w)
{
	for (int i = 0; i < CHILDREN_MAX; i++)
		if (w->children[i].is_dead)
			return true;
	return false;
}

/* Every child is known by one slot, or does what the plan waits for. */
static void check_children(struct world *w)
{
	const struct table *t = &w->plan->table;
	int entries = 0;

	for (uint32_t i = 1; i <= t->count; i++) {
		const struct slot *s = table_slot(t, i);
		const struct being *child = s->pid ? find(w, s->pid) : NULL;

		MUST(!s->pid || (child && child->number == s->history.number));
		entries -= s->pid != 0;
	}
	for (int i = 0; i < CHILDREN_MAX; i++)
		entries += w->children[i].pid && w->children[i].number;
	MUST(entries == 0);
}

void world_settle(struct world *w)
{
	for (int steps = 0; !w->over; steps++) {
		struct step step = next(w);

		MUST(steps < STEPS_MOST);
		w->steps++;
		if (step.kind != STEP_SLEEP)
			perform(w, &step);
		else if (has_dead(w))
			reap(w);
		else
			break;
		check_children(w);
	}
}

void world_signal(struct world *w, int signal)
{
	event_signal(w->plan, signal, w->now);
	resume(w);
	event_signal(w->plan, signal, w->now); /* reported twice */
}

void world_request(struct world *w, int value)
{
	uint32_t verb = (uint32_t)value & 15, number = (uint32_t)value >> 4;
	uint32_t slot;

	value = (int)(verb << REQUEST_VERB_SHIFT | number);
	slot = event_request(w->plan, (uint32_t)value, w->now);
	resume(w);
	(void)event_request(w->plan, (uint32_t)value, w->now); /* once more */
	if (slot && verb != VERB_STOP_ENTRY)
		w->asked[number] = 1;
}

bool world_pass_time(struct world *w, int unused)
{
	struct step step = plan_next(w->plan, w->now);

	(void)unused;
	if (step.kind != STEP_SLEEP || step.until == FOREVER)
		return false;
	w->now = step.until;
	return true;
}

bool world_fail_fork(struct world *w, int unused)
{
	(void)unused;
	if (w->outside.fork_fails)
		return false;
	w->outside.fork_fails = 1;
	return true;
}

static bool end(struct world *w, int child, int status)
{
	struct being *being = &w->children[child];

	if (!being->pid)
		return false;
	if (being->task == TASK_SWAPOFF ||
	    (being->task == TASK_UNMOUNT && !w->outside.has_disk))
		status = 1 << 8; /* there is nothing to release */
	else if (being->task == TASK_UNMOUNT && status == 0)
		w->outside.has_disk = false;
	if (being->task == TASK_CHECK_UPGRADE && status == 0)
		status = PLAN_STATE_ACCEPTED << 8;
	being->is_dead = true;
	being->status = status;
	reap(w);
	return true;
}

bool world_end_well(struct world *w, int child)
{
	return end(w, child, 0);
}

bool world_end_badly(struct world *w, int child)
{
	return end(w, child, 1 << 8);
}

/* Does the child exit when nothing else happens? Only a service that was not
 * signalled does not. */
static bool would_end(const struct world *w, const struct being *child)
{
	const struct table *t = &w->plan->table;
	uint32_t slot = table_find_pid(t, child->pid);
	enum list list = LIST_ONCE;

	if (slot)
		list = table_list(table_slot(t, slot)->entry.action);
	return child->pid && (child->is_signalled || list != LIST_RESPAWN);
}

bool world_go_on(struct world *w)
{
	world_settle(w); /* what came of a signal */
	for (int i = 0; i < CHILDREN_MAX; i++)
		if (would_end(w, &w->children[i])) {
			world_end_well(w, i);
			world_settle(w);
			return true;
		}
	if (w->over || !world_pass_time(w, 0))
		return false;
	world_settle(w);
	return true;
}

void world_check_up(const struct world *w)
{
	const struct plan *plan = w->plan;

	MUST(plan->phase == PHASE_RUN && !plan->shutdown);
	MUST(plan->is_loaded && !plan->file_child);
	MUST(!plan->reload_requested && !plan->reload_read &&
	     !plan->upgrade_requested && !plan->upgrade_read &&
	     !plan->upgrade_accepted && !plan->upgrade_refused);
	MUST(!plan->cad_requested && !plan->cad_cursor && !plan->cad_waiting);
	for (uint32_t i = 1; i <= plan->table.count; i++) {
		const struct slot *s = table_slot(&plan->table, i);
		enum list list = table_list(s->entry.action);

		MUST(!s->history.stop || !s->pid);
		MUST(!s->history.is_stopped || !s->pid);
		if (s->membership != SLOT_LISTED || s->history.is_stopped)
			continue;
		MUST(list != LIST_RESPAWN || s->pid);
		MUST(list >= LIST_RESPAWN || s->history.ran_lists >> list & 1);
	}
}
