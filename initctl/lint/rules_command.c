#include "rules_command.h"

#include <stddef.h>
#include <string.h>

#include "shell_words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void rule_number_sign(struct lint_line *line)
{
	const char *at = strchr(line->command, '#');

	if (at)
		add_finding(
			line, at,
			"this # is part of the command; busybox init cuts the "
			"line here",
			NULL, NULL);
}

void rule_unclosed_quote(struct lint_line *line)
{
	const char *at = shell_unclosed_quote(line->command);

	if (at)
		add_finding(line, at, "this quote is never closed", NULL, NULL);
}

/* The compound commands of a shell. */
enum construct {
	CONSTRUCT_IF,
	CONSTRUCT_LOOP,
	CONSTRUCT_CASE,
	CONSTRUCT_COUNT,
};

struct keyword {
	const char *text;
	enum construct construct;
	int opens; /* 1: it begins the construct; 0: it is a middle part; -1: it
		    * ends the construct */
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

/* Returns the first keyword whose partner is missing, and sets *at to where it
 * is in the line; NULL: there is none. */
static const struct keyword *find_unpaired(const char *line, const char **at)
{
	struct shell_words words = shell_words_begin(line);
	const struct keyword *opener[CONSTRUCT_COUNT] = {NULL};
	const char *opened_at[CONSTRUCT_COUNT] = {NULL};
	int depth[CONSTRUCT_COUNT] = {0};
	struct word word;

	while (shell_words_next(&words, &word)) {
		const struct keyword *k =
			word.starts_command ? find_keyword(&word) : NULL;

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

void rule_split_construct(struct lint_line *line)
{
	const char *at;
	const struct keyword *keyword = find_unpaired(line->command, &at);

	if (keyword)
		add_finding(
			line, at, "'", keyword->text,
			"' is incomplete: each line is a command of its own");
}

/* Is it a builtin that changes nothing but the process of the shell itself? */
static bool changes_shell_only(const struct word *word)
{
	static const char *const names[] = {"cd",    "export", "umask",
					    "alias", "ulimit", "unset"};

	for (size_t i = 0; i < COUNT(names); i++)
		if (word_is(word, names[i]))
			return true;
	return false;
}

void rule_lost_setting(struct lint_line *line)
{
	struct shell_words words = shell_words_begin(line->command);
	struct word first, word;

	if (!shell_words_next(&words, &first) || !changes_shell_only(&first))
		return;
	while (shell_words_next(&words, &word))
		if (word.starts_command)
			return;
	add_finding(line, first.at,
		    "this has no effect beyond its line: each line is a "
		    "process of its own",
		    NULL, NULL);
}

void rule_background(struct lint_line *line)
{
	size_t len = strlen(line->command);
	const char *end = line->command + len - 1;

	if (line->action != ACTION_RESPAWN && line->action != ACTION_ASKFIRST)
		return;
	if (*end != '&' || (len > 1 && strchr("&\\", end[-1])) ||
	    shell_unclosed_quote(line->command))
		return;
	add_finding(line, end,
		    "the & makes the shell exit at once, and init starts it "
		    "again and again",
		    NULL, NULL);
}
