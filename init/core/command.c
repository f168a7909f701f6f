#include "command.h"

#include <stdint.h>
#include <string.h>

/* A line with any of these needs a shell. Source: busybox init.c. */
#define SHELL_CHARACTERS "~`!$^&*()=|\\{}[];\"'<>?"
#define WHITESPACE " \t"

/* Pointers in the argv of a shell: name, -c, line, NULL. */
#define SHELL_POINTERS 4

/* The first two words of that argv, which are copied before the line. The name
 * of a shell that is no login shell begins after the dash. */
static const char shell_words[] = "-/bin/sh\0-c";
#define SHELL_OPTION_AT 9

bool command_is_login(const char *line)
{
	return line[0] == '-';
}

/* Bytes for the pointers of argv. A word and the whitespace after it take at
 * least two bytes of the line. */
static size_t pointers_space(size_t len)
{
	size_t pointers = len / 2 + 2;

	if (pointers < SHELL_POINTERS)
		pointers = SHELL_POINTERS;
	return pointers * sizeof(char *);
}

size_t command_bytes(const char *line)
{
	size_t len = strlen(line);

	return pointers_space(len) + sizeof(shell_words) + len + 1;
}

/* Copies the line behind the pointers and the words of a shell. Returns the
 * first word in the copy, without a leading dash. */
static char *copy_line(const char *line, void *space)
{
	size_t len = strlen(line);
	char *copy = (char *)space + pointers_space(len) + sizeof(shell_words);

	memcpy(copy, line, len + 1);
	copy += command_is_login(line);
	return copy + strspn(copy, WHITESPACE);
}

struct command command_wrap_in_shell(const char *line, void *space)
{
	char **argv = space;
	char *words = (char *)space + pointers_space(strlen(line));

	memcpy(words, shell_words, sizeof(shell_words));
	argv[0] = command_is_login(line) ? words : words + 1;
	argv[1] = words + SHELL_OPTION_AT;
	argv[2] = copy_line(line, space);
	argv[3] = NULL;
	return (struct command){words + 1, argv};
}

struct command command_split(const char *line, void *space)
{
	char **argv = space;
	char *at = copy_line(line, space);
	bool login = command_is_login(line);
	size_t count = 0;

	if (at[strcspn(at, SHELL_CHARACTERS)])
		return command_wrap_in_shell(line, space);
	while (*at) {
		argv[count++] = at;
		at += strcspn(at, WHITESPACE);
		if (*at)
			*at++ = '\0';
		at += strspn(at, WHITESPACE);
	}
	argv[count] = NULL;
	if (count == 0)
		return (struct command){at, argv};
	if (login)
		*--argv[0] = '-'; /* over the dash or whitespace before it */
	return (struct command){argv[0] + login, argv};
}

struct command command_from_words(const char *words, size_t size, char **argv)
{
	size_t count = 0;

	for (size_t at = 0; at < size; at += strlen(words + at) + 1)
		/* execve(2) does not write to them */
		argv[count++] = (char *)(uintptr_t)(words + at);
	argv[count] = NULL;
	return (struct command){argv[0], argv};
}

size_t environment_merge_bytes(char *const *inherited, char *const *settings)
{
	size_t count = 1;

	while (*inherited++)
		count++;
	while (*settings++)
		count++;
	return count * sizeof(char *);
}

static bool same_name(const char *a, const char *b)
{
	size_t len = strcspn(a, "=");

	return strncmp(a, b, len) == 0 && (b[len] == '=' || b[len] == '\0');
}

static bool is_set_in(char *const *list, const char *variable)
{
	for (; *list; list++)
		if (same_name(*list, variable))
			return true;
	return false;
}

char **environment_merge(char *const *inherited, char *const *settings,
			 char **out)
{
	char **end = out;

	for (char *const *s = settings; *s; s++)
		*end++ = *s;
	for (; *inherited; inherited++)
		if (!is_set_in(settings, *inherited))
			*end++ = *inherited;
	*end = NULL;
	return out;
}

const char *environment_get(char *const *list, const char *name)
{
	size_t len = strlen(name);

	for (; *list; list++)
		if (strncmp(*list, name, len) == 0 && (*list)[len] == '=')
			return *list + len + 1;
	return NULL;
}
