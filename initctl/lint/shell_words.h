/*
 * shell_words.h - splits a command line into words as a shell would, and tells
 * which words begin a command. An approximation for the lint rules: it expands
 * nothing and runs nothing.
 */
#ifndef SHELL_WORDS_H
#define SHELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a command runs, as far as the command before it decides that. */
enum condition {
	RUNS_ALWAYS,	    /* the first command, or one after ; or & */
	RUNS_AFTER_SUCCESS, /* after && */
	RUNS_MAYBE, /* after || or | or a bracket, or within if, while etc. */
};

/* An iterator over the words of a line. A copy of it can look ahead. */
struct shell_words {
	const char *at;
	enum condition condition;
	bool starts_command; /* the next word begins a command */
};

/* A word with its quotes; it points into the line. */
struct word {
	const char *at;
	size_t len;
	enum condition condition; /* of the command that it belongs to */
	bool starts_command;	  /* it begins a command */
};

/* Skips the leading dash that asks for a login shell. */
struct shell_words shell_words_begin(const char *line);

/* Gets the next word, skipping redirections. Returns false at the end of the
 * line. A word after exec, then, an assignment and the like begins a command as
 * well. */
bool shell_words_next(struct shell_words *words, struct word *word);

/* Is the word this text? */
bool word_is(const struct word *word, const char *text);

/* Is the word this program, with or without a path? */
bool word_is_program(const struct word *word, const char *program);

/* The first quote without its partner, or NULL; points into the line. */
const char *shell_unclosed_quote(const char *line);

#endif
