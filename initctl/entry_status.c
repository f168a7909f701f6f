#define _GNU_SOURCE /* WIFEXITED */

#include "entry_status.h"

#include <sys/wait.h>

#include "inittab.h"
#include "respawn.h"

bool entry_is_shown(const struct slot *s)
{
	return s->membership == SLOT_LISTED ||
	       (s->membership != SLOT_REPEATED && s->pid);
}

bool entry_has_ended(const struct slot *s)
{
	return s->history.starts > (s->pid ? 1 : 0);
}

const char *entry_action_name(enum action action)
{
	return action == ACTION_JOB ? "job" : inittab_action_name(action);
}

const char *entry_tty_name(const struct table *t, uint32_t slot)
{
	const char *tty = table_tty(t, slot);

	return *tty ? tty : NULL;
}

const char *entry_failure_reason(int status)
{
	static const char *const reasons[] = {
		[EXIT_NO_TTY - EXIT_NO_TTY] = "no tty",
		[EXIT_NOT_RUN - EXIT_NO_TTY] = "can't run",
		[EXIT_NOT_FOUND - EXIT_NO_TTY] = "not found",
	};
	int code = WEXITSTATUS(status);

	if (!WIFEXITED(status) || code < EXIT_NO_TTY || code > EXIT_NOT_FOUND)
		return NULL;
	return reasons[code - EXIT_NO_TTY];
}

/* Is this a respawn or askfirst entry without a child that init will start? */
static bool waits_to_start(const struct plan *plan, const struct slot *s)
{
	return plan->phase == PHASE_RUN && !s->pid && !s->history.is_stopped &&
	       !s->waits_for_tty && s->membership == SLOT_LISTED &&
	       table_list(s->entry.action) == LIST_RESPAWN;
}

int64_t entry_due(const struct plan *plan, uint32_t slot)
{
	const struct slot *s = table_slot(&plan->table, slot);

	return waits_to_start(plan, s) && s->is_queued ? s->history.due : -1;
}

static struct entry_status status_of(const char *word)
{
	return (struct entry_status){word, -1, NULL};
}

static struct entry_status status_with_child(const struct slot *s, bool is_init)
{
	if (s->history.stop != STOP_NONE)
		return status_of("stopping");
	if (s->membership == SLOT_ORPHANED)
		return status_of("orphaned");
	if (s->entry.action == ACTION_ASKFIRST && is_init)
		return status_of("asking");
	return status_of("running");
}

static struct entry_status status_before_start(const struct slot *s,
					       int64_t now)
{
	struct entry_status status = status_of("pending");
	bool is_due = !s->is_queued || s->history.due <= now;
	int64_t left = is_due ? 0 : s->history.due - now;

	if (left > RESPAWN_MAX_DELAY) /* only in an invalid state */
		left = RESPAWN_MAX_DELAY;
	status.seconds = (left + 999) / 1000;
	if (respawn_is_throttled(s)) {
		status.state = "throttled";
		status.reason = entry_failure_reason(s->history.status);
		if (!status.reason)
			status.reason = "keeps failing";
	} else if (!is_due) {
		status.state = "waiting";
	} else {
		status.seconds = -1;
	}
	return status;
}

struct entry_status entry_status_of(const struct plan *plan, uint32_t slot,
				    bool is_init, int64_t now)
{
	const struct slot *s = table_slot(&plan->table, slot);
	enum list list = table_list(s->entry.action);

	if (s->pid)
		return status_with_child(s, is_init);
	if (s->history.is_stopped)
		return status_of("stopped");
	if (s->waits_for_tty)
		return status_of("blocked");
	if (waits_to_start(plan, s))
		return status_before_start(s, now);
	if (list < LIST_RESPAWN && s->history.ran_lists >> list & 1)
		return status_of("done");
	return status_of(list <= LIST_RESPAWN && plan->phase < PHASE_RUN
				 ? "pending"
				 : "-");
}
