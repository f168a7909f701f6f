#include "rules_command.h"

#include <stddef.h>
#include <string.h>

#include "shell_words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void remark_number_sign(struct look *look)
{
	const char *at = strchr(look->command, '#');

	if (at)
		rule_say(look, at,
			 "this # is part of the command; busybox init cuts the "
			 "line here",
			 NULL, NULL);
}

void remark_open_quote(struct look *look)
{
	const char *at = shell_open_quote(look->command);

	if (at)
		rule_say(look, at, "this quote is never closed", NULL, NULL);
}

/* Words that hold a shell's constructs together. */
enum construct {
	CONSTRUCT_IF,
	CONSTRUCT_LOOP,
	CONSTRUCT_CASE,
	CONSTRUCT_COUNT,
};

struct keyword {
	const char *text;
	enum construct construct;
	int opens; /* 1; 0 if it stands in the middle; -1 if it closes */
};

static const struct keyword *find_keyword(const struct word *word)
{
	static const struct keyword keywords[] = {
		{"if", CONSTRUCT_IF, 1},      {"then", CONSTRUCT_IF, 0},
		{"elif", CONSTRUCT_IF, 0},    {"else", CONSTRUCT_IF, 0},
		{"fi", CONSTRUCT_IF, -1},     {"for", CONSTRUCT_LOOP, 1},
		{"while", CONSTRUCT_LOOP, 1}, {"until", CONSTRUCT_LOOP, 1},
		{"do", CONSTRUCT_LOOP, 0},    {"done", CONSTRUCT_LOOP, -1},
		{"case", CONSTRUCT_CASE, 1},  {"esac", CONSTRUCT_CASE, -1},
	};

	for (size_t i = 0; i < COUNT(keywords); i++)
		if (word_is(word, keywords[i].text))
			return &keywords[i];
	return NULL;
}

/* The first keyword that lacks its partner, or NULL; where it stands. */
static const struct keyword *find_broken(const char *line, const char **at)
{
	struct shell shell = shell_of(line);
	const struct keyword *opener[CONSTRUCT_COUNT] = {NULL};
	const char *opened_at[CONSTRUCT_COUNT] = {NULL};
	int depth[CONSTRUCT_COUNT] = {0};
	struct word word;

	while (shell_next(&shell, &word)) {
		const struct keyword *k =
			word.leads ? find_keyword(&word) : NULL;

		if (!k)
			continue;
		*at = word.at;
		if (k->opens <= 0 && depth[k->construct] == 0)
			return k;
		if (k->opens > 0 && depth[k->construct] == 0) {
			opener[k->construct] = k;
			opened_at[k->construct] = word.at;
		}
		depth[k->construct] += k->opens;
	}
	for (int i = 0; i < CONSTRUCT_COUNT; i++) {
		*at = opened_at[i];
		if (depth[i] > 0)
			return opener[i];
	}
	return NULL;
}

void remark_broken_construct(struct look *look)
{
	const char *at;
	const struct keyword *keyword = find_broken(look->command, &at);

	if (keyword)
		rule_say(look, at, "'", keyword->text,
			 "' without the rest of it: each line is a command of "
			 "its own");
}

/* What only its own process would see the effect of. */
static bool sets_something(const struct word *word)
{
	static const char *const names[] = {"cd",    "export", "umask",
					    "alias", "ulimit", "unset"};

	for (size_t i = 0; i < COUNT(names); i++)
		if (word_is(word, names[i]))
			return true;
	return false;
}

void remark_lost_setting(struct look *look)
{
	struct shell shell = shell_of(look->command);
	struct word first, word;

	if (!shell_next(&shell, &first) || !sets_something(&first))
		return;
	while (shell_next(&shell, &word))
		if (word.leads)
			return;
	rule_say(look, first.at,
		 "this holds for its own line only: each line is a process of "
		 "its own",
		 NULL, NULL);
}

void remark_background(struct look *look)
{
	size_t len = strlen(look->command);
	const char *end = look->command + len - 1;

	if (look->action != ACTION_RESPAWN && look->action != ACTION_ASKFIRST)
		return;
	if (*end != '&' || (len > 1 && strchr("&\\", end[-1])) ||
	    shell_open_quote(look->command))
		return;
	rule_say(look, end,
		 "the & lets the shell end at once, so that it is started "
		 "again and again",
		 NULL, NULL);
}
