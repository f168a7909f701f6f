#include "rules.h"

#include <stddef.h>
#include <string.h>

#include "finding.h"
#include "format_number.h"
#include "rules_command.h"
#include "rules_redundant.h"
#include "shell_words.h"

static void add_line_finding(struct lint_line *line, const char *before,
			     uint32_t number, const char *after)
{
	struct finding *finding =
		add_finding(line, line->command, before, NULL, after);

	finding->parts[1] = format_decimal(finding->number, number);
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* A byte that no tty below /dev has in its name. */
static bool is_forbidden_in_tty(unsigned char c)
{
	return c <= ' ' || c >= 0x7f || strchr("\"'`$&*()=|\\{}[];<>?!#", c);
}

/* lint.c reports it. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static bool check_tty_bytes(struct lint_line *line)
{
	const char *tty = line->tty;
	const char *c = tty;

	if (begins(tty, BYTE_ORDER_MARK))
		return true;
	if (begins(tty, "dev/")) {
		add_finding(line, tty, "this means /dev/", tty,
			    ": leave out \"dev/\"");
		return true;
	}
	while (*c && !is_forbidden_in_tty((unsigned char)*c))
		c++;
	if (*c)
		add_finding(line, c, "'", tty, "' can't be the name of a tty");
	return *c;
}

/* Ttys with names as short as the ids of sysvinit, and other devices that
 * people use in place of a tty. */
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

/* Is the tty also an argument of the command, as a getty's is? Then it is not
 * an id. */
static bool is_tty_in_command(const struct lint_line *line)
{
	struct shell_words words = shell_words_begin(line->command);
	struct word word;

	while (shell_words_next(&words, &word))
		if (!word.starts_command && word_is_program(&word, line->tty))
			return true;
	return false;
}

/* Is the first field an id of sysvinit, as in 1:2345:respawn:... and
 * si::sysinit:...? An id is any text of one to four bytes; no tty has a name of
 * one or two. */
static bool is_sysvinit_id(const struct lint_line *line)
{
	static const char runlevels[] = "0123456789SsAaBbCc";
	size_t levels = strspn(line->runlevels, runlevels);
	size_t len = strlen(line->tty);

	if (line->is_path)
		return false;
	if (strspn(line->tty, "0123456789") == len || len <= 2)
		return true;
	return len <= 4 && levels && !line->runlevels[levels] &&
	       !is_tty_in_command(line);
}

static void rule_tty(struct lint_line *line)
{
	if (!line->tty[0] || check_tty_bytes(line) || is_known_tty(line->tty) ||
	    !is_sysvinit_id(line))
		return;
	add_finding(line, line->tty, "the first field is a tty, here /dev/",
		    line->tty, ": name a tty, or leave it empty");
}

static void rule_repeated(struct lint_line *line)
{
	if (line->repeated_line)
		add_line_finding(line, "repeats line ", line->repeated_line,
				 ": init ignores that line, and uses this one");
}

static void rule_other_action(struct lint_line *line)
{
	if (line->other_action_line)
		add_line_finding(line, "has the same tty and command as line ",
				 line->other_action_line,
				 ", with another action: init keeps both "
				 "entries, busybox init only this one");
}

static void rule_unused_restart(struct lint_line *line)
{
	if (line->used_restart_line)
		add_line_finding(
			line, "init uses only one restart entry, that of line ",
			line->used_restart_line, NULL);
}

static void rule_useless_cad(struct lint_line *line)
{
	if (line->is_useless_cad)
		add_finding(line, line->command,
			    "Ctrl-Alt-Del will not shut down the machine: no "
			    "ctrlaltdel entry runs reboot, poweroff or halt",
			    NULL, NULL);
}

static void (*const rules[])(struct lint_line *) = {
	rule_tty,
	rule_repeated,
	rule_other_action,
	rule_unused_restart,
	rule_useless_cad,
	rule_number_sign,
	rule_unclosed_quote,
	rule_split_construct,
	rule_lost_setting,
	rule_needless_mount,
	rule_needless_umount,
	rule_shutdown_command,
	rule_background,
};

void rules_apply(struct lint_line *line)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		rules[i](line);
}
