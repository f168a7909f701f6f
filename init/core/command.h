/*
 * command.h - turns a command line into the arguments of execve(2): path, argv
 * and environment. Executes nothing and allocates nothing: the caller provides
 * the memory. Pure: may be called in any process. Can't fail.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct command {
	const char *path; /* to be searched in PATH if it has no slash; "" if
			   * the line has no word */
	char **argv;	  /* NULL at the end */
};

/* Does the command begin with a dash? Then argv[0] gets the dash of a login
 * shell, and the child a controlling terminal. */
bool command_is_login(const char *line);

/* Bytes of space that command_split() and command_wrap_in_shell() need for this
 * line. */
size_t command_bytes(const char *line);

/*
 * Splits line into words. space has command_bytes(line) bytes and is aligned
 * for a pointer; the result points into space. A line with a character that is
 * special to a shell becomes /bin/sh -c line; any other is split at whitespace.
 * If line begins with a dash, argv[0] has that dash, path has not. Source:
 * busybox init.c, init_exec(), without the "exec " that busybox prepends.
 */
struct command command_split(const char *line, void *space);

/* The same, but always as /bin/sh -c line. space may be that of an earlier
 * call, whose result is overwritten. */
struct command command_wrap_in_shell(const char *line, void *space);

/*
 * Makes a command of words that are split already: size bytes, with a NUL after
 * each word, the last one included; size is at least 1. Writes argv, which
 * needs room for one pointer more than there are words; size + 1 pointers are
 * always enough. The result points into words and argv.
 */
struct command command_from_words(const char *words, size_t size, char **argv);

/* Bytes that out of environment_merge() must have. Here and below, a list of
 * variables ends with NULL. */
size_t environment_merge_bytes(char *const *inherited, char *const *settings);

/*
 * Writes to out all of settings (NAME=value), then those of inherited whose
 * names are not in settings, then NULL. The strings are not copied, and must
 * live as long as out. Returns out.
 */
char **environment_merge(char *const *inherited, char *const *settings,
			 char **out);

/* The value of the first variable with this name; points into its string. NULL
 * if there is none. */
const char *environment_get(char *const *list, const char *name);

#endif
