/*
 * The input is sections that are divided by form feeds. Each begins with a line
 * of orders; the rest of it is an inittab, which takes over from that of the
 * section before. Then the orders are carried out, a byte each:
 *   a-z      a child ends, well
 *   A-Z      a child ends, badly
 *   -        the next step, but that its fork fails
 *   . ,      a second passes; twenty
 *   !        Ctrl-Alt-Del
 *   < >      SIGTSTP, SIGCONT
 *   0-9      so many steps
 *   others   the next step
 */

#include "fuzz.h"

#include <signal.h>
#include <stdbool.h>

#include "events.h"
#include "plan_internal.h"
#include "reconcile.h"
#include "request.h"
#include "tables.h"

/* Pids go up by this, so that they meet in a bucket. */
#define PID_STEP 8
#define CHILDREN_MAX 512

struct world {
	struct plan *plan;
	int64_t now;
	pid_t last_pid;
	uint32_t count;
	pid_t children[CHILDREN_MAX];
};

static bool same_key(const struct table *a, uint32_t i, const struct table *b,
		     uint32_t j)
{
	return strcmp(table_command(a, i), table_command(b, j)) == 0 &&
	       strcmp(table_tty(a, i), table_tty(b, j)) == 0;
}

static bool is_ending(const struct slot *s)
{
	return s->membership == SLOT_REMOVED;
}

/* Each child of the world has one slot, and no slot any other. */
static void check_children(const struct world *world)
{
	const struct table *t = &world->plan->table;
	uint32_t found = 0;

	for (uint32_t i = 1; i <= t->count; i++) {
		pid_t pid = table_slot(t, i)->pid;

		if (pid)
			MUST(table_find_pid(t, pid) == i);
		found += pid != 0;
	}
	MUST(found == world->count);
	for (uint32_t i = 0; i < world->count; i++)
		MUST(table_find_pid(t, world->children[i]));
}

/* Strings lie in the text, and end there. */
static void check_text(const struct table *t)
{
	const char *text = table_text(t);

	MUST(t->count <= t->capacity);
	MUST(t->text_used <= t->text_size + 1);
	for (uint32_t i = 1; i <= t->count; i++) {
		const struct entry *entry = &table_slot(t, i)->entry;

		MUST(entry->tty < t->text_used);
		MUST(memchr(text + entry->tty, '\0',
			    t->text_used - entry->tty));
		MUST(entry->command < t->text_used && text[entry->command]);
		MUST(memchr(text + entry->command, '\0',
			    t->text_used - entry->command));
	}
}

/* Who waits for a tty stands once in one chain, and only who waits. */
static void check_held(const struct table *t)
{
	uint32_t waiting = 0, held = 0;

	for (uint32_t i = 1; i <= t->count; i++) {
		const struct slot *s = table_slot(t, i);

		waiting += s->waits_for_tty;
		if (!is_ending(s))
			continue;
		MUST(!s->tty_waiters ||
		     s->pid); /* else who would let them go? */
		for (uint32_t h = s->tty_waiters; h;
		     h = table_slot(t, h)->tty_waiters) {
			MUST(h <= t->count && ++held <= t->count);
			MUST(table_slot(t, h)->waits_for_tty);
			MUST(table_slot(t, h)->membership == SLOT_LISTED);
			MUST(strcmp(table_tty(t, h), table_tty(t, i)) == 0);
		}
	}
	MUST(held == waiting);
}

/* Should this one wait for its tty? */
static bool has_to_wait(const struct table *t, uint32_t slot)
{
	const struct slot *s = table_slot(t, slot);

	if (s->pid || table_list(s->entry.action) != LIST_RESPAWN ||
	    !table_needs_tty(t, slot))
		return false;
	for (uint32_t i = 1; i <= t->count; i++)
		if (is_ending(table_slot(t, i)) && table_needs_tty(t, i) &&
		    strcmp(table_tty(t, i), table_tty(t, slot)) == 0)
			return true;
	return false;
}

/* Each listed slot stands once in its list, in the order of the file. */
static void check_lists(const struct table *t)
{
	uint32_t listed = 0;

	for (enum list list = 0; list < LIST_COUNT; list++) {
		uint32_t before = 0, i = t->first[list];

		for (; i; before = i, i = table_slot(t, i)->next) {
			const struct slot *s = table_slot(t, i);

			MUST(i > before && i <= t->count);
			MUST(s->membership == SLOT_LISTED);
			MUST(table_list(s->entry.action) == list);
			MUST(s->waits_for_tty == has_to_wait(t, i));
			listed++;
		}
		MUST(t->last[list] == before);
	}
	for (uint32_t i = 1; i <= t->count; i++)
		listed += table_slot(t, i)->membership != SLOT_LISTED;
	MUST(listed == t->count);
}

/* No two entries that say the same are listed. */
static void check_repeats(const struct table *t)
{
	for (uint32_t i = 1; i <= t->count; i++)
		for (uint32_t j = 1; j < i; j++) {
			const struct slot *a = table_slot(t, i);
			const struct slot *b = table_slot(t, j);

			if (a->membership == SLOT_LISTED &&
			    b->membership == SLOT_LISTED &&
			    a->entry.action == b->entry.action)
				MUST(!same_key(t, i, t, j));
		}
}

/* A number is the old one's, or new; and none is given twice. */
static void check_numbers(const struct table *t, const struct table *old)
{
	uint32_t *at = calloc(t->last_number + 1, sizeof(*at));
	uint32_t given = 0, olds = old ? old->last_number : 0;

	MUST(t->last_number >= olds);
	for (uint32_t i = 1; i <= t->count; i++) {
		const struct slot *s = table_slot(t, i);

		MUST(s->history.number <= t->last_number);
		MUST((s->history.number == 0) ==
		     (s->membership == SLOT_REPEATED));
		MUST(s->history.number == 0 || at[s->history.number] == 0);
		at[s->history.number] = i;
		given += s->history.number > olds;
	}
	MUST(given == t->last_number - olds);
	for (uint32_t i = 1; old && i <= old->count; i++) {
		const struct slot *was = table_slot(old, i);

		MUST(was->successor <= t->count);
		if (was->history.number)
			MUST(at[was->history.number] == was->successor);
		else
			MUST(!was->successor);
	}
	free(at);
}

/* The membership of a child that no entry names. */
static void check_membership(const struct slot *is, const struct slot *was)
{
	enum list list = table_list(was->entry.action);

	if (was->membership != SLOT_LISTED)
		MUST(is->membership == was->membership);
	else
		MUST(is->membership ==
		     (list == LIST_RESPAWN ? SLOT_REMOVED : SLOT_ORPHANED));
	MUST(is->history.stop || is->membership != SLOT_REMOVED);
	MUST(is->history.stop == was->history.stop || !was->history.stop);
}

/* What was listed, or left, and what the new inittab has are the same entry
 * wherever they can be. */
static void check_entry(const struct table *t, const struct table *old,
			uint32_t slot)
{
	const struct slot *was = table_slot(old, slot);
	bool has_child = table_list(was->entry.action) <= LIST_RESPAWN;

	if (was->successor) {
		const struct slot *is = table_slot(t, was->successor);

		MUST(same_key(old, slot, t, was->successor));
		MUST(is->pid == was->pid &&
		     is->history.started == was->history.started);
		MUST(is->history.ran_lists == was->history.ran_lists &&
		     is->history.starts == was->history.starts);
		MUST(is->history.failures == was->history.failures);
		MUST(is->history.status == was->history.status);
		if (is->membership == SLOT_LISTED) {
			MUST(was->membership == SLOT_LISTED ||
			     was->membership == SLOT_ORPHANED);
			return;
		}
		MUST(is->entry.action == was->entry.action);
		check_membership(is, was);
	}
	MUST(!was->pid || was->successor);
	if (was->membership != SLOT_LISTED && was->membership != SLOT_ORPHANED)
		return;
	for (uint32_t i = 1; i <= t->count; i++) {
		const struct slot *is = table_slot(t, i);
		enum list list = table_list(is->entry.action);

		if (is->membership != SLOT_LISTED ||
		    is->history.number <= old->last_number)
			continue;
		if (is->entry.action == was->entry.action ||
		    (has_child && list <= LIST_RESPAWN))
			MUST(!same_key(t, i, old, slot));
	}
}

/* In RUN, a slot that must be started or signalled is in the due heap, or ahead
 * of the cursor, or waits for a child to exit. */
static void check_every_slot_is_due(const struct plan *plan)
{
	const struct table *t = &plan->table;

	for (uint32_t i = 1; plan->phase == PHASE_RUN && i <= t->count; i++) {
		const struct slot *s = table_slot(t, i);

		if (s->history.stop == STOP_SEND_TERM && s->pid)
			MUST(s->is_queued);
		if (s->membership != SLOT_LISTED || s->pid ||
		    s->waits_for_tty || s->history.is_stopped ||
		    table_list(s->entry.action) != LIST_RESPAWN)
			continue;
		MUST(s->is_queued || (plan->cursor && i >= plan->cursor));
	}
}

/* The heap has each queued slot once, and none is earlier than what is above
 * it. It is taken apart to see that. */
static void check_due(struct plan *plan)
{
	struct table *t = &plan->table;
	uint32_t queued = 0, *slots = calloc(t->count + 1, sizeof(*slots));
	uint32_t due = t->due_count;

	for (uint32_t i = 1; i <= t->count; i++)
		queued += table_slot(t, i)->is_queued;
	MUST(queued == due);
	for (uint32_t i = 0; i < due; i++) {
		slots[i] = table_top_due(t);
		MUST(table_slot(t, slots[i])->is_queued);
		MUST(i == 0 || table_slot(t, slots[i - 1])->history.due <=
				       table_slot(t, slots[i])->history.due);
		table_pop_due(t);
		MUST(!table_slot(t, slots[i])->is_queued);
	}
	for (uint32_t i = 0; i < due; i++)
		table_push_due(t, slots[i],
			       table_slot(t, slots[i])->history.due);
	free(slots);
}

static void check_same_slot(const struct plan *plan, uint32_t slot,
			    const struct plan *old, uint32_t was)
{
	if (!was)
		MUST(!slot);
	else if (slot)
		MUST(table_slot(&plan->table, slot)->history.number ==
		     table_slot(&old->table, was)->history.number);
}

/* What was to be done is to be done, but that a new entry comes too late for a
 * phase that has begun. */
static void check_plan(const struct plan *plan, const struct plan *old)
{
	const struct table *t = &plan->table;
	enum list now = phase_list(plan->phase);

	MUST(plan->phase == old->phase && plan->paused == old->paused);
	MUST(plan->cad_requested == old->cad_requested &&
	     plan->fork_retry_at == old->fork_retry_at);
	check_same_slot(plan, plan->waiting, old, old->waiting);
	check_same_slot(plan, plan->cad_waiting, old, old->cad_waiting);
	check_same_slot(plan, plan->cad_cursor, old, old->cad_cursor);
	MUST(!old->waiting || plan->waiting);
	MUST(!old->cad_waiting || plan->cad_waiting);
	MUST(plan->cursor == plan_first_pending(plan, t->first[now]));
	for (uint32_t i = 1; i <= t->count; i++) {
		const struct slot *s = table_slot(t, i);
		enum list list = table_list(s->entry.action);

		if (s->history.number > old->table.last_number &&
		    list < LIST_RESPAWN)
			MUST((s->history.ran_lists >> list & 1) ==
			     (list <= now));
	}
}

static struct plan *filled(const char *text, const struct plan *old)
{
	uint32_t size = (uint32_t)strlen(text), slots = 0, bytes = 0;
	struct plan *plan;

	if (old)
		reconcile_space(&old->table, &slots, &bytes);
	slots += table_capacity_for(size);
	plan = calloc(1, plan_bytes(slots, size + bytes));
	plan_init(plan, true, slots, size + bytes);
	tables_fill(&plan->table, text);
	return plan;
}

/* Lets the next inittab take over, and looks at what came of it. */
static void reload(struct world *world, const char *text)
{
	struct plan *old = world->plan, *plan = filled(text, old);
	struct table *t = &plan->table;

	if (old)
		plan_reload(plan, old, world->now);
	else
		plan_boot(plan, true, world->now);
	world->plan = plan;
	check_text(t);
	check_lists(t);
	check_held(t);
	check_repeats(t);
	check_numbers(t, old ? &old->table : NULL);
	check_children(world);
	check_due(plan);
	check_every_slot_is_due(plan);
	for (uint32_t i = 1; old && i <= old->table.count; i++)
		check_entry(t, &old->table, i);
	if (old)
		check_plan(plan, old);
	free(old);
}

static int64_t start(struct world *world, uint32_t slot, bool fork_works)
{
	const struct slot *s = table_slot(&world->plan->table, slot);
	enum list list = table_list(s->entry.action);

	MUST(s->membership == SLOT_LISTED && !s->pid && !s->waits_for_tty);
	MUST(list == phase_list(world->plan->phase) || list == LIST_CTRLALTDEL);
	if (!fork_works || world->count == CHILDREN_MAX)
		return -1;
	world->last_pid += PID_STEP;
	world->children[world->count++] = world->last_pid;
	return world->last_pid;
}

/* Carries out one step. Returns false if there is none for now. */
static bool step(struct world *world, bool fork_works)
{
	struct step step = plan_next(world->plan, world->now);
	int64_t result = 0;

	if (step.kind == STEP_SLEEP) {
		MUST(step.until > world->now);
		return false;
	}
	if (step.kind == STEP_START) {
		result = start(world, step.slot, fork_works);
	} else {
		MUST(step.kind == STEP_SIGNAL_GROUP);
		MUST(is_ending(table_slot(&world->plan->table, step.slot)));
		MUST(table_slot(&world->plan->table, step.slot)->pid);
	}
	event_step_done(world->plan, &step, result, world->now);
	return true;
}

static void end_child(struct world *world, uint32_t which, int status)
{
	uint32_t slot;
	pid_t pid;

	if (!world->count)
		return;
	which %= world->count;
	pid = world->children[which];
	world->children[which] = world->children[--world->count];
	(void)event_exited(world->plan, pid, status, world->now, &slot);
	MUST(slot && !table_slot(&world->plan->table, slot)->pid);
	MUST(!table_find_pid(&world->plan->table, pid));
}

static void carry_out(struct world *world, char order)
{
	if (order >= 'a' && order <= 'z')
		end_child(world, (uint32_t)(order - 'a'), 0);
	else if (order >= 'A' && order <= 'Z')
		end_child(world, (uint32_t)(order - 'A'), 1 << 8);
	else if (order >= '0' && order <= '9')
		while (order-- > '0' && step(world, true))
			continue;
	else if (order == '.' || order == ',')
		world->now += order == '.' ? 1000 : 20000;
	else if (order == '!')
		event_signal(world->plan, SIGINT, world->now);
	else if (order == '<' || order == '>')
		event_signal(world->plan, order == '<' ? SIGTSTP : SIGCONT,
			     world->now);
	else
		(void)step(world, order != '-');
}

/* The plan comes to rest: at one point in time it starts and signals each entry
 * at most once. */
static void settle(struct world *world)
{
	uint32_t steps = 0;

	while (step(world, true))
		MUST(++steps <= 2 * world->plan->table.count);
	check_children(world);
	check_due(world->plan);
	check_held(&world->plan->table);
}

static void take_section(struct world *world, char *section)
{
	char *orders = section, *end = strchr(section, '\n');

	if (end)
		*end++ = '\0';
	reload(world, end ? end : "");
	while (*orders)
		carry_out(world, *orders++);
	check_children(world);
	check_held(&world->plan->table);
	check_every_slot_is_due(world->plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world world = {.now = 1000, .last_pid = 1};
	char *text = fuzz_string(data, size), *at = text, *end;

	do {
		end = strchr(at, '\f');
		if (end)
			*end++ = '\0';
		take_section(&world, at);
		at = end;
	} while (at);
	settle(&world);
	free(world.plan);
	free(text);
	return 0;
}
