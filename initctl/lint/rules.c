#include "rules.h"

#include <stddef.h>
#include <string.h>

#include "finding.h"
#include "rules_command.h"
#include "rules_redundant.h"
#include "shell_words.h"

static const char *number_text(char out[RULE_NUMBER], uint32_t number)
{
	char *at = out + RULE_NUMBER - 1;

	*at = '\0';
	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	return at;
}

static void say_line(struct look *look, const char *before, uint32_t line,
		     const char *after)
{
	struct found *found =
		rule_say(look, look->command, before, NULL, after);

	found->part[1] = number_text(found->number, line);
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* A byte that no device below /dev has in its name. */
static bool is_odd(unsigned char c)
{
	return c <= ' ' || c >= 0x7f || strchr("\"'`$&*()=|\\{}[];<>?!#", c);
}

/* A byte order mark is told apart. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static bool say_odd(struct look *look)
{
	const char *tty = look->tty;
	const char *c = tty;

	if (begins(tty, BYTE_ORDER_MARK))
		return true;
	if (begins(tty, "dev/")) {
		rule_say(look, tty, "this means /dev/", tty,
			 ": leave out \"dev/\"");
		return true;
	}
	while (*c && !is_odd((unsigned char)*c))
		c++;
	if (*c)
		rule_say(look, c, "'", tty, "' can't be the name of a tty");
	return *c;
}

/* Ttys whose names are as short as those of sysvinit, and what is put where one
 * is wanted. */
static bool is_known_tty(const char *tty)
{
	static const char *const names[] = {"tty",  "vc/",  "hvc",  "xvc",
					    "pty",  "null", "zero", "full",
					    "kmsg", "ptmx"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (begins(tty, names[i]))
			return true;
	return false;
}

/* getty is told its tty once more: what is named in both places is one. */
static bool is_in_command(const struct look *look)
{
	struct shell shell = shell_of(look->command);
	struct word word;

	while (shell_next(&shell, &word))
		if (!word.leads && word_names(&word, look->tty))
			return true;
	return false;
}

/* 1:2345:respawn:... and si::sysinit:... of sysvinit, where the first field is
 * any name of one to four bytes. No tty has a name of two. */
static bool is_of_sysvinit(const struct look *look)
{
	static const char runlevels[] = "0123456789SsAaBbCc";
	size_t levels = strspn(look->levels, runlevels);
	size_t len = strlen(look->tty);

	if (look->is_path)
		return false;
	if (strspn(look->tty, "0123456789") == len || len <= 2)
		return true;
	return len <= 4 && levels && !look->levels[levels] &&
	       !is_in_command(look);
}

static void wrong_tty(struct look *look)
{
	if (!look->tty[0] || say_odd(look) || is_known_tty(look->tty) ||
	    !is_of_sysvinit(look))
		return;
	rule_say(look, look->tty,
		 "the first field is a tty here, and this one means /dev/",
		 look->tty, ": name a tty, or leave it empty");
}

static void repeated(struct look *look)
{
	if (look->same)
		say_line(look, "repeats line ", look->same,
			 ": that one is dropped, and this one counts");
}

static void twin(struct look *look)
{
	if (look->twin)
		say_line(look, "has the tty and the command of line ",
			 look->twin,
			 " under another action: two entries here, under "
			 "busybox init only this one");
}

static void further_restart(struct look *look)
{
	if (look->restart)
		say_line(look, "only one restart entry is used, that of line ",
			 look->restart, NULL);
}

static void dead_end(struct look *look)
{
	if (look->is_dead_end)
		rule_say(look, look->command,
			 "Ctrl-Alt-Del will not end the machine: no ctrlaltdel "
			 "entry runs reboot, poweroff or halt",
			 NULL, NULL);
}

static void (*const rules[])(struct look *) = {
	wrong_tty,
	repeated,
	twin,
	further_restart,
	dead_end,
	remark_number_sign,
	remark_open_quote,
	remark_broken_construct,
	remark_lost_setting,
	duty_mount,
	duty_unmount,
	duty_ending,
	remark_background,
};

void rule_apply(struct look *look)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		rules[i](look);
}
