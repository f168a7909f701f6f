#define _GNU_SOURCE /* siginfo_t */

#include "cmd_entry.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "entry_status.h"
#include "find_entry.h"
#include "out.h"
#include "put.h"
#include "request_result.h"
#include "say.h"
#include "send.h"
#include "snapshot.h"
#include "words.h"

#define POLL 20 /* ms from one look to the next */
/* A child is told to end, and killed; the next one is started 1 s after the
 * one before at the soonest; and a machine may be slow (ms). */
#define PATIENCE (PLAN_GRACE + 3000)
/* What runs so long was found and could be executed (ms). */
#define SETTLED 200

/* What is asked for, and what init knew before it was. */
struct request {
	enum verb verb;
	struct look before;
	int64_t sent; /* ms */
};

/* Its slot then; every word names one. */
static const struct slot *slot_of(const struct request *request,
				  const char *word)
{
	const struct table *t = &request->before.state->plan.table;

	return table_slot(t, pick_entry(t, word).slot);
}

/* "3 (sshd)". */
static const char *label(char *words, const struct request *request,
			 const struct slot *slot)
{
	const char *text = table_text(&request->before.state->plan.table);
	size_t len, used;
	const char *name = pick_name(text + slot->entry.command, &len);
	char harmless[WORDS_SIZE];

	words_number(words, slot->history.number);
	used = strlen(words) + sizeof(" ()");
	words_harmless(harmless, name);
	if (len > WORDS_SIZE - used)
		len = WORDS_SIZE - used;
	harmless[len] = '\0';
	return strcat(strcat(strcat(words, " ("), harmless), ")");
}

static void say_candidates(const struct table *t, const char *word,
			   enum pick_by by)
{
	char number[WORDS_SIZE], tty[WORDS_SIZE], command[WORDS_SIZE];

	for (uint32_t i = 1; i <= t->count; i++) {
		const char *name = entrystate_tty(t, i);

		if (pick_names(t, i, word, by))
			say("it may be ",
			    words_number(number,
					 table_slot(t, i)->history.number),
			    ": ", words_harmless(tty, name ? name : "-"), " ",
			    words_harmless(command, table_command(t, i)), NULL);
	}
}

/* Is the word one entry that init may be asked this about? If not, says why. */
static enum outcome check_word(const struct request *request, const char *word)
{
	const struct plan *plan = &request->before.state->plan;
	const struct pick pick = pick_entry(&plan->table, word);
	char words[WORDS_SIZE];
	const char *refusal;

	if (pick.count != 1) {
		say(pick.count ? "more than one entry is '" : "no entry is '",
		    words_harmless(words, word), "'", NULL);
		say_candidates(&plan->table, word, pick.by);
		return OUTCOME_NO_ENTRY;
	}
	refusal = verdict_refusal(plan, request->verb, pick.slot);
	if (!refusal)
		return OUTCOME_DONE;
	say(label(words, request, table_slot(&plan->table, pick.slot)), ": ",
	    refusal, NULL);
	return OUTCOME_REFUSED;
}

/* "3 (sshd) started, pid 123", and the like. */
static void tell(const char *who, const char *what, const char *words)
{
	out_text(who);
	out_text(what);
	out_text(words);
	out_char('\n');
}

static enum outcome tell_stopped(const struct request *request, const char *who,
				 const struct slot *s)
{
	char words[WORDS_SIZE];

	if (s->history.status == SIGKILL && s->history.starts)
		tell(who, " stopped: it had to be killed, after ",
		     words_long(words, look_now() - request->sent));
	else
		tell(who, " stopped", "");
	return OUTCOME_DONE;
}

static enum outcome tell_ended(const char *who, const struct slot *s)
{
	const char *why = entrystate_why(s->history.status);
	char words[WORDS_SIZE];

	words_status(words, s->history.status);
	if (s->history.status == 0) {
		tell(who, " started, and ended with ", words);
		return OUTCOME_DONE;
	}
	say(who,
	    words_is_signal(s->history.status) ? " was ended by "
					       : " ended with ",
	    words, why ? ": " : "", why ? why : "", NULL);
	return OUTCOME_REFUSED;
}

/* s is what the entry is now; nobody, if there is none any more. */
static enum outcome conclude(const struct request *request, const char *who,
			     enum verdict verdict, const struct slot *s)
{
	char words[WORDS_SIZE];

	switch (verdict) {
	case VERDICT_STOPPED:
		return tell_stopped(request, who, s);
	case VERDICT_RAN:
		tell(who, " runs already, pid ", words_number(words, s->pid));
		return OUTCOME_DONE;
	case VERDICT_STARTED:
		tell(who, " started, pid ", words_number(words, s->pid));
		return OUTCOME_DONE;
	case VERDICT_ENDED:
		return tell_ended(who, s);
	case VERDICT_GONE:
		say(who, " is gone from the inittab", NULL);
		break;
	case VERDICT_DOWN:
		say(who, ": the machine is going down", NULL);
		break;
	case VERDICT_WAIT:
		say(who,
		    request->verb == VERB_STOP_ENTRY
			    ? " still runs, after "
			    : " is not started, after ",
		    words_long(words, look_now() - request->sent), NULL);
		break;
	}
	return OUTCOME_REFUSED;
}

/* Is there nothing more to come? What runs may yet be found to be nothing. */
static bool is_final(enum verdict verdict, int64_t since)
{
	if (verdict == VERDICT_STARTED)
		return look_now() - since >= SETTLED;
	return verdict != VERDICT_WAIT;
}

static enum outcome await(const struct request *request, const char *word)
{
	const struct slot *before = slot_of(request, word);
	enum verdict verdict = VERDICT_WAIT;
	int64_t since = 0; /* when it was found to run */
	char who[WORDS_SIZE];
	enum outcome outcome;
	struct look look;

	while (!(outcome = look_take(&look))) {
		const struct plan *plan = &look.state->plan;
		uint32_t slot =
			table_find_number(&plan->table, before->history.number);

		verdict = verdict_of(plan, request->verb, before);
		if (verdict == VERDICT_STARTED && !since)
			since = look.now;
		if (is_final(verdict, since) ||
		    look.now - request->sent > PATIENCE) {
			outcome = conclude(request, label(who, request, before),
					   verdict,
					   table_slot(&plan->table, slot));
			break;
		}
		look_drop(&look);
		look_wait(POLL);
	}
	look_drop(&look);
	return outcome;
}

static enum outcome send_all(struct request *request, char **words)
{
	enum outcome outcome = OUTCOME_DONE;

	request->sent = look_now();
	for (; *words && !outcome; words++)
		outcome =
			send_request(request->verb,
				     slot_of(request, *words)->history.number);
	return outcome;
}

static enum outcome ask(struct request *request, char **words, bool waits)
{
	enum outcome outcome = OUTCOME_DONE, worst = OUTCOME_DONE;

	for (char **word = words; *word && !outcome; word++)
		outcome = check_word(request, *word);
	if (outcome)
		return outcome; /* and nothing is sent */
	if (request->before.state->plan.paused)
		say("init is paused: it does nothing before SIGCONT", NULL);
	outcome = send_all(request, words);
	if (outcome || !waits)
		return outcome;
	for (; *words; words++) {
		outcome = await(request, *words);
		worst = worst ? worst : outcome;
	}
	return worst;
}

enum outcome ask_entries(enum verb verb, char **words)
{
	bool waits = !words[0] || strcmp(words[0], "--no-wait") != 0;
	struct request request = {.verb = verb};
	enum outcome outcome;

	words += !waits;
	if (!words[0] || words[0][0] == '-')
		return OUTCOME_USAGE;
	outcome = look_take(&request.before);
	if (!outcome)
		outcome = ask(&request, words, waits);
	look_drop(&request.before);
	return outcome;
}
