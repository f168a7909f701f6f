/*
 * rules.h - all rules for an entry of an inittab. A rule adds at most one
 * finding to a line.
 */
#ifndef RULES_H
#define RULES_H

#include "finding.h"

/* Applies every rule to the line. */
void rules_apply(struct lint_line *line);

#endif
