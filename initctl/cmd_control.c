#define _GNU_SOURCE /* siginfo_t */

#include "cmd_control.h"

#include <signal.h>
#include <stdio.h>

#include "event_log.h"
#include "output.h"
#include "pid1.h"
#include "request.h"
#include "snapshot.h"

#define POLL_INTERVAL 20 /* ms between two snapshots */
/* Long enough for a disk that is slow to read, where init gives up, and for
 * what comes before and after (ms). */
#define TIMEOUT (PLAN_DISK_TIMEOUT + 10000)
/* init has refused the request if it is not pending for this long, and the
 * event has not come (ms). */
#define QUIET_TIME 500

/* A request, and how its result is detected. */
struct control_request {
	bool (*is_pending)(const struct plan *plan); /* init is at work on it */
	enum event_kind event;			     /* its success */
	const char *success, *failure;
};

static bool is_reload_pending(const struct plan *plan)
{
	return plan->reload_requested || plan->reload_read ||
	       (plan->file_child && plan->file_task == TASK_READ_INITTAB);
}

static bool is_upgrade_pending(const struct plan *plan)
{
	return plan->upgrade_requested || plan->upgrade_read ||
	       plan->upgrade_accepted ||
	       (plan->file_child && plan->file_task != TASK_READ_INITTAB);
}

static const struct control_request reload_request = {
	is_reload_pending,
	EVENT_RELOADED,
	"reloaded",
	"reload failed, the previous inittab stays in use: see the console or "
	"dmesg",
};

static const struct control_request upgrade_request = {
	is_upgrade_pending,
	EVENT_UPGRADED,
	"upgraded",
	"upgrade failed: see the console or dmesg",
};

/* Is such an event among those that were written after the first `events`? */
static bool has_event(const struct snapshot *now, uint32_t events,
		      enum event_kind what)
{
	const struct event_log log =
		event_log_of(now->state->ring, &now->state->plan);
	uint32_t end = now->state->plan.event_count;

	if (end - events > EVENT_RING_SIZE)
		events = log.first;
	for (; events != end; events++)
		if (event_log_at(&log, events)->kind == what)
			return true;
	return false;
}

/* Has init changed its state since `before` was taken? */
static bool has_changed(const struct snapshot *before,
			const struct snapshot *now)
{
	return before->inode != now->inode ||
	       before->state->undo.sequence != now->state->undo.sequence;
}

static enum outcome await_result(const struct control_request *request,
				 const struct snapshot *before)
{
	int64_t pending_at = before->taken; /* the last time that it was */
	enum outcome outcome;
	struct snapshot now;

	while (!(outcome = snapshot_take(&now))) {
		bool has = has_event(&now, before->state->plan.event_count,
				     request->event);

		if (!has_changed(before, &now) ||
		    request->is_pending(&now.state->plan))
			pending_at = now.taken;
		snapshot_free(&now);
		if (has) {
			puts(request->success);
			return OUTCOME_DONE;
		}
		if (now.taken - pending_at >= QUIET_TIME ||
		    now.taken - before->taken >= TIMEOUT) {
			error_line("%s", request->failure);
			return OUTCOME_REFUSED;
		}
		sleep_ms(POLL_INTERVAL);
	}
	return outcome;
}

/* Returns why init would ignore the request; NULL if it would not. */
static const char *refusal_reason(const struct plan *plan,
				  const struct control_request *request)
{
	if (plan->phase > PHASE_RUN)
		return "the machine is going down";
	if (plan->job.is_only && request == &reload_request)
		return "there is no inittab: init runs only a job";
	return NULL;
}

static enum outcome request_and_wait(const struct control_request *request)
{
	enum outcome outcome;
	struct snapshot before;
	const char *reason;

	outcome = snapshot_take(&before);
	if (outcome)
		return outcome;
	reason = refusal_reason(&before.state->plan, request);
	if (reason) {
		error_line("%s", reason);
		outcome = OUTCOME_REFUSED;
	} else {
		outcome = request == &reload_request
				  ? pid1_send_signal(SIGHUP)
				  : pid1_send_request(VERB_UPGRADE, 0);
	}
	if (!outcome)
		outcome = await_result(request, &before);
	snapshot_free(&before);
	return outcome;
}

enum outcome cmd_reload(const struct options *options)
{
	(void)options; /* none applies */
	return request_and_wait(&reload_request);
}

enum outcome cmd_upgrade(const struct options *options)
{
	(void)options; /* none applies */
	return request_and_wait(&upgrade_request);
}
