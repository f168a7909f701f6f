#define _GNU_SOURCE /* siginfo_t */

#include "cmd_entry.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "entry_status.h"
#include "find_entry.h"
#include "output.h"
#include "pid1.h"
#include "request.h"
#include "request_result.h"
#include "snapshot.h"

#define POLL_INTERVAL 20 /* ms between two snapshots */
/* A restart takes up to PLAN_GRACE from SIGTERM to SIGKILL, and a start comes
 * at least 1 s after the one before; the rest is for slow machines (ms). */
#define TIMEOUT (PLAN_GRACE + 3000)
/* A child that still runs after this time has found and executed its command
 * (ms). */
#define SETTLE_TIME 200

struct entry_request {
	enum verb verb;
	struct snapshot before; /* taken before the request was sent */
	int64_t sent;		/* when (monotonic clock) */
};

/* The slot that the operand names in request->before. check_operand() has seen
 * to it that there is exactly one. */
static const struct slot *requested_slot(const struct entry_request *request,
					 const char *operand)
{
	const struct table *t = &request->before.state->plan.table;

	return table_slot(t, find_entry(t, operand).slot);
}

/* Writes "3 (sshd)" to a buffer of FORMAT_SIZE bytes, with a long name cut. */
static const char *label(char *buffer, const struct entry_request *request,
			 const struct slot *slot)
{
	const char *text = table_text(&request->before.state->plan.table);
	size_t len, used, room;
	const char *name = command_basename(text + slot->entry.command, &len);

	snprintf(buffer, FORMAT_SIZE, "%u (", slot->history.number);
	used = strlen(buffer);
	room = FORMAT_SIZE - used - strlen(")");
	format_safe(buffer + used, len < room ? len + 1 : room, name);
	return strcat(buffer, ")");
}

static void list_candidates(const struct table *t, const char *operand,
			    enum match_kind kind)
{
	char tty[FORMAT_SIZE], command[FORMAT_SIZE];

	for (uint32_t i = 1; i <= t->count; i++) {
		const char *name = entry_tty_name(t, i);

		if (!entry_matches(t, i, operand, kind))
			continue;
		format_safe(tty, sizeof(tty), name ? name : "-");
		format_safe(command, sizeof(command), table_command(t, i));
		error_line("candidate %u: %s %s",
			   table_slot(t, i)->history.number, tty, command);
	}
}

/* Does the operand name one entry, and would init accept the request for it? If
 * not, prints the reason. */
static enum outcome check_operand(const struct entry_request *request,
				  const char *operand)
{
	const struct plan *plan = &request->before.state->plan;
	const struct entry_match match = find_entry(&plan->table, operand);
	char buffer[FORMAT_SIZE];
	const char *refusal;

	if (match.count != 1) {
		error_line("%s '%s'",
			   match.count ? "more than one entry matches"
				       : "no entry matches",
			   format_safe(buffer, sizeof(buffer), operand));
		list_candidates(&plan->table, operand, match.kind);
		return OUTCOME_NO_ENTRY;
	}
	refusal = request_refusal(plan, request->verb, match.slot);
	if (!refusal)
		return OUTCOME_DONE;
	error_line("%s: %s",
		   label(buffer, request, table_slot(&plan->table, match.slot)),
		   refusal);
	return OUTCOME_REFUSED;
}

static enum outcome report_stopped(const struct entry_request *request,
				   const char *who, const struct slot *s)
{
	char after[FORMAT_SIZE];

	if (s->history.status == SIGKILL && s->history.starts)
		printf("%s stopped by SIGKILL, after %s\n", who,
		       format_span_long(after, clock_ms() - request->sent));
	else
		printf("%s stopped\n", who);
	return OUTCOME_DONE;
}

static enum outcome report_ended(const char *who, const struct slot *s)
{
	const char *reason = entry_failure_reason(s->history.status);
	char end[FORMAT_SIZE];

	format_status(end, s->history.status);
	if (s->history.status == 0) {
		printf("%s started, and exited with %s\n", who, end);
		return OUTCOME_DONE;
	}
	error_line("%s %s %s%s%s", who,
		   WIFSIGNALED(s->history.status) ? "was killed by"
						  : "exited with",
		   end, reason ? ": " : "", reason ? reason : "");
	return OUTCOME_REFUSED;
}

/* Prints the result. s is the present slot of the entry; it is slot 0, which is
 * empty, if the entry has none any more. */
static enum outcome report_result(const struct entry_request *request,
				  const char *who, enum request_result result,
				  const struct slot *s)
{
	char after[FORMAT_SIZE];

	switch (result) {
	case RESULT_STOPPED:
		return report_stopped(request, who, s);
	case RESULT_ALREADY_RUNNING:
		printf("%s is already running, pid %d\n", who, s->pid);
		return OUTCOME_DONE;
	case RESULT_STARTED:
		printf("%s started, pid %d\n", who, s->pid);
		return OUTCOME_DONE;
	case RESULT_ENDED:
		return report_ended(who, s);
	case RESULT_REMOVED:
		error_line("%s was removed from the inittab", who);
		break;
	case RESULT_SHUTDOWN:
		error_line("%s: the machine is going down", who);
		break;
	case RESULT_PENDING:
		error_line("%s %s, after %s", who,
			   request->verb == VERB_STOP_ENTRY ? "is still running"
							    : "has not started",
			   format_span_long(after, clock_ms() - request->sent));
		break;
	}
	return OUTCOME_REFUSED;
}

/* Need nothing more be waited for? A child that was just started may still fail
 * to execute its command. since: when the child was first seen. */
static bool is_final(enum request_result result, int64_t since)
{
	if (result == RESULT_STARTED)
		return clock_ms() - since >= SETTLE_TIME;
	return result != RESULT_PENDING;
}

static enum outcome await_result(const struct entry_request *request,
				 const char *operand)
{
	const struct slot *before = requested_slot(request, operand);
	enum request_result result = RESULT_PENDING;
	int64_t since = 0; /* when the new child was first seen */
	char who[FORMAT_SIZE];
	enum outcome outcome;
	struct snapshot now;

	while (!(outcome = snapshot_take(&now))) {
		const struct plan *plan = &now.state->plan;
		uint32_t slot =
			table_find_number(&plan->table, before->history.number);

		result = request_result_of(plan, request->verb, before);
		if (result == RESULT_STARTED && !since)
			since = now.taken;
		if (is_final(result, since) ||
		    now.taken - request->sent > TIMEOUT) {
			outcome = report_result(
				request, label(who, request, before), result,
				table_slot(&plan->table, slot));
			break;
		}
		snapshot_free(&now);
		sleep_ms(POLL_INTERVAL);
	}
	snapshot_free(&now);
	return outcome;
}

static enum outcome send_all(struct entry_request *request, char **operands)
{
	enum outcome outcome = OUTCOME_DONE;

	request->sent = clock_ms();
	for (; *operands && !outcome; operands++)
		outcome = pid1_send_request(
			request->verb,
			requested_slot(request, *operands)->history.number);
	return outcome;
}

static enum outcome request_all(struct entry_request *request,
				const struct options *options)
{
	enum outcome outcome = OUTCOME_DONE, worst = OUTCOME_DONE;

	for (char **operand = options->operands; *operand && !outcome;
	     operand++)
		outcome = check_operand(request, *operand);
	if (outcome)
		return outcome; /* nothing has been sent */
	if (request->before.state->plan.paused)
		error_line("init is paused: it starts nothing before SIGCONT");
	outcome = send_all(request, options->operands);
	if (outcome || options->no_wait)
		return outcome;
	for (char **operand = options->operands; *operand; operand++) {
		outcome = await_result(request, *operand);
		worst = worst ? worst : outcome;
	}
	return worst;
}

static enum outcome run(enum verb verb, const struct options *options)
{
	struct entry_request request = {.verb = verb};
	enum outcome outcome = snapshot_take(&request.before);

	if (!outcome)
		outcome = request_all(&request, options);
	snapshot_free(&request.before);
	return outcome;
}

enum outcome cmd_stop(const struct options *options)
{
	return run(VERB_STOP_ENTRY, options);
}

enum outcome cmd_start(const struct options *options)
{
	return run(VERB_START_ENTRY, options);
}

enum outcome cmd_restart(const struct options *options)
{
	return run(VERB_RESTART_ENTRY, options);
}
