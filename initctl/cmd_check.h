/*
 * cmd_check.h - a file is read and looked through (check.h), and what is found
 * is printed.
 */
#ifndef CMD_CHECK_H
#define CMD_CHECK_H

/* What initctl check exits with: the worst of its files. */
enum checked {
	CHECK_CLEAN,
	CHECK_FOUND,
	CHECK_FAILED, /* a file can't be read, or it was called wrongly */
};

/* "-" is standard input. Errors are said. */
enum checked checkfile(const char *name);

#endif
