#include "inittab.h"

#include <stddef.h>
#include <string.h>

/* Fields before the command: tty, runlevels (not used), action. */
#define FIELDS_BEFORE_COMMAND 3

/* The default of busybox init.c, parse_inittab(), without its shutdown entries
 * for umount and swapoff: init does both, but after all processes have ended,
 * since a service may have to save data. */
const char inittab_builtin[] = "::sysinit:/etc/init.d/rcS\n"
			       "::askfirst:-/bin/sh\n"
			       "tty2::askfirst:-/bin/sh\n"
			       "tty3::askfirst:-/bin/sh\n"
			       "tty4::askfirst:-/bin/sh\n"
			       "::ctrlaltdel:reboot\n"
			       "::restart:init\n";

const char inittab_single[] = "::respawn:-/bin/sh\n";

const char *inittab_action_name(enum action action)
{
	static const char names[][11] = {
		[ACTION_SYSINIT] = "sysinit",
		[ACTION_WAIT] = "wait",
		[ACTION_ONCE] = "once",
		[ACTION_RESPAWN] = "respawn",
		[ACTION_ASKFIRST] = "askfirst",
		[ACTION_CTRLALTDEL] = "ctrlaltdel",
		[ACTION_SHUTDOWN] = "shutdown",
		[ACTION_RESTART] = "restart",
		[ACTION_JOB] = "job",
	};

	_Static_assert(sizeof(names) / sizeof(names[0]) == ACTION_COUNT,
		       "a name for each action");
	return names[action];
}

/* Position of the parser. A line is written over itself when it is joined,
 * which makes it shorter: what is written never overtakes what is read. */
struct scan {
	char *text;
	uint32_t len;
	uint32_t in;   /* next byte to read */
	uint32_t line; /* number of its line, from 1 */
};

/* A logical line: continuation lines joined, the comment removed. */
struct line {
	char *start;
	uint32_t number; /* of its first physical line */
};

static bool is_whitespace(char c)
{
	return c == ' ' || c == '\t';
}

/* The length of a backslash and the line end after it (bytes); 0 if something
 * else follows it. */
static uint32_t continuation_length(const struct scan *scan)
{
	const char *at = scan->text + scan->in;
	uint32_t left = scan->len - scan->in;

	if (left == 1)
		return 1; /* a backslash at the very end is dropped */
	if (at[1] == '\n')
		return 2;
	return left > 2 && at[1] == '\r' && at[2] == '\n' ? 3 : 0;
}

/* The quoting state after the character c of a command: a # in quotes starts no
 * comment. The state is 0 outside of quotes, else the quote character, or '\\'
 * after a backslash; *before_escape is the state before that backslash. */
static char quote_after(char state, char c, char *before_escape)
{
	if (state == '\\')
		return *before_escape;
	if (c == '\\' && state != '\'') {
		*before_escape = state;
		return '\\';
	}
	if (state == 0 && (c == '\'' || c == '"'))
		return c;
	return c == state ? 0 : state;
}

static void skip_physical_line(struct scan *scan)
{
	char *end = memchr(scan->text + scan->in, '\n', scan->len - scan->in);

	scan->in = end ? (uint32_t)(end - scan->text) + 1 : scan->len;
	scan->line++;
}

/* Reads one logical line and writes it over itself, with a NUL. */
static struct line take_line(struct scan *scan)
{
	struct line line = {scan->text + scan->in, scan->line};
	char *out = line.start;
	char quote = 0, before_escape = 0;
	int colons = 0;

	while (scan->in < scan->len) {
		char c = scan->text[scan->in];
		uint32_t continuation =
			c == '\\' ? continuation_length(scan) : 0;

		if (continuation) {
			scan->in += continuation;
			scan->line++;
			continue;
		}
		if (c == '\n' || c == '\0')
			break;
		if (c == '#' && !quote &&
		    (out == line.start || is_whitespace(out[-1])))
			break;
		if (colons == FIELDS_BEFORE_COMMAND)
			quote = quote_after(quote, c, &before_escape);
		else if (c == ':')
			colons++;
		*out++ = c;
		scan->in++;
	}
	skip_physical_line(scan);
	if (out > line.start && out[-1] == '\r')
		out--;
	*out = '\0';
	return line;
}

/* Cuts whitespace off both ends of a string, in place. Returns its start. */
static char *trim(char *s)
{
	size_t len;

	while (is_whitespace(*s))
		s++;
	len = strlen(s);
	while (len > 0 && is_whitespace(s[len - 1]))
		len--;
	s[len] = '\0';
	return s;
}

/* The name below /dev: "/dev/tty1", "/tty1", "tty1" and "/dev//tty1" are the
 * same (busybox init.c). */
static const char *tty_name(const char *field)
{
	if (strncmp(field, "/dev/", 5) == 0)
		field += 5;
	while (*field == '/')
		field++;
	return field;
}

/* ACTION_INITTAB_COUNT: there is no such action. */
static enum action find_action(const char *name)
{
	enum action action = 0;

	while (action < ACTION_INITTAB_COUNT &&
	       strcmp(name, inittab_action_name(action)) != 0)
		action++;
	return action;
}

/* Does the command have a word, after the dash of a login shell? */
static bool has_command(const char *command)
{
	if (*command == '#')
		return false;
	if (*command == '-')
		command++;
	while (is_whitespace(*command))
		command++;
	return *command != '\0';
}

/* Splits a line at its first three colons into four fields without whitespace
 * around them. Returns NULL or, if a colon is missing, the end of the line. */
static char *split_fields(char *at, char *field[FIELDS_BEFORE_COMMAND + 1])
{
	for (int i = 0; i < FIELDS_BEFORE_COMMAND; i++) {
		char *colon = strchr(at, ':');

		if (!colon)
			return at + strlen(at);
		*colon = '\0';
		field[i] = trim(at);
		at = colon + 1;
	}
	field[FIELDS_BEFORE_COMMAND] = trim(at);
	return NULL;
}

static void take_entry(const struct scan *scan, const struct line *line,
		       const struct inittab_sink *sink)
{
	char *field[FIELDS_BEFORE_COMMAND + 1];
	char *bad = split_fields(line->start, field);
	const char *why = "needs four fields, tty::action:command";
	struct entry entry;

	if (!bad) {
		entry.tty = (uint32_t)(tty_name(field[0]) - scan->text);
		entry.action = find_action(field[2]);
		entry.command = (uint32_t)(field[3] - scan->text);
		if (entry.action == ACTION_INITTAB_COUNT) {
			bad = field[2];
			why = "unknown action";
		} else if (!has_command(field[3])) {
			bad = field[3];
			why = "no command";
		}
	}
	if (bad)
		sink->fault(sink->arg, line->number,
			    (uint32_t)(bad - line->start) + 1, why);
	else
		sink->entry(sink->arg, &entry, line->number);
}

void inittab_parse(char *text, uint32_t len, const struct inittab_sink *sink)
{
	struct scan scan = {text, len, 0, 1};

	while (scan.in < scan.len) {
		struct line line = take_line(&scan);

		if (*trim(line.start))
			take_entry(&scan, &line, sink);
	}
}
