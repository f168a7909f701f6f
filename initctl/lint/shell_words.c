#include "shell_words.h"

#include <string.h>

#define BLANKS " \t"
#define REDIRECTIONS "<>"
#define OPERATORS ";&|()`"
#define DIGITS "0123456789"

struct shell shell_of(const char *line)
{
	line += *line == '-';
	return (struct shell){line, JOINT_NONE, true};
}

/* At a byte that may open quotes: its partner's place, the same place if it
 * opens none, or the line's end. */
static const char *pass_quoted(const char *at)
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
	while (*at && !strchr(BLANKS REDIRECTIONS OPERATORS, *at)) {
		at = pass_quoted(at);
		at += *at != '\0';
	}
	return at;
}

/* At a redirection, with the number before it: where it ends. Else at. */
static const char *pass_redirection(const char *at)
{
	const char *sign = at + strspn(at, DIGITS);

	if (!*sign || !strchr(REDIRECTIONS, *sign))
		return at;
	at = sign + strspn(sign, REDIRECTIONS "&|");
	return word_end(at + strspn(at, BLANKS));
}

static void pass_operator(struct shell *shell)
{
	char c = *shell->at++;
	bool doubled = *shell->at == c;

	shell->at += doubled;
	shell->leads = true;
	if (c == '&' && doubled)
		shell->joint = JOINT_AND;
	else
		shell->joint = c == '&' || c == ';' ? JOINT_NONE : JOINT_ELSE;
}

static void pass_between(struct shell *shell)
{
	const char *before;

	do {
		before = shell->at;
		shell->at += strspn(before, BLANKS);
		shell->at = pass_redirection(shell->at);
		if (*shell->at && strchr(OPERATORS, *shell->at))
			pass_operator(shell);
	} while (shell->at != before);
}

/* NAME=value */
static bool is_setting(const struct word *word)
{
	const char *equals = memchr(word->at, '=', word->len);

	if (!equals || equals == word->at)
		return false;
	for (const char *c = word->at; c < equals; c++)
		if (strchr("\"'$/-", *c))
			return false;
	return true;
}

/* Does a command begin after this one, which began one itself? */
static bool hands_on(const struct word *word, enum joint *joint)
{
	static const struct {
		const char *text;
		bool maybe; /* what comes after it may not be run */
	} words[] = {
		{"exec", false}, {"busybox", false}, {"nohup", false},
		{"{", false},	 {"!", true},	     {"if", true},
		{"then", true},	 {"else", true},     {"elif", true},
		{"while", true}, {"until", true},    {"do", true},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!word_names(word, words[i].text))
			continue;
		if (words[i].maybe)
			*joint = JOINT_ELSE;
		return true;
	}
	return is_setting(word);
}

bool shell_next(struct shell *shell, struct word *word)
{
	pass_between(shell);
	if (!*shell->at)
		return false;
	word->at = shell->at;
	word->joint = shell->joint;
	word->leads = shell->leads;
	shell->at = word_end(shell->at);
	word->len = (size_t)(shell->at - word->at);
	shell->leads = word->leads && hands_on(word, &shell->joint);
	return true;
}

bool word_is(const struct word *word, const char *text)
{
	return strlen(text) == word->len &&
	       memcmp(word->at, text, word->len) == 0;
}

bool word_names(const struct word *word, const char *program)
{
	size_t len = strlen(program);
	size_t path = word->len - len;

	return len <= word->len && memcmp(word->at + path, program, len) == 0 &&
	       (path == 0 || word->at[path - 1] == '/');
}

const char *shell_open_quote(const char *line)
{
	for (; *line; line++) {
		const char *partner = pass_quoted(line);

		if (!*partner)
			return line;
		line = partner;
	}
	return NULL;
}
