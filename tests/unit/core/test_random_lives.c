/*
 * Lives by the dice: random inittabs, random events. What must always hold is
 * checked by life.c at every step; here is checked that a life comes to its
 * end. A failure names the seed: run with SEED=n to see its trace.
 */
#include "plan.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dice.h"
#include "life.h"

#define SCRIPTS 4000
#define EVENTS 60
#define LINES 10

/* The most failures of forks that one event brings. */
#define FORK_FAILS 6

/* What is slow during shutdown, beside shutdown entries and forks (ms): the
 * clock also runs while steps are taken. */
#define DOWN_MOST                                                              \
	(PLAN_GRACE + 2 * PLAN_REAP_TIMEOUT + 2 * PLAN_DISK_TIMEOUT +          \
	 PLAN_SHORT_DISK_TIMEOUT + 10000)

static const char *random_inittab(struct dice *dice)
{
	static const char *const actions[] = {
		"sysinit",    "wait",	  "once",    "once",
		"respawn",    "respawn",  "respawn", "askfirst",
		"ctrlaltdel", "shutdown", "restart"};
	static const char *const ttys[] = {"", "", "", "t", "u"};
	static const char *const commands[] = {
		"a 5",	    "b 300 x1", "c slow700",	      "d 0 s9",
		"e deaf",   "f 20000",	"-g slow200",	      "h 1500 x2",
		"-i shell", "j 3000",	"k deaf stuck 400000"};
	static char text[LINES * 64];
	uint32_t lines = dice_below(dice, LINES + 1);
	size_t used = 0;

	text[0] = '\0';
	while (lines--)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s::%s:%s\n",
					 ttys[dice_below(dice, 5)],
					 actions[dice_below(dice, 11)],
					 commands[dice_below(dice, 11)]);
	return text;
}

static void random_signal(struct dice *dice, struct life *life)
{
	static const int common[] = {SIGINT, SIGINT,   SIGTSTP, SIGCONT,
				     SIGHUP, SIGWINCH, 40};
	static const int endings[] = {SIGUSR1, SIGUSR2, SIGTERM, SIGQUIT,
				      SIGPWR,  37,	38,	 39};

	if (dice_once_in(dice, 12))
		life_signal(life, endings[dice_below(dice, 8)]);
	else
		life_signal(life, common[dice_below(dice, 7)]);
}

static void random_request(struct dice *dice, struct life *life)
{
	static const enum verb verbs[] = {VERB_STOP_ENTRY, VERB_STOP_ENTRY,
					  VERB_START_ENTRY, VERB_START_ENTRY,
					  VERB_RESTART_ENTRY};
	char name[] = {(char)('a' + dice_below(dice, 11)), '\0'};

	life_request(life, verbs[dice_below(dice, 5)], name);
}

static void random_event(struct dice *dice, struct life *life)
{
	static const int statuses[] = {0, 0, 256, 9};

	switch (dice_below(dice, 9)) {
	case 0:
		life->fork_fails = dice_below(dice, FORK_FAILS + 1);
		break;
	case 1:
		life_reload(life, dice_once_in(dice, 8) ? NULL
							: random_inittab(dice));
		break;
	case 2:
		life_orphan(life, dice_once_in(dice, 2) ? "o 10" : "o deaf");
		break;
	case 3:
	case 4:
		if (life->child_count > 0)
			life_kill(life,
				  life
					  ->children[dice_below(
						  dice,
						  (uint32_t)life->child_count)]
					  .name,
				  statuses[dice_below(dice, 4)]);
		break;
	case 5:
		random_request(dice, life);
		break;
	default:
		random_signal(dice, life);
	}
}

/* When the shutdown must have come to its end, counted from its request. */
static int64_t down_bound(const struct life *life)
{
	const struct table *t = &life->plan->table;
	int64_t bound = DOWN_MOST;
	uint32_t i = t->first[LIST_SHUTDOWN];

	for (; i; i = table_slot(t, i)->next)
		bound += PLAN_STOP_TIMEOUT + PLAN_FORK_RETRY;
	/* each event may have brought some */
	return bound + (int64_t)EVENTS * FORK_FAILS * PLAN_FORK_RETRY;
}

static bool is_at_its_end(const struct life *life)
{
	return life->over || life->plan->shutdown_refused;
}

/* Keeps the time at which an ending was asked for; 0: not yet. */
static void watch_end(struct life *life, int64_t *asked)
{
	if (!*asked && life->plan->shutdown)
		*asked = life->now + 1;
	if (*asked && life->now - *asked > down_bound(life))
		assert_true(is_at_its_end(life));
}

static void bring_to_an_end(struct life *life, int64_t *asked)
{
	if (!life->plan->shutdown)
		life_signal(life, SIGUSR2);
	watch_end(life, asked);
	life_run(life, life->now + down_bound(life) + 1);
	assert_true(is_at_its_end(life));
	if (life->over)
		return;
	life->refuses_reboot = false; /* another request tries again */
	life_signal(life, SIGTERM);
	life_run(life, life->now + 10000);
	assert_true(life->over);
}

static struct life *random_life(struct dice *dice)
{
	struct life *life =
		life_begin(random_inittab(dice), !dice_once_in(dice, 4));

	life->dice = dice_roll(dice);
	life->random_pids = true;
	life->step_takes = dice_once_in(dice, 3) ? 3 : 0;
	life->refuses_reboot = dice_once_in(dice, 4);
	life->refuses_restart = dice_once_in(dice, 3);
	if (dice_once_in(dice, 6))
		life->sync_takes = FOREVER;
	if (dice_once_in(dice, 2))
		disks_set(&life->disks,
			  "loop0; swap 50; /; /a 1500; /b after /a; /k by k");
	return life;
}

static void live_by(uint64_t seed, bool show)
{
	static const uint32_t pauses[] = {1, 1, 20, 600, 3000, 3000, 30000};
	struct dice dice = {seed};
	struct life *life = random_life(&dice);
	int64_t asked = 0;

	for (int i = 0; i < EVENTS && !life->over; i++) {
		random_event(&dice, life);
		watch_end(life, &asked);
		if (dice_once_in(&dice, 5))
			continue; /* several at once */
		life_run(life,
			 life->now + dice_below(&dice,
						pauses[dice_below(&dice, 7)]));
		watch_end(life, &asked);
		if (show)
			print_message("%s", life_trace(life));
		(void)life_trace(life);
	}
	bring_to_an_end(life, &asked);
	if (show)
		print_message("%s", life_trace(life));
	life_end(life);
}

static void random_lives_keep_all_promises(void **state)
{
	(void)state;
	life_of_each_seed(live_by, SCRIPTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(random_lives_keep_all_promises,
					  life_print_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
