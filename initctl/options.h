/*
 * options.h - the parsed command line after the verb. main.c fills it in, and
 * has rejected options and operands that the verb does not take.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

struct options {
	bool json;	 /* -j, --json */
	bool follow;	 /* -f, --follow */
	bool no_wait;	 /* --no-wait */
	bool now;	 /* --now */
	char **operands; /* NULL-terminated */
};

#endif
