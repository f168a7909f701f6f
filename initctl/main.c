/*
 * initctl - shows the state of init, sends it requests, and lints inittabs.
 * Called by the name telinit, halt, poweroff, reboot or shutdown, it is that
 * program. It is not a part of init's executable, so that init stays small.
 */
#define _GNU_SOURCE /* getopt_long */

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd_check.h"
#include "cmd_control.h"
#include "cmd_entry.h"
#include "cmd_halt.h"
#include "cmd_log.h"
#include "cmd_status.h"
#include "cmd_times.h"
#include "options.h"
#include "outcome.h"
#include "output.h"
#include "telinit.h"

static const char usage[] =
	"usage: initctl [status] [-j]    show the state of init and its "
	"entries\n"
	"       initctl stop|start|restart [--no-wait] ENTRY...\n"
	"       initctl reload           make init read the inittab again\n"
	"       initctl upgrade          make init re-exec its file\n"
	"       initctl poweroff|reboot|halt [--now]\n"
	"       initctl log [-f] [-j]    show the last events\n"
	"       initctl times            show how long the boot took\n"
	"       initctl check FILE...    find mistakes in inittabs\n"
	"       initctl --help | --version\n"
	"See initctl VERB --help. Exit status: 0 success, 1 refused or failed,"
	"\n2 usage error, 3 no such entry, 4 not permitted.\n";

static const char status_usage[] =
	"usage: initctl [status] [-j]\n"
	"Shows the phase of init, and for each entry its state, its process, "
	"how long\nthat has run, how often it was started and how it ended "
	"last.\n"
	"  -j, --json  print JSON\n";

static const char entry_usage[] =
	"usage: initctl stop|start|restart [--no-wait] ENTRY...\n"
	"stop: terminates the processes of the entry, with SIGTERM and 10 s "
	"later with\nSIGKILL; init does not start it again. start: starts an "
	"entry that is stopped,\nwaiting, throttled or done. restart: stops "
	"and starts it.\n"
	"ENTRY is the number of an entry as initctl shows it, a tty, or the "
	"base name of\na command.\n"
	"  --no-wait  do not wait for the result\n";

static const char reload_usage[] =
	"usage: initctl reload\n"
	"Makes init read the inittab again. Entries that have not changed keep "
	"running.\n";

static const char upgrade_usage[] =
	"usage: initctl upgrade\n"
	"Makes init re-exec the file that it was started from. All processes "
	"keep\nrunning.\n";

static const char shutdown_usage[] =
	"usage: initctl poweroff|reboot|halt [--now]\n"
	"Shuts the machine down in order.\n"
	"  --now  send SIGKILL directly after SIGTERM\n";

static const char log_usage[] =
	"usage: initctl log [-f] [-j]\n"
	"Shows the last 256 events. Times are seconds since the start of the "
	"kernel.\n"
	"  -f, --follow  then wait for new events and show them\n"
	"  -j, --json    print one JSON object per line\n";

static const char times_usage[] =
	"usage: initctl times\n"
	"Shows how long each sysinit and wait entry took, the slowest first, "
	"and how\nlong the boot took.\n";

static const char check_usage[] =
	"usage: initctl check FILE...\n"
	"Checks inittabs (- is standard input). Prints FILE:LINE:COLUMN: "
	"MESSAGE for\neach mistake, and for each line that may not do what its "
	"author expects.\n"
	"Exit status: 0 nothing found, 1 something found, 2 a file can't be "
	"read.\n";

/* What getopt_long(3) returns for each option. Only those in LETTERS are short
 * options as well. */
#define LETTERS "jf"
#define NO_WAIT 'w'
#define NOW 'n'
#define HELP 'h'
#define PROGRAM_VERSION 'v'

static const struct option long_options[] = {
	{"json", no_argument, NULL, 'j'},
	{"follow", no_argument, NULL, 'f'},
	{"no-wait", no_argument, NULL, NO_WAIT},
	{"now", no_argument, NULL, NOW},
	{"help", no_argument, NULL, HELP},
	{"version", no_argument, NULL, PROGRAM_VERSION},
	{NULL, 0, NULL, 0},
};

static const struct cmd {
	const char *name;
	const char *options; /* those that it takes, beside HELP */
	bool takes_operands; /* true: at least one; false: none */
	enum outcome (*run)(const struct options *options);
	const char *usage;
} cmds[] = {
	{"status", "j", false, cmd_status, status_usage},
	{"stop", "w", true, cmd_stop, entry_usage},
	{"start", "w", true, cmd_start, entry_usage},
	{"restart", "w", true, cmd_restart, entry_usage},
	{"reload", "", false, cmd_reload, reload_usage},
	{"upgrade", "", false, cmd_upgrade, upgrade_usage},
	{"poweroff", "n", false, cmd_poweroff, shutdown_usage},
	{"reboot", "n", false, cmd_reboot, shutdown_usage},
	{"halt", "n", false, cmd_halt, shutdown_usage},
	{"log", "fj", false, cmd_log, log_usage},
	{"times", "", false, cmd_times, times_usage},
	{"check", "", true, cmd_check, check_usage},
};

/* initctl without a verb is initctl status, but for its usage and --version. */
static const struct cmd no_verb = {"", "jv", false, cmd_status, usage};

/* Returns NULL if there is no such verb. */
static const struct cmd *find_cmd(const char *name)
{
	for (size_t i = 0; i < sizeof(cmds) / sizeof(cmds[0]); i++)
		if (strcmp(name, cmds[i].name) == 0)
			return &cmds[i];
	return NULL;
}

/* Parses the command line after the verb. Returns 0 on success, '?' on a usage
 * error, or HELP or PROGRAM_VERSION, after which nothing is parsed. */
static int read_options(const struct cmd *cmd, int argc, char **argv,
			struct options *options)
{
	int letter;

	opterr = 0; /* errors are answered with the usage */
	while ((letter = getopt_long(argc, argv, LETTERS, long_options,
				     NULL)) != -1) {
		if (letter == HELP)
			return HELP;
		if (!strchr(cmd->options, letter))
			return '?';
		switch (letter) {
		case 'j':
			options->json = true;
			break;
		case 'f':
			options->follow = true;
			break;
		case NO_WAIT:
			options->no_wait = true;
			break;
		case NOW:
			options->now = true;
			break;
		default:
			return letter;
		}
	}
	options->operands = argv + optind;
	return cmd->takes_operands == (optind < argc) ? 0 : '?';
}

static enum outcome wrong_call(const char *text)
{
	fputs(text, stderr);
	return OUTCOME_USAGE;
}

/* argv[0] is the verb, or the name of the program. */
static enum outcome run(const struct cmd *cmd, int argc, char **argv)
{
	struct options options = {.operands = NULL};

	switch (read_options(cmd, argc, argv, &options)) {
	case 0:
		return cmd->run(&options);
	case HELP:
		fputs(cmd->usage, stdout);
		return OUTCOME_DONE;
	case PROGRAM_VERSION:
		puts("kindling initctl " VERSION);
		return OUTCOME_DONE;
	default:
		return wrong_call(cmd->usage);
	}
}

/* Flushes standard output. Returns the exit status: outcome, or failed if the
 * output could not be written. */
static int finish(enum outcome outcome, enum outcome failed)
{
	int error = output_flush();

	if (!error)
		return (int)outcome;
	error_line("standard output: %s", strerror(error));
	return (int)failed;
}

int main(int argc, char **argv)
{
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
	const char *name = slash ? slash + 1 : argc > 0 ? argv[0] : "";
	const struct cmd *cmd;
	enum outcome outcome;

	if (strcmp(name, "telinit") == 0)
		return telinit(argc > 1 ? argv[1] : "");
	if (halt_run(name, argc, argv, &outcome))
		return finish(outcome, OUTCOME_REFUSED);
	if (argc < 2 || argv[1][0] == '-')
		return finish(run(&no_verb, argc, argv), OUTCOME_REFUSED);
	cmd = find_cmd(argv[1]);
	if (!cmd)
		return (int)wrong_call(usage);
	return finish(run(cmd, argc - 1, argv + 1),
		      cmd->run == cmd_check ? CHECK_FAILED : OUTCOME_REFUSED);
}
