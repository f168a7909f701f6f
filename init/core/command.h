/*
 * command.h - a command line to what execve(2) wants: path, argv, environment.
 * Starts nothing, allocates nothing: the caller brings the space.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct command {
	const char *path; /* looked up in PATH when it has no slash */
	char **argv;	  /* NULL-ended */
};

/* Does the command ask for a login shell's argv[0] (a leading dash), and so
 * for a controlling terminal? */
bool command_is_login(const char *line);

/* Bytes that command_split() needs for this line, whatever is in it. */
size_t command_bytes(const char *line);

/*
 * Splits line into space, which has command_bytes(line) bytes and is aligned
 * for a pointer; the result points into space. A line with a character that
 * means something to a shell becomes /bin/sh -c line; any other is cut at
 * blanks. After a leading dash argv[0] has the dash, path has not. Rules:
 * busybox init.c init_exec(), without the "exec " that it puts in front.
 */
struct command command_split(const char *line, void *space);

/* The same, given to a shell whatever is in it. */
struct command command_wrap_in_shell(const char *line, void *space);

/*
 * A command that is words already, size bytes of them, with a NUL after each.
 * argv is to be filled, and has room for a pointer more than there are words:
 * size + 1 are always enough.
 */
struct command command_from_words(const char *words, size_t size, char **argv);

/* Bytes that environment_merge() needs; both lists are NULL-ended. */
size_t environment_merge_bytes(char *const *inherited, char *const *settings);

/*
 * Writes settings (NAME=value each), then what is inherited under another
 * name, then NULL. The strings are not copied. Returns out.
 */
char **environment_merge(char *const *inherited, char *const *settings,
			 char **out);

/* The value of NAME in a NULL-ended list, or NULL; points into the list. */
const char *environment_get(char *const *list, const char *name);

#endif
