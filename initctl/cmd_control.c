#define _GNU_SOURCE /* siginfo_t */

#include "cmd_control.h"

#include <signal.h>
#include <string.h>

#include "event_log.h"
#include "out.h"
#include "pid1.h"
#include "request.h"
#include "say.h"
#include "send.h"
#include "shutdown.h"
#include "snapshot.h"
#include "words.h"

#define POLL 20 /* ms from one look to the next */
/* For a large table, and for a file that takes its time to say that it knows
 * the state (ms). */
#define PATIENCE 5000
/* So long nothing of it is to be seen any more: it was refused (ms). */
#define QUIET 500
#define PATIENCE_DOWN 2000 /* for the way down to begin (ms) */

/* A wish, and how it is seen to have come true. */
struct wish {
	bool (*is_open)(const struct plan *plan); /* still to be served */
	enum event_kind what;
	const char *done, *failed;
};

static bool is_reload_open(const struct plan *plan)
{
	return plan->reload_requested;
}

static bool is_upgrade_open(const struct plan *plan)
{
	return plan->upgrade_requested || plan->upgrade_accepted ||
	       plan->upgrade_probe;
}

static const struct wish reload = {
	is_reload_open,
	EVENT_RELOADED,
	"reloaded\n",
	"not reloaded, the table in use is kept: see the console or dmesg",
};

static const struct wish upgrade = {
	is_upgrade_open,
	EVENT_UPGRADED,
	"upgraded\n",
	"not upgraded: see the console or dmesg",
};

/* Has it been written to the ring since there were so many? */
static bool has_come(const struct look *look, uint32_t events,
		     enum event_kind what)
{
	const struct history history =
		history_of(look->state->ring, &look->state->plan);
	uint32_t end = look->state->plan.event_count;

	if (end - events > EVENT_RING_SIZE)
		events = history.first;
	for (; events != end; events++)
		if (history_event(&history, events)->kind == what)
			return true;
	return false;
}

/* Has init noticed anything since then? */
static bool has_changed(const struct look *before, const struct look *look)
{
	return before->file != look->file ||
	       before->state->undo.sequence != look->state->undo.sequence;
}

static enum outcome await(const struct wish *wish, const struct look *before)
{
	int64_t open = before->now; /* when it was, last */
	enum outcome outcome;
	struct look look;

	while (!(outcome = look_take(&look))) {
		bool has = has_come(&look, before->state->plan.event_count,
				    wish->what);

		if (!has_changed(before, &look) ||
		    wish->is_open(&look.state->plan))
			open = look.now;
		look_drop(&look);
		if (has) {
			out_text(wish->done);
			return OUTCOME_DONE;
		}
		if (look.now - open >= QUIET ||
		    look.now - before->now >= PATIENCE) {
			say(wish->failed, NULL);
			return OUTCOME_REFUSED;
		}
		look_wait(POLL);
	}
	return outcome;
}

/* Why it makes no sense to ask; NULL: it does. */
static const char *refusal(const struct plan *plan, const struct wish *wish)
{
	if (plan->phase > PHASE_RUN)
		return "the machine is going down";
	if (plan->job.is_only && wish == &reload)
		return "there is no inittab: init runs a job only";
	return NULL;
}

static enum outcome ask(const struct wish *wish, char **words)
{
	enum outcome outcome;
	struct look before;
	const char *why;

	if (*words)
		return OUTCOME_USAGE;
	outcome = look_take(&before);
	if (outcome)
		return outcome;
	why = refusal(&before.state->plan, wish);
	if (why) {
		say(why, NULL);
		outcome = OUTCOME_REFUSED;
	} else {
		outcome = wish == &reload ? send_signal(SIGHUP)
					  : send_request(VERB_UPGRADE, 0);
	}
	if (!outcome)
		outcome = await(wish, &before);
	look_drop(&before);
	return outcome;
}

enum outcome wish_reload(char **words)
{
	return ask(&reload, words);
}

enum outcome wish_upgrade(char **words)
{
	return ask(&upgrade, words);
}

/* Where nothing can be seen, whatever is not called init is none of ours. */
static bool is_init(void)
{
	char name[WORDS_SIZE];

	proc_name(name, sizeof(name));
	return !*name || strcmp(name, "init") == 0 || proc_is_ours();
}

/* Who can't see what comes of it has done what there was to do. */
static enum outcome await_down(void)
{
	int64_t until = look_now() + PATIENCE_DOWN;
	struct look look;

	while (look_try(&look) == OUTCOME_DONE) {
		bool is_down = look.state->plan.phase > PHASE_RUN;

		look_drop(&look);
		if (is_down)
			break;
		if (look.now > until) {
			say("init has not begun to go down", NULL);
			return OUTCOME_REFUSED;
		}
		look_wait(POLL);
	}
	return OUTCOME_DONE;
}

/* Ours has signals that a job that is alone does not get; others have those
 * of busybox init. */
static int signal_of(enum shutdown_kind ending, bool is_ours)
{
	return is_ours ? shutdown_container_signal(ending)
		       : shutdown_signal(ending);
}

enum outcome wish_ending(enum shutdown_kind ending, char **words)
{
	bool is_now = words[0] && strcmp(words[0], "--now") == 0;
	enum outcome outcome = OUTCOME_DONE;
	struct look look;
	bool is_ours;

	if (words[is_now])
		return OUTCOME_USAGE;
	is_ours = look_try(&look) == OUTCOME_DONE;
	look_drop(&look);
	if (!is_ours && !is_init()) {
		proc_say_other();
		return OUTCOME_REFUSED;
	}
	if (is_now)
		outcome = send_request(VERB_SKIP_GRACE, 0);
	if (!outcome)
		outcome = send_signal(signal_of(ending, is_ours));
	return outcome || !is_ours ? outcome : await_down();
}
