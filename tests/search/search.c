/*
 * Searches every life of a small machine: the real planner, up to three
 * entries, up to six events in any order, and before and after every step a
 * restart from the state (plan_recover). What must hold of each state is in
 * check_*() and complete(). Prints how many states there were.
 *
 * Two states are one if they differ only by the time that has passed, and no
 * rule looks so far back.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"
#include "reconcile.h"
#include "request.h"
#include "tables.h"
#include "world.h"

#define EVENTS_MAX 6
#define ENTRIES_MAX 3

/* ms: further back no rule looks (respawn.h, PLAN_SKIP_WAIT_AFTER;
 * PLAN_DISK_MAX is for disks that hang, and here none does) */
#define PAST_MOST 20000

/* Of these entries something is asked: the one that is gone after a reload, and
 * the one that is another then. */
#define NUMBERS_ASKED 2

/* A number of buckets that is a power of two, for some millions of states. */
#define SEEN_SIZE (1u << 25)

static uint64_t *seen;
static uint32_t seen_count;
static unsigned long step_count, life_count;
static unsigned inittab_count;
static int events_most = EVENTS_MAX;

static const char *const kinds[] = {"sysinit",	"wait",	    "once",
				    "respawn",	"askfirst", "ctrlaltdel",
				    "shutdown", "restart"};
#define KINDS ((int)(sizeof(kinds) / sizeof(kinds[0])))

/* FNV-1a of 64 bits, a word at a time. */
static uint64_t hash(uint64_t h, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < size; i++)
		h = (h ^ at[i]) * UINT64_C(1099511628211);
	return h;
}

static void shift(int64_t *time, int64_t now)
{
	if (*time == FOREVER)
		return;
	*time -= now;
	if (*time < -PAST_MOST)
		*time = -PAST_MOST;
}

/* The same for states that are one. */
static uint64_t key_of(const struct world *world)
{
	struct world *w = world_copy(world);
	uint64_t h = hash(UINT64_C(14695981039346656037), &inittab_count,
			  sizeof(inittab_count));
	struct plan *plan = w->plan;

	shift(&plan->deadline, w->now);
	shift(&plan->next_slow_message, w->now);
	shift(&plan->next_sample, w->now);
	shift(&plan->io_since, w->now);
	shift(&plan->file_deadline, w->now);
	shift(&plan->task_started, w->now);
	shift(&plan->fork_retry_at, w->now);
	shift(&plan->last_skip, w->now);
	for (uint32_t i = 1; i <= plan->table.count; i++) {
		struct slot *s = table_slot(&plan->table, i);

		shift(&s->history.started, w->now);
		shift(&s->history.due, w->now);
		s->history.starts = s->history.starts > 0;
	}
	h = hash(h, plan, w->size);
	h = hash(h, w->children, sizeof(w->children));
	h = hash(h, w->ran, sizeof(w->ran));
	h = hash(h, w->asked, sizeof(w->asked));
	h = hash(h, &w->outside, sizeof(w->outside));
	world_free(w);
	return h;
}

/* How near to the beginning a state was seen: it is searched from again when it
 * comes after fewer events. */
enum seen_before { NEW, NEARER, KNOWN };

static enum seen_before remember(uint64_t key, unsigned events)
{
	uint32_t i = (uint32_t)(key >> 32) & (SEEN_SIZE - 1);

	key = (key & ~UINT64_C(7)) | 8; /* never 0 */
	for (; seen[i]; i = (i + 1) & (SEEN_SIZE - 1)) {
		if ((seen[i] & ~UINT64_C(7)) != key)
			continue;
		if ((seen[i] & 7) <= events)
			return KNOWN;
		seen[i] = key | events;
		return NEARER;
	}
	MUST(++seen_count < SEEN_SIZE / 4 * 3);
	seen[i] = key | events;
	return NEW;
}

/* Runs a copy to its end, without further events and with children that obey
 * signals: a shutdown that was requested completes; without one, all requests
 * are served, and every entry that should run does. */
static void complete(const struct world *from, int request)
{
	struct world *w = world_copy(from);
	int rounds = 0;

	life_count++;
	world_signal(w, SIGCONT);
	if (request)
		world_signal(w, request);
	while (!w->over && world_go_on(w))
		MUST(++rounds < 500);
	step_count += w->steps;
	if (w->plan->shutdown)
		MUST(w->over);
	if (!w->over)
		world_check_up(w);
	world_free(w);
}

static void search(const struct world *world, int events);

/* One event more, on a copy. */
static void try(const struct world *world, int events,
		bool (*event)(struct world *, int), int which)
{
	struct world *w = world_copy(world);

	w->steps = 0;
	if (event(w, which)) {
		world_settle(w);
		step_count += w->steps;
		search(w, events + 1);
	}
	world_free(w);
}

static bool send(struct world *w, int signal)
{
	world_signal(w, signal);
	return true;
}

static bool ask(struct world *w, int verb_and_number)
{
	world_request(w, verb_and_number);
	return true;
}

static void search(const struct world *world, int events)
{
	static const int signals[] = {SIGHUP,  SIGTERM, SIGUSR2, SIGINT,
				      SIGQUIT, SIGTSTP, SIGCONT};

	enum seen_before before = remember(key_of(world), (unsigned)events);

	if (before == KNOWN || world->over)
		return;
	if (before == NEW) {
		complete(world, 0);
		complete(world, SIGTERM);
	}
	if (events == events_most)
		return;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		try(world, events, send, signals[i]);
	try(world, events, ask, VERB_UPGRADE);
	for (int verb = VERB_STOP_ENTRY; verb <= VERB_RESTART_ENTRY; verb++)
		for (int number = 1; number <= NUMBERS_ASKED; number++)
			try(world, events, ask, verb | number << 4);
	try(world, events, world_pass_time, 0);
	try(world, events, world_fail_fork, 0);
	for (int i = 0; i < CHILDREN_MAX; i++) {
		try(world, events, world_end_well, i);
		try(world, events, world_end_badly, i);
	}
}

/* An inittab of these kinds, and another one: the first entry is gone, the
 * second has another command on its tty. */
static void search_inittab(const int *chosen, int count, bool machine)
{
	char text[2][200] = {"", ""};
	struct world *w;

	for (int i = 0; i < count; i++) {
		size_t a = strlen(text[0]), b = strlen(text[1]);

		snprintf(text[0] + a, sizeof(text[0]) - a, "t%d::%s:c%d\n", i,
			 kinds[chosen[i]], i);
		if (i > 0 || count == 1)
			snprintf(text[1] + b, sizeof(text[1]) - b,
				 "t%d::%s:%s%d\n", i, kinds[chosen[i]],
				 i == 1 ? "d" : "c", i);
	}
	inittab_count++;
	w = world_make(text[0], text[1], machine);
	world_settle(w); /* a child reads the inittab */
	step_count += w->steps;
	search(w, 0);
	MUST(world_end_well(w, 0)); /* it has */
	world_settle(w);
	search(w, 0);
	world_free(w);
}

/* All of so many entries; order counts only within a kind, so they are sorted.
 */
static void search_inittabs(int *chosen, int count, int most)
{
	if (count > 0) {
		search_inittab(chosen, count, true);
		search_inittab(chosen, count, false);
	}
	for (int i = count ? chosen[count - 1] : 0; i < KINDS && count < most;
	     i++) {
		chosen[count] = i;
		search_inittabs(chosen, count + 1, most);
	}
}

int main(int argc, char **argv)
{
	int chosen[ENTRIES_MAX];
	int entries = argc > 1 ? atoi(argv[1]) : ENTRIES_MAX;

	if (argc > 2)
		events_most = atoi(argv[2]);
	if (argc > 3 || entries < 1 || entries > ENTRIES_MAX ||
	    events_most < 1 || events_most > EVENTS_MAX) {
		fprintf(stderr,
			"usage: search [ENTRIES [EVENTS]], %d and %d at most\n",
			ENTRIES_MAX, EVENTS_MAX);
		return 2;
	}
	seen = calloc(SEEN_SIZE, sizeof(*seen));
	MUST(seen);
	search_inittabs(chosen, 0, entries);
	printf("search: %u states of %u machines with up to %d entries and %d"
	       " events, %lu steps, each with a restart; %lu lives completed\n",
	       seen_count, inittab_count, entries, events_most, step_count,
	       life_count);
	free(seen);
	return 0;
}
