#include "shell_words.h"

#include <string.h>

#define WHITESPACE " \t"
#define REDIRECTIONS "<>"
#define OPERATORS ";&|()`"
#define DIGITS "0123456789"

struct shell_words shell_words_begin(const char *line)
{
	line += *line == '-';
	return (struct shell_words){line, RUNS_ALWAYS, true};
}

/* at may be a quote or a backslash. Returns the closing quote or the escaped
 * byte; at itself if it begins no quoting; the end of the line if the closing
 * quote is missing. */
static const char *skip_quoted(const char *at)
{
	char quote = *at;

	if (quote == '\\')
		return at[1] ? at + 1 : at;
	if (quote != '\'' && quote != '"')
		return at;
	for (at++; *at && *at != quote; at++)
		if (*at == '\\' && quote == '"' && at[1])
			at++;
	return at;
}

static const char *word_end(const char *at)
{
	while (*at && !strchr(WHITESPACE REDIRECTIONS OPERATORS, *at)) {
		at = skip_quoted(at);
		at += *at != '\0';
	}
	return at;
}

/* Returns the end of the redirection, with its descriptor number, that begins
 * here; at itself if none does. */
static const char *skip_redirection(const char *at)
{
	const char *sign = at + strspn(at, DIGITS);

	if (!*sign || !strchr(REDIRECTIONS, *sign))
		return at;
	at = sign + strspn(sign, REDIRECTIONS "&|");
	return word_end(at + strspn(at, WHITESPACE));
}

static void skip_operator(struct shell_words *words)
{
	char c = *words->at++;
	bool doubled = *words->at == c;

	words->at += doubled;
	words->starts_command = true;
	if (c == '&' && doubled)
		words->condition = RUNS_AFTER_SUCCESS;
	else
		words->condition =
			c == '&' || c == ';' ? RUNS_ALWAYS : RUNS_MAYBE;
}

static void skip_to_word(struct shell_words *words)
{
	const char *before;

	do {
		before = words->at;
		words->at += strspn(before, WHITESPACE);
		words->at = skip_redirection(words->at);
		if (*words->at && strchr(OPERATORS, *words->at))
			skip_operator(words);
	} while (words->at != before);
}

/* Is the word NAME=value? */
static bool is_assignment(const struct word *word)
{
	const char *equals = memchr(word->at, '=', word->len);

	if (!equals || equals == word->at)
		return false;
	for (const char *c = word->at; c < equals; c++)
		if (strchr("\"'$/-", *c))
			return false;
	return true;
}

/* The word begins a command: does the next word begin one as well? If it may
 * not be run, sets *condition. */
static bool precedes_command(const struct word *word, enum condition *condition)
{
	static const struct {
		const char *text;
		bool maybe; /* the command after it may not be run */
	} words[] = {
		{"exec", false}, {"busybox", false}, {"nohup", false},
		{"{", false},	 {"!", true},	     {"if", true},
		{"then", true},	 {"else", true},     {"elif", true},
		{"while", true}, {"until", true},    {"do", true},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!word_is_program(word, words[i].text))
			continue;
		if (words[i].maybe)
			*condition = RUNS_MAYBE;
		return true;
	}
	return is_assignment(word);
}

bool shell_words_next(struct shell_words *words, struct word *word)
{
	skip_to_word(words);
	if (!*words->at)
		return false;
	word->at = words->at;
	word->condition = words->condition;
	word->starts_command = words->starts_command;
	words->at = word_end(words->at);
	word->len = (size_t)(words->at - word->at);
	words->starts_command = word->starts_command &&
				precedes_command(word, &words->condition);
	return true;
}

bool word_is(const struct word *word, const char *text)
{
	return strlen(text) == word->len &&
	       memcmp(word->at, text, word->len) == 0;
}

bool word_is_program(const struct word *word, const char *program)
{
	size_t len = strlen(program);
	size_t path = word->len - len;

	return len <= word->len && memcmp(word->at + path, program, len) == 0 &&
	       (path == 0 || word->at[path - 1] == '/');
}

const char *shell_unclosed_quote(const char *line)
{
	for (; *line; line++) {
		const char *partner = skip_quoted(line);

		if (!*partner)
			return line;
		line = partner;
	}
	return NULL;
}
