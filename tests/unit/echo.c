#include "echo.h"

#include <stdbool.h>
#include <string.h>

#include "inittab.h"
#include "must.h"

static bool is_whitespace(char c)
{
	return c == ' ' || c == '\t';
}

/* The string must end inside the text, on its own line, and without trailing
 * whitespace. Returns its length. */
static uint32_t check_string(const struct echo *echo, uint32_t at)
{
	const char *s = echo->text + at, *end;

	MUST(at <= echo->len);
	end = memchr(s, '\0', echo->len + 1 - at);
	MUST(end);
	MUST(!memchr(s, '\n', (size_t)(end - s)));
	MUST(end == s || !is_whitespace(end[-1]));
	return (uint32_t)(end - s);
}

/* Were the lines of the original that have its bytes from..to joined? */
static bool is_joined(const char *original, uint32_t from, uint32_t to)
{
	while (from > 0 && original[from - 1] != '\n')
		from--;
	if (memchr(original + from, '\\', to - from))
		return true;
	from -= from > 0;
	from -= from > 0 && original[from - 1] == '\r';
	return from > 0 && original[from - 1] == '\\';
}

/* If its line was not joined, the string is in its place and whole; around it
 * are whitespace and one of these bytes, or a NUL. */
static void check_place(const struct echo *echo, uint32_t at, uint32_t len,
			const char *before, const char *after)
{
	const char *original = echo->original;
	uint32_t end = at + len;

	if (is_joined(original, at, end))
		return;
	MUST(memcmp(original + at, echo->text + at, len) == 0);
	while (at > 0 && is_whitespace(original[at - 1]))
		at--;
	MUST(at == 0 || strchr(before, original[at - 1]));
	while (end < echo->len && is_whitespace(original[end]))
		end++;
	MUST(end == echo->len || strchr(after, original[end]));
}

static void check_line(struct echo *echo, uint32_t line)
{
	MUST(line > echo->line && line <= echo->lines);
	echo->line = line;
}

static void put(struct echo *echo, const char *s)
{
	size_t len = strlen(s);

	MUST(len < sizeof(echo->out) - echo->used);
	memcpy(echo->out + echo->used, s, len + 1);
	echo->used += len;
}

static void take_entry(void *arg, const struct entry *entry, uint32_t line)
{
	struct echo *echo = arg;
	const char *tty = echo->text + entry->tty;
	const char *command = echo->text + entry->command;
	uint32_t len = check_string(echo, entry->tty);

	check_line(echo, line);
	MUST(entry->action < ACTION_INITTAB_COUNT);
	MUST(entry->tty >= echo->entry_at);
	MUST(entry->tty + len < entry->command);
	MUST(*tty != '/');
	check_place(echo, entry->tty, len, "\n/", ":\\");
	len = check_string(echo, entry->command);
	MUST(len && !is_whitespace(*command) && *command != '#');
	check_place(echo, entry->command, len, ":", "\n\r#\\");
	echo->entry_at = entry->command + len;
	echo->entries++;
	put(echo, "/dev/");
	put(echo, tty);
	put(echo, "::");
	put(echo, inittab_action_name(entry->action));
	put(echo, ":");
	put(echo, command);
	put(echo, " \n");
}

static void take_fault(void *arg, uint32_t line, uint32_t column,
		       const char *why)
{
	struct echo *echo = arg;

	check_line(echo, line);
	MUST(column >= 1 && column <= echo->len + 1);
	MUST(why && *why);
	echo->faults++;
}

void echo_parse(struct echo *echo, const char *text, size_t len)
{
	struct inittab_sink sink = {echo, take_entry, take_fault};
	char *copy = malloc(len + 1);

	echo->entries = echo->faults = echo->line = echo->entry_at = 0;
	echo->used = 0;
	echo->out[0] = '\0';
	echo->original = text;
	echo->text = copy;
	echo->len = (uint32_t)len;
	echo->lines = 1;
	for (size_t i = 0; i < len; i++)
		echo->lines += text[i] == '\n';
	memcpy(copy, text, len);
	copy[len] = '\n'; /* not a NUL, and it is not to be read */
	inittab_parse(copy, (uint32_t)len, &sink);
	MUST(copy[len] == '\n' || copy[len] == '\0');
	free(copy);
}

void echo_check(const char *text, size_t len, struct echo *echo)
{
	static struct echo again;

	echo_parse(echo, text, len);
	echo_parse(&again, echo->out, echo->used);
	MUST(again.faults == 0);
	MUST(again.entries == echo->entries);
	MUST(again.used == echo->used);
	MUST(memcmp(again.out, echo->out, echo->used) == 0);
}
