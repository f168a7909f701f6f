#include "rules_redundant.h"

#include <stddef.h>
#include <string.h>

#include "early_mounts.h"
#include "shell_words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Gets the next command that runs in any case. A command after a test (||, &&,
 * if) may be intended, so this returns false at the first one; only a && after
 * mkdir or mount is no test. */
static bool next_unconditional(struct shell_words *words, struct word *command)
{
	bool prepares = word_is_program(command, "mkdir") ||
			word_is_program(command, "mount");

	while (shell_words_next(words, command)) {
		if (!command->starts_command)
			continue;
		return command->condition == RUNS_ALWAYS ||
		       (command->condition == RUNS_AFTER_SUCCESS && prepares);
	}
	return false;
}

static bool is_early_mount(const struct word *type, const struct word *path,
			   const struct early_mount *early)
{
	struct word trimmed = *path;

	if (trimmed.len > 1 && trimmed.at[trimmed.len - 1] == '/')
		trimmed.len--;
	return word_is(type, early->type) && word_is(&trimmed, early->path);
}

/* The arguments of a mount command. */
struct mount_command {
	struct word type;
	struct word path;
	bool is_new; /* not a remount, bind or move */
};

static bool word_has(const struct word *word, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i + len <= word->len; i++)
		if (memcmp(word->at + i, text, len) == 0)
			return true;
	return false;
}

static struct mount_command parse_mount(struct shell_words rest)
{
	struct mount_command mount = {
		{"", 0, RUNS_ALWAYS, false}, {"", 0, RUNS_ALWAYS, false}, true};
	struct word word, option = mount.type;

	while (shell_words_next(&rest, &word) && !word.starts_command) {
		if (word_is(&option, "-t"))
			mount.type = word;
		else if (word_has(&word, "remount") ||
			 word_has(&word, "bind") || word_has(&word, "move"))
			mount.is_new = false;
		else if (word.at[0] == '-' && word.at[1] == 't' && word.len > 2)
			mount.type = (struct word){word.at + 2, word.len - 2,
						   RUNS_ALWAYS, false};
		else if (word.at[0] != '-' && !word_is(&option, "-o"))
			mount.path = word;
		option = word;
	}
	return mount;
}

void rule_needless_mount(struct lint_line *line)
{
	struct shell_words words = shell_words_begin(line->command);
	struct word word = {"", 0, RUNS_ALWAYS, true};

	while (next_unconditional(&words, &word)) {
		struct mount_command mount;

		if (!word_is_program(&word, "mount"))
			continue;
		mount = parse_mount(words);
		for (size_t i = 0; mount.is_new && i < EARLY_MOUNT_COUNT; i++) {
			if (!is_early_mount(&mount.type, &mount.path,
					    &early_mounts[i]))
				continue;
			add_finding(line, word.at, "init has already mounted ",
				    early_mounts[i].path,
				    ": delete this, or use -o remount to "
				    "change options");
			return;
		}
	}
}

/* Has the command the option -a, and no option that selects some of all
 * filesystems? Unmounting network filesystems while the network is up is
 * useful: init can't do that. */
static bool applies_to_all(struct shell_words rest)
{
	bool all = false;
	struct word word;

	while (shell_words_next(&rest, &word) && !word.starts_command) {
		if (word.at[0] != '-' || word_has(&word, "--"))
			continue;
		if (word_has(&word, "t") || word_has(&word, "O"))
			return false;
		all |= word_has(&word, "a");
	}
	return all;
}

void rule_needless_umount(struct lint_line *line)
{
	struct shell_words words = shell_words_begin(line->command);
	struct word word = {"", 0, RUNS_ALWAYS, true};

	if (line->action != ACTION_SHUTDOWN)
		return;
	while (next_unconditional(&words, &word)) {
		bool swap = word_is_program(&word, "swapoff");

		if ((!swap && !word_is_program(&word, "umount")) ||
		    !applies_to_all(words))
			continue;
		add_finding(line, word.at,
			    swap ? "not needed: init disables swap by itself, "
				   "after all services have ended"
				 : "not needed, and too early: init unmounts "
				   "by itself, after all services have ended",
			    NULL, NULL);
		return;
	}
}

void rule_shutdown_command(struct lint_line *line)
{
	static const char *const endings[] = {"reboot", "poweroff", "halt"};
	struct shell_words words = shell_words_begin(line->command);
	struct word word = {"", 0, RUNS_ALWAYS, true};

	if (line->action != ACTION_SHUTDOWN)
		return;
	while (next_unconditional(&words, &word)) {
		for (size_t i = 0; i < COUNT(endings); i++) {
			if (!word_is_program(&word, endings[i]))
				continue;
			add_finding(
				line, word.at,
				"runs in each shutdown, and turns it into a ",
				endings[i], NULL);
			return;
		}
	}
}

bool command_may_shut_down(const char *command)
{
	/* parts of commands that shut down, and of paths of scripts */
	static const char *const parts[] = {
		"reboot", "poweroff", "halt",	     "shutdown", "restart",
		"kexec",  "sysrq",    "init 0",	     "init 6",	 "rc 0",
		"rc 6",	  "/etc/",    "/usr/local/", "/opt/",	 ".sh",
	};
	struct shell_words words = shell_words_begin(command);
	size_t len = strlen(command);
	struct word word;

	for (size_t i = 0; i < COUNT(parts); i++)
		if (strstr(command, parts[i]))
			return true;
	if (strstr(command, "kill ") && len > 2 &&
	    strcmp(command + len - 2, " 1") == 0)
		return true;
	return shell_words_next(&words, &word) &&
	       (word_is_program(&word, "true") ||
		word_is_program(&word, "false") || word_is(&word, ":"));
}
