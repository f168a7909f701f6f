/*
 * shell_words.h - a command as a shell would cut it: words, and which of them
 * begin a command. Good enough to say what a line is up to; runs and expands
 * nothing.
 */
#ifndef SHELL_WORDS_H
#define SHELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* What stands between a command and the one before it. */
enum joint {
	JOINT_NONE, /* the first one, or after ; or & */
	JOINT_AND,  /* && */
	JOINT_ELSE, /* || or |, a bracket, or a word like if and then */
};

/* A place in a line; may be copied to look ahead. */
struct shell {
	const char *at;
	enum joint joint;
	bool leads;
};

/* A word with its quotes; points into the line. */
struct word {
	const char *at;
	size_t len;
	enum joint joint; /* of its command */
	bool leads;	  /* it is where a command begins */
};

/* Begins a line; the dash that asks for a login shell is passed over. */
struct shell shell_of(const char *line);

/* The next word, or false at the end. Redirections are passed over. Words like
 * exec and then lead, and so does what comes after them. */
bool shell_next(struct shell *shell, struct word *word);

/* Is the word this text, and is it this program, with a path or without? */
bool word_is(const struct word *word, const char *text);
bool word_names(const struct word *word, const char *program);

/* The quote that is never closed, or NULL; points into the line. */
const char *shell_open_quote(const char *line);

#endif
