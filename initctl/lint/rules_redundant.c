#include "rules_redundant.h"

#include <stddef.h>
#include <string.h>

#include "shell_words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The next command that runs in any case. What comes after a test (||, if, &&)
 * may well be meant, so nothing after it counts. */
static bool next_sure(struct shell *shell, struct word *command)
{
	bool prepares =
		word_names(command, "mkdir") || word_names(command, "mount");

	while (shell_next(shell, command)) {
		if (!command->leads)
			continue;
		return command->joint == JOINT_NONE ||
		       (command->joint == JOINT_AND && prepares);
	}
	return false;
}

/* What init/mount.c mounts before it starts anything. */
static const struct own {
	const char *type;
	const char *path;
} owns[] = {
	{"proc", "/proc"},	{"sysfs", "/sys"},     {"devtmpfs", "/dev"},
	{"devpts", "/dev/pts"}, {"tmpfs", "/dev/shm"}, {"tmpfs", "/run"},
};

static bool is_own(const struct word *type, const struct word *path,
		   const struct own *own)
{
	struct word trimmed = *path;

	if (trimmed.len > 1 && trimmed.at[trimmed.len - 1] == '/')
		trimmed.len--;
	return word_is(type, own->type) && word_is(&trimmed, own->path);
}

/* The options and operands of a mount. */
struct mount {
	struct word type;
	struct word path;
	bool is_new; /* no remount, bind or move */
};

static bool word_has(const struct word *word, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i + len <= word->len; i++)
		if (memcmp(word->at + i, text, len) == 0)
			return true;
	return false;
}

static struct mount read_mount(struct shell rest)
{
	struct mount mount = {
		{"", 0, JOINT_NONE, false}, {"", 0, JOINT_NONE, false}, true};
	struct word word, option = mount.type;

	while (shell_next(&rest, &word) && !word.leads) {
		if (word_is(&option, "-t"))
			mount.type = word;
		else if (word_has(&word, "remount") ||
			 word_has(&word, "bind") || word_has(&word, "move"))
			mount.is_new = false;
		else if (word.at[0] == '-' && word.at[1] == 't' && word.len > 2)
			mount.type = (struct word){word.at + 2, word.len - 2,
						   JOINT_NONE, false};
		else if (word.at[0] != '-' && !word_is(&option, "-o"))
			mount.path = word;
		option = word;
	}
	return mount;
}

void duty_mount(struct look *look)
{
	struct shell shell = shell_of(look->command);
	struct word word = {"", 0, JOINT_NONE, true};

	while (next_sure(&shell, &word)) {
		struct mount mount;

		if (!word_names(&word, "mount"))
			continue;
		mount = read_mount(shell);
		for (size_t i = 0; mount.is_new && i < COUNT(owns); i++) {
			if (!is_own(&mount.type, &mount.path, &owns[i]))
				continue;
			rule_say(look, word.at, "init has mounted ",
				 owns[i].path,
				 " already: delete this, or use -o remount for "
				 "other options");
			return;
		}
	}
}

/* Is -a given, also among other letters, and nothing that says which of all?
 * To unmount what needs the network while there is one is not init's to do. */
static bool takes_all(struct shell rest)
{
	bool all = false;
	struct word word;

	while (shell_next(&rest, &word) && !word.leads) {
		if (word.at[0] != '-' || word_has(&word, "--"))
			continue;
		if (word_has(&word, "t") || word_has(&word, "O"))
			return false;
		all |= word_has(&word, "a");
	}
	return all;
}

void duty_unmount(struct look *look)
{
	struct shell shell = shell_of(look->command);
	struct word word = {"", 0, JOINT_NONE, true};

	if (look->action != ACTION_SHUTDOWN)
		return;
	while (next_sure(&shell, &word)) {
		bool swap = word_names(&word, "swapoff");

		if ((!swap && !word_names(&word, "umount")) ||
		    !takes_all(shell))
			continue;
		rule_say(look, word.at,
			 swap ? "not needed: init ends swapping by itself, "
				"after all services"
			      : "not needed, and too early: init unmounts by "
				"itself, when services have saved and ended",
			 NULL, NULL);
		return;
	}
}

void duty_ending(struct look *look)
{
	static const char *const endings[] = {"reboot", "poweroff", "halt"};
	struct shell shell = shell_of(look->command);
	struct word word = {"", 0, JOINT_NONE, true};

	if (look->action != ACTION_SHUTDOWN)
		return;
	while (next_sure(&shell, &word)) {
		for (size_t i = 0; i < COUNT(endings); i++) {
			if (!word_names(&word, endings[i]))
				continue;
			rule_say(look, word.at,
				 "runs on each way down, and turns it into a ",
				 endings[i], NULL);
			return;
		}
	}
}

/* strstr(3), which is for long texts, and 1.3 kB. */
static bool contains(const char *text, const char *part)
{
	size_t len = strlen(part);

	while (*text && strncmp(text, part, len) != 0)
		text++;
	return *text;
}

bool duty_may_end(const char *command)
{
	/* Part of a command that ends the machine, or of a script's path. */
	static const char *const parts[] = {
		"reboot", "poweroff", "halt",	     "shutdown", "restart",
		"kexec",  "sysrq",    "init 0",	     "init 6",	 "rc 0",
		"rc 6",	  "/etc/",    "/usr/local/", "/opt/",	 ".sh",
	};
	struct shell shell = shell_of(command);
	size_t len = strlen(command);
	struct word word;

	for (size_t i = 0; i < COUNT(parts); i++)
		if (contains(command, parts[i]))
			return true;
	if (contains(command, "kill ") && len > 2 &&
	    strcmp(command + len - 2, " 1") == 0)
		return true;
	/* who writes that does not want it to end */
	return shell_next(&shell, &word) &&
	       (word_names(&word, "true") || word_names(&word, "false") ||
		word_is(&word, ":"));
}
