#define _GNU_SOURCE /* syscall */

#include "cmd_halt.h"

#include <errno.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "cmd_control.h"
#include "out.h"
#include "outcome.h"
#include "say.h"
#include "snapshot.h"
#include "words.h"

#define DELAY_MOST 1000000 /* s: it fits in ms */

static const char halt_usage[] =
	"usage: halt|poweroff|reboot [-f] [-n] [-d SECONDS] [-p]\n"
	"  -f  at once, by reboot(2); init is not asked\n"
	"  -n  with -f: what is not on the disks yet is lost\n"
	"  -d  wait so long before\n"
	"  -p  halt means poweroff\n";

static const char shutdown_usage[] = "usage: shutdown -h|-P|-r|-H now|+0\n"
				     "  -h, -P  poweroff\n"
				     "  -r      reboot\n"
				     "  -H      halt\n";

enum kind { KIND_HALT, KIND_POWEROFF, KIND_REBOOT, KIND_COUNT };

/* What init is asked for, and what reboot(2) is given. */
static const struct {
	char name[9];
	uint8_t ending; /* enum shutdown_kind */
	unsigned command;
} kinds[KIND_COUNT] = {
	[KIND_HALT] = {"halt", SHUTDOWN_HALT, RB_HALT_SYSTEM},
	[KIND_POWEROFF] = {"poweroff", SHUTDOWN_POWEROFF, RB_POWER_OFF},
	[KIND_REBOOT] = {"reboot", SHUTDOWN_REBOOT, RB_AUTOBOOT},
};

struct options {
	enum kind kind;
	bool is_forced;
	bool has_no_sync;
	int delay; /* s */
};

/* A number of seconds, or -1. */
static int read_delay(const char *text)
{
	int delay = 0;

	if (!*text)
		return -1;
	for (; *text >= '0' && *text <= '9' && delay < DELAY_MOST; text++)
		delay = delay * 10 + (*text - '0');
	return *text || delay > DELAY_MOST ? -1 : delay;
}

/* One letter; what follows it in its word, and the next word, are what -d
 * wants. Returns how many words it took, less the one that it stands in; -1:
 * it is unknown. */
static int take_letter(struct options *options, const char *letter,
		       const char *next)
{
	switch (*letter) {
	case 'f':
		options->is_forced = true;
		return 0;
	case 'n':
		options->has_no_sync = true;
		return 0;
	case 'p':
		if (options->kind == KIND_HALT)
			options->kind = KIND_POWEROFF;
		return 0;
	case 'd':
		options->delay = read_delay(letter[1] ? letter + 1
					    : next    ? next
						      : "");
		if (options->delay < 0)
			return -1;
		return letter[1] ? 0 : 1;
	default:
		return -1;
	}
}

static bool read_options(struct options *options, char **words)
{
	for (; *words; words++) {
		const char *letter = *words;
		int more = 0;

		if (*letter++ != '-' || !*letter)
			return false;
		for (bool is_last = false; *letter && !is_last; letter++) {
			is_last = *letter == 'd';
			more = take_letter(options, letter, words[1]);
			if (more < 0)
				return false;
		}
		words += more;
	}
	return true;
}

static enum outcome force(const struct options *options)
{
	char words[WORDS_SIZE];

	if (!options->has_no_sync)
		sync();
	(void)reboot(
		(int)kinds[options->kind].command); /* returns only if not */
	say("reboot(2): ", words_error(words, errno), NULL);
	return errno == EPERM ? OUTCOME_NOT_PERMITTED : OUTCOME_REFUSED;
}

static enum outcome end(const struct options *options)
{
	char *none[] = {NULL};

	if (options->delay)
		look_wait(options->delay * 1000);
	if (options->is_forced)
		return force(options);
	return wish_ending(kinds[options->kind].ending, none);
}

static int say_usage(const char *usage, char **words)
{
	bool is_help = words[0] && strcmp(words[0], "--help") == 0;

	(is_help ? out_text : out_error)(usage);
	return is_help ? OUTCOME_DONE : OUTCOME_USAGE;
}

static int halt(enum kind kind, char **words)
{
	struct options options = {.kind = kind};

	if (!read_options(&options, words))
		return say_usage(halt_usage, words);
	return (int)end(&options);
}

static int shut_down(char **words)
{
	struct options options = {.kind = KIND_COUNT};

	if (words[0] && words[0][0] == '-' && words[0][1] && !words[0][2])
		switch (words[0][1]) {
		case 'h':
		case 'P':
			options.kind = KIND_POWEROFF;
			break;
		case 'r':
			options.kind = KIND_REBOOT;
			break;
		case 'H':
			options.kind = KIND_HALT;
			break;
		default:
			break;
		}
	if (options.kind == KIND_COUNT || !words[1] || words[2])
		return say_usage(shutdown_usage, words);
	if (strcmp(words[1], "now") != 0 && strcmp(words[1], "+0") != 0) {
		say("shutdown knows no other time than now", NULL);
		return OUTCOME_USAGE;
	}
	return (int)end(&options);
}

bool halt_run(const char *name, char **words, int *status)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		if (strcmp(name, kinds[kind].name) == 0) {
			*status = halt(kind, words);
			return true;
		}
	if (strcmp(name, "shutdown") != 0)
		return false;
	*status = shut_down(words);
	return true;
}
