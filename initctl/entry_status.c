#include "entry_status.h"

#include "inittab.h"
#include "respawn.h"
#include "words.h"

bool entrystate_is_shown(const struct slot *s)
{
	return s->membership == SLOT_LISTED ||
	       (s->membership != SLOT_REPEATED && s->pid);
}

bool entrystate_has_ended(const struct slot *s)
{
	return s->history.starts > (s->pid ? 1 : 0);
}

const char *entrystate_action(enum action action)
{
	return action == ACTION_JOB ? "job" : inittab_action_name(action);
}

const char *entrystate_tty(const struct table *t, uint32_t slot)
{
	const char *tty = table_tty(t, slot);

	return *tty ? tty : NULL;
}

const char *entrystate_why(int status)
{
	static const char *const reasons[] = {
		[EXIT_NO_TTY - EXIT_NO_TTY] = "no tty",
		[EXIT_NOT_RUN - EXIT_NO_TTY] = "can't run",
		[EXIT_NOT_FOUND - EXIT_NO_TTY] = "not found",
	};
	int code = words_code(status);

	if (words_is_signal(status) || code < EXIT_NO_TTY ||
	    code > EXIT_NOT_FOUND)
		return NULL;
	return reasons[code - EXIT_NO_TTY];
}

/* It is kept running, and has no child. */
static bool is_to_start(const struct plan *plan, const struct slot *s)
{
	return plan->phase == PHASE_RUN && !s->pid && !s->history.is_stopped &&
	       !s->waits_for_tty && s->membership == SLOT_LISTED &&
	       table_list(s->entry.action) == LIST_RESPAWN;
}

int64_t entrystate_due(const struct plan *plan, uint32_t slot)
{
	const struct slot *s = table_slot(&plan->table, slot);

	return is_to_start(plan, s) && s->is_queued ? s->history.due : -1;
}

static struct entrystate state_of(const char *word)
{
	return (struct entrystate){word, -1, NULL};
}

static struct entrystate with_child(const struct slot *s, bool is_init)
{
	if (s->history.stop != STOP_NONE)
		return state_of("ending");
	if (s->membership == SLOT_ORPHANED)
		return state_of("left");
	if (s->entry.action == ACTION_ASKFIRST && is_init)
		return state_of("asked");
	return state_of("running");
}

static struct entrystate to_start(const struct slot *s, int64_t now)
{
	struct entrystate state = state_of("pending");
	bool is_due = !s->is_queued || s->history.due <= now;
	int64_t left = is_due ? 0 : s->history.due - now;

	if (left > RESPAWN_MAX_DELAY) /* it can't be */
		left = RESPAWN_MAX_DELAY;
	state.seconds = (left + 999) / 1000;
	if (respawn_is_throttled(s)) {
		state.word = "parked";
		state.why = entrystate_why(s->history.status);
		if (!state.why)
			state.why = "keeps failing";
	} else if (!is_due) {
		state.word = "waiting";
	} else {
		state.seconds = -1;
	}
	return state;
}

struct entrystate entrystate_of(const struct plan *plan, uint32_t slot,
				bool is_init, int64_t now)
{
	const struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);

	if (s->pid)
		return with_child(s, is_init);
	if (s->history.is_stopped)
		return state_of("stopped");
	if (s->waits_for_tty)
		return state_of("held");
	if (is_to_start(plan, s))
		return to_start(s, now);
	if (list < LIST_RESPAWN && s->history.ran_lists >> list & 1)
		return state_of("done");
	return state_of(list <= LIST_RESPAWN && plan->phase < PHASE_RUN
				? "pending"
				: "-");
}
