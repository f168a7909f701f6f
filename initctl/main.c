/*
 * initctl - looks into PID 1 and into inittabs, and asks PID 1 for things; as
 * telinit, halt, poweroff, reboot or shutdown when it is called by that name.
 * A program of its own, so that init stays small.
 */
#include <errno.h>
#include <string.h>

#include "cmd_check.h"
#include "cmd_control.h"
#include "cmd_entry.h"
#include "cmd_halt.h"
#include "cmd_log.h"
#include "cmd_status.h"
#include "out.h"
#include "outcome.h"
#include "say.h"
#include "telinit.h"
#include "words.h"

static const char usage[] =
	"usage: initctl [status] [-j]    what init does, entry by entry\n"
	"       initctl stop|start|restart [--no-wait] ENTRY...\n"
	"       initctl reload           read the inittab again\n"
	"       initctl upgrade          go on as the new file of init\n"
	"       initctl poweroff|reboot|halt [--now]\n"
	"       initctl log [-f] [-j]    what happened\n"
	"       initctl times            how long the boot took\n"
	"       initctl check FILE...    what is wrong or surprising in an "
	"inittab\n"
	"       initctl --help | --version\n"
	"More of each: initctl VERB --help. Exit status: 0 done, 1 refused or "
	"failed,\n2 called wrongly, 3 no such entry, 4 not permitted.\n";

static const char status_usage[] =
	"usage: initctl [status] [-j]\n"
	"Shows the phase that init is in, and for each entry what it does, "
	"since when,\nhow often it was started, and how it ended last. -j: as "
	"JSON.\n";

static const char entry_usage[] =
	"usage: initctl stop|start|restart [--no-wait] ENTRY...\n"
	"stop: ends the entry's process, by SIGTERM and after 10 s by SIGKILL, "
	"and keeps\nit from being started. start: starts what was stopped, is "
	"put off or has run.\nrestart: both. ENTRY is a number as initctl "
	"shows it, a tty, or the base name of\na command. Waits for the "
	"outcome, unless there is --no-wait.\n";

static const char reload_usage[] =
	"usage: initctl reload\n"
	"Has the inittab read again. What is the same in it runs on.\n";

static const char upgrade_usage[] =
	"usage: initctl upgrade\n"
	"Has init go on as the file that it was started from, while all runs "
	"on.\n";

static const char ending_usage[] =
	"usage: initctl poweroff|reboot|halt [--now]\n"
	"--now: processes get no time to end before they are killed.\n";

static const char log_usage[] =
	"usage: initctl log [-f] [-j]\n"
	"Shows the last 256 events, in s since the kernel's start. -f: and "
	"those that\nare to come. -j: a JSON object a line.\n";

static const char times_usage[] =
	"usage: initctl times\n"
	"Shows how long sysinit and wait entries took, the slowest first, and "
	"the boot.\n";

static const char check_usage[] =
	"usage: initctl check FILE...\n"
	"Looks through inittabs (- is standard input) and prints\n"
	"FILE:LINE:COLUMN: message for each thing that is wrong, or does not "
	"do what\nits writer may think.\n"
	"Exit status: 0 nothing found, 1 something found, 2 a file can't be "
	"read.\n";

static enum outcome stop(char **words)
{
	return ask_entries(VERB_STOP_ENTRY, words);
}

static enum outcome start(char **words)
{
	return ask_entries(VERB_START_ENTRY, words);
}

static enum outcome restart(char **words)
{
	return ask_entries(VERB_RESTART_ENTRY, words);
}

static enum outcome power_off(char **words)
{
	return wish_ending(SHUTDOWN_POWEROFF, words);
}

static enum outcome reboot(char **words)
{
	return wish_ending(SHUTDOWN_REBOOT, words);
}

static enum outcome halt(char **words)
{
	return wish_ending(SHUTDOWN_HALT, words);
}

/* What it can be asked for. run gets what comes after the verb; with
 * OUTCOME_USAGE the usage is said. */
static const struct choice {
	const char *name;
	enum outcome (*run)(char **words);
	const char *usage;
} choices[] = {
	{"status", show_status, status_usage},
	{"stop", stop, entry_usage},
	{"start", start, entry_usage},
	{"restart", restart, entry_usage},
	{"reload", wish_reload, reload_usage},
	{"upgrade", wish_upgrade, upgrade_usage},
	{"poweroff", power_off, ending_usage},
	{"reboot", reboot, ending_usage},
	{"halt", halt, ending_usage},
	{"log", journal_log, log_usage},
	{"times", journal_times, times_usage},
};

#define CHOICES (sizeof(choices) / sizeof(choices[0]))

static int show(const char *text)
{
	out_text(text);
	return OUTCOME_DONE;
}

static int wrong_call(const char *text)
{
	out_error(text);
	return OUTCOME_USAGE;
}

static bool is_word(const char *word, const char *other)
{
	return word && strcmp(word, other) == 0;
}

static int run_choice(const struct choice *choice, char **words)
{
	enum outcome outcome;

	if (is_word(words[0], "--help"))
		return show(choice->usage);
	outcome = choice->run(words);
	return outcome == OUTCOME_USAGE ? wrong_call(choice->usage)
					: (int)outcome;
}

static int check(char **names)
{
	enum checked worst = CHECK_CLEAN;

	if (is_word(names[0], "--help"))
		return show(check_usage);
	if (!names[0] || (names[0][0] == '-' && names[0][1]))
		return wrong_call(check_usage);
	for (; *names; names++) {
		enum checked checked = checkfile(*names);

		if (checked > worst)
			worst = checked;
	}
	return (int)worst;
}

static int run(char **words)
{
	for (size_t i = 0; i < CHOICES; i++)
		if (is_word(words[0], choices[i].name))
			return run_choice(&choices[i], words + 1);
	if (!words[0] || is_word(words[0], "-j"))
		return run_choice(&choices[0], words);
	if (is_word(words[0], "check"))
		return check(words + 1);
	if (is_word(words[0], "--help"))
		return show(usage);
	if (is_word(words[0], "--version"))
		return show("kindling initctl " VERSION "\n");
	return wrong_call(usage);
}

int main(int argc, char **argv)
{
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
	const char *name = slash ? slash + 1 : argc > 0 ? argv[0] : "";
	char **words = argv + (argc > 0), why[WORDS_SIZE];
	int status;

	if (strcmp(name, "telinit") == 0)
		return telinit(words[0] ? words[0] : "");
	if (!halt_run(name, words, &status))
		status = run(words);
	if (out_flush())
		return status;
	say("standard output: ", words_error(why, errno), NULL);
	return is_word(words[0], "check") ? (int)CHECK_FAILED
					  : (int)OUTCOME_REFUSED;
}
