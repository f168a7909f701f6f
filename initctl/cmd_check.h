/*
 * cmd_check.h - initctl check: lints inittabs (lint/lint.h) and prints the
 * findings. Needs no init, and never asks PID 1 for anything.
 */
#ifndef CMD_CHECK_H
#define CMD_CHECK_H

#include "options.h"
#include "outcome.h"

/* The operands are file names; "-" is standard input. Prints an error for a
 * file that can't be read, and goes on with the next. Returns the worst of
 * CHECK_CLEAN, CHECK_FOUND and CHECK_FAILED. */
enum outcome cmd_check(const struct options *options);

#endif
