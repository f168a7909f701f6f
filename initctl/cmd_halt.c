#define _GNU_SOURCE /* siginfo_t, reboot, getopt_long */

#include "cmd_halt.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "output.h"
#include "pid1.h"
#include "request.h"
#include "shutdown_kind.h"
#include "snapshot.h"

#define POLL_INTERVAL 20  /* ms between two snapshots */
#define TIMEOUT 2000	  /* for init to begin the shutdown (ms) */
#define DELAY_MAX 1000000 /* s; as ms it fits into an int */

static const char halt_usage[] =
	"usage: halt|poweroff|reboot [-f] [-n] [-d SECONDS] [-p]\n"
	"  -f  call reboot(2) at once, without a shutdown by init\n"
	"  -n  with -f: do not call sync(2); unwritten data is lost\n"
	"  -d  wait SECONDS first\n"
	"  -p  halt: power off\n";

static const char shutdown_usage[] = "usage: shutdown -h|-P|-r|-H now|+0\n"
				     "  -h, -P  poweroff\n"
				     "  -r      reboot\n"
				     "  -H      halt\n";

/* --help has no letter: -h is an option of shutdown. */
#define OPTION_HELP 256

static const struct option long_options[] = {
	{"help", no_argument, NULL, OPTION_HELP},
	{NULL, 0, NULL, 0},
};

/* Without a readable state: may PID 1 be an init that knows the signals? Its
 * name decides, if it can be read. */
static bool may_be_init(void)
{
	char name[FORMAT_SIZE];

	pid1_read_name(name, sizeof(name));
	return !*name || strcmp(name, "init") == 0 || pid1_is_ours();
}

/* Waits until init has begun the shutdown. A state that can't be read any more
 * counts as success: the request has been sent. */
static enum outcome await_shutdown(void)
{
	int64_t until = clock_ms() + TIMEOUT;
	struct snapshot now;

	while (snapshot_take_quietly(&now) == OUTCOME_DONE) {
		bool is_down = now.state->plan.phase > PHASE_RUN;

		snapshot_free(&now);
		if (is_down)
			break;
		if (now.taken > until) {
			error_line("init has not begun to shut down");
			return OUTCOME_REFUSED;
		}
		sleep_ms(POLL_INTERVAL);
	}
	return OUTCOME_DONE;
}

/* Our init has signals that it does not pass on to a job that is its only
 * entry; any other init gets those of busybox init. */
static int signal_for(enum shutdown_kind kind, bool is_ours)
{
	return is_ours ? shutdown_container_signal(kind)
		       : shutdown_signal(kind);
}

/* now: without the grace period between SIGTERM and SIGKILL. */
static enum outcome request_shutdown(enum shutdown_kind kind, bool now)
{
	enum outcome outcome = OUTCOME_DONE;
	struct snapshot before;
	bool ours = snapshot_take_quietly(&before) == OUTCOME_DONE;

	snapshot_free(&before);
	if (!ours && !may_be_init()) {
		pid1_report_other();
		return OUTCOME_REFUSED;
	}
	if (now)
		outcome = pid1_send_request(VERB_SKIP_GRACE, 0);
	if (!outcome)
		outcome = pid1_send_signal(signal_for(kind, ours));
	return outcome || !ours ? outcome : await_shutdown();
}

enum outcome cmd_poweroff(const struct options *options)
{
	return request_shutdown(SHUTDOWN_POWEROFF, options->now);
}

enum outcome cmd_reboot(const struct options *options)
{
	return request_shutdown(SHUTDOWN_REBOOT, options->now);
}

enum outcome cmd_halt(const struct options *options)
{
	return request_shutdown(SHUTDOWN_HALT, options->now);
}

struct halt_options {
	enum shutdown_kind kind;
	bool force;
	bool no_sync;
	int delay; /* s */
};

/* Returns the number of seconds, or -1 if text is none or too large. */
static int parse_delay(const char *text)
{
	char *end;
	unsigned long delay = strtoul(text, &end, 10);

	if (!isdigit((unsigned char)*text) || *end || delay > DELAY_MAX)
		return -1;
	return (int)delay;
}

static enum outcome force_reboot(const struct halt_options *options)
{
	static const unsigned commands[] = {
		[SHUTDOWN_HALT] = RB_HALT_SYSTEM,
		[SHUTDOWN_POWEROFF] = RB_POWER_OFF,
		[SHUTDOWN_REBOOT] = RB_AUTOBOOT,
	};

	_Static_assert(sizeof(commands) / sizeof(commands[0]) ==
			       SHUTDOWN_RESTART,
		       "all kinds that end the machine");
	if (!options->no_sync)
		sync();
	/* it returns only if it fails */
	(void)reboot((int)commands[options->kind]);
	error_line("reboot(2): %s", strerror(errno));
	return errno == EPERM ? OUTCOME_NOT_PERMITTED : OUTCOME_REFUSED;
}

static enum outcome shut_down(const struct halt_options *options)
{
	if (options->delay)
		sleep_ms(options->delay * 1000);
	return options->force ? force_reboot(options)
			      : request_shutdown(options->kind, false);
}

static enum outcome print_help(const char *usage)
{
	fputs(usage, stdout);
	return OUTCOME_DONE;
}

static enum outcome wrong_call(const char *usage)
{
	fputs(usage, stderr);
	return OUTCOME_USAGE;
}

static enum outcome run_halt(enum shutdown_kind kind, int argc, char **argv)
{
	struct halt_options options = {.kind = kind};
	int letter;

	while ((letter = getopt_long(argc, argv, "fnpd:", long_options,
				     NULL)) != -1)
		switch (letter) {
		case 'f':
			options.force = true;
			break;
		case 'n':
			options.no_sync = true;
			break;
		case 'p':
			if (kind == SHUTDOWN_HALT)
				options.kind = SHUTDOWN_POWEROFF;
			break;
		case 'd':
			options.delay = parse_delay(optarg);
			if (options.delay < 0)
				return wrong_call(halt_usage);
			break;
		case OPTION_HELP:
			return print_help(halt_usage);
		default:
			return wrong_call(halt_usage);
		}
	return optind < argc ? wrong_call(halt_usage) : shut_down(&options);
}

static enum shutdown_kind shutdown_of_letter(int letter)
{
	switch (letter) {
	case 'h':
	case 'P':
		return SHUTDOWN_POWEROFF;
	case 'r':
		return SHUTDOWN_REBOOT;
	case 'H':
		return SHUTDOWN_HALT;
	default:
		return SHUTDOWN_NONE;
	}
}

static enum outcome run_shutdown(int argc, char **argv)
{
	struct halt_options options = {.kind = SHUTDOWN_NONE};
	int letter;

	while ((letter = getopt_long(argc, argv, "hPrH", long_options, NULL)) !=
	       -1) {
		if (letter == OPTION_HELP)
			return print_help(shutdown_usage);
		if (options.kind || !shutdown_of_letter(letter))
			return wrong_call(shutdown_usage);
		options.kind = shutdown_of_letter(letter);
	}
	if (!options.kind || argc - optind != 1)
		return wrong_call(shutdown_usage);
	if (strcmp(argv[optind], "now") != 0 &&
	    strcmp(argv[optind], "+0") != 0) {
		error_line("shutdown: the only supported time is now");
		return OUTCOME_USAGE;
	}
	return shut_down(&options);
}

bool halt_run(const char *name, int argc, char **argv, enum outcome *outcome)
{
	static const struct {
		const char *name;
		enum shutdown_kind kind;
	} programs[] = {
		{"halt", SHUTDOWN_HALT},
		{"poweroff", SHUTDOWN_POWEROFF},
		{"reboot", SHUTDOWN_REBOOT},
	};

	opterr = 0; /* errors are answered with the usage */
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (strcmp(name, programs[i].name) == 0) {
			*outcome = run_halt(programs[i].kind, argc, argv);
			return true;
		}
	if (strcmp(name, "shutdown") != 0)
		return false;
	*outcome = run_shutdown(argc, argv);
	return true;
}
