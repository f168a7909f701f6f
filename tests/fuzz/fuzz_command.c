/* The input is strings, each ended by a NUL: a command line, then variables
 * that are inherited, an empty string, and variables that are set. */

#include "fuzz.h"

#include <stdbool.h>

#include "command.h"

#define VARIABLES_MAX 64

static bool is_whitespace(char c)
{
	return c == ' ' || c == '\t';
}

static bool means_something_to_a_shell(const char *line)
{
	for (; *line; line++)
		if (strchr("~`!$^&*()=|\\{}[];\"'<>?", *line))
			return true;
	return false;
}

/* Where the words of a line begin. */
static const char *past_dash(const char *line)
{
	line += *line == '-';
	while (is_whitespace(*line))
		line++;
	return line;
}

/* Is it a string that ends inside space? */
static void check_inside(const char *s, const char *space, size_t size)
{
	MUST(s >= space && s < space + size);
	MUST(memchr(s, '\0', (size_t)(space + size - s)));
}

/* The words of argv are those of the line, each in its place, and no other. */
static void check_words(const struct command *command, const char *line,
			const char *space, size_t size)
{
	const char *word = past_dash(line), *after = NULL;
	size_t count = 0;

	for (; *word; count++) {
		char *arg = command->argv[count];
		bool dash = count == 0 && *line == '-';
		size_t len = 0;

		while (word[len] && !is_whitespace(word[len]))
			len++;
		check_inside(arg, space, size);
		MUST(arg > after);
		MUST(!dash || *arg == '-');
		MUST(strlen(arg) == len + dash);
		MUST(memcmp(arg + dash, word, len) == 0);
		MUST(count > 0 || command->path == arg + dash);
		after = arg + len;
		for (word += len; is_whitespace(*word);)
			word++;
	}
	MUST(!command->argv[count]);
	MUST(count > 0 || !*command->path);
	MUST((char *)(command->argv + count + 1) <= space + size);
}

static void check_shell(const struct command *command, const char *line,
			const char *space, size_t size)
{
	for (int i = 0; i < 3; i++)
		check_inside(command->argv[i], space, size);
	MUST(!command->argv[3]);
	MUST(strcmp(command->path, "/bin/sh") == 0);
	MUST(strcmp(command->argv[0], *line == '-' ? "-/bin/sh" : "/bin/sh") ==
	     0);
	MUST(strcmp(command->argv[1], "-c") == 0);
	MUST(strcmp(command->argv[2], past_dash(line)) == 0);
}

/* Space has the exact size each time. */
static void check_line(const char *line)
{
	size_t size = command_bytes(line);
	char *copy = fuzz_string((const uint8_t *)line, strlen(line));
	char *space = malloc(size);
	struct command command = command_split(copy, space);

	MUST((char *)command.argv == space);
	MUST(strcmp(copy, line) == 0);
	free(copy); /* not pointed into */
	if (means_something_to_a_shell(line))
		check_shell(&command, line, space, size);
	else
		check_words(&command, line, space, size);
	free(space);

	space = malloc(size);
	command = command_wrap_in_shell(line, space);
	check_shell(&command, line, space, size);
	free(space);
}

static size_t name_length(const char *variable)
{
	const char *equals = strchr(variable, '=');

	return equals ? (size_t)(equals - variable) : strlen(variable);
}

static const char *find(char *const *list, const char *variable)
{
	size_t len = name_length(variable);

	for (; *list; list++)
		if (name_length(*list) == len &&
		    memcmp(*list, variable, len) == 0)
			return *list;
	return NULL;
}

/* What environment_get() says of a name that is in the list. */
static void check_variable(char *const *list, const char *variable)
{
	size_t len = name_length(variable);
	char *name = fuzz_string((const uint8_t *)variable, len);
	char *const *at = list;

	while (*at && (name_length(*at) != len || !strchr(*at, '=') ||
		       memcmp(*at, name, len) != 0))
		at++;
	MUST(environment_get(list, name) == (*at ? *at + len + 1 : NULL));
	free(name);
}

static void check_environment(char *const *inherited, char *const *settings)
{
	size_t size = environment_merge_bytes(inherited, settings);
	char **out = malloc(size), **at = out;

	MUST(environment_merge(inherited, settings, out) == out);
	for (char *const *s = settings; *s; s++)
		MUST(*at++ == *s);
	for (char *const *i = inherited; *i; i++)
		if (!find(settings, *i))
			MUST(*at++ == *i);
	MUST(!*at);
	for (at = out; *at; at++)
		check_variable(out, *at);
	free(out);
}

/* Puts strings into a list, up to an empty one. Returns where it stopped. */
static char *take_list(char *at, const char *end, char **list)
{
	size_t count = 0;

	for (; at < end && *at; at += strlen(at) + 1)
		if (count < VARIABLES_MAX)
			list[count++] = at;
	list[count] = NULL;
	return at + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *inherited[VARIABLES_MAX + 1], *settings[VARIABLES_MAX + 1];
	char *text = fuzz_string(data, size), *end = text + size, *at;

	check_line(text);
	at = take_list(text + strlen(text) + 1, end, inherited);
	(void)take_list(at, end, settings);
	check_environment(inherited, settings);
	free(text);
	return 0;
}
