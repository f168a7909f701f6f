/*
 * rules.h - the rules that entries of an inittab are held against. A rule says
 * one thing about one entry, or nothing.
 */
#ifndef RULES_H
#define RULES_H

#include "finding.h"

/* Holds an entry against every rule. */
void rule_apply(struct look *look);

#endif
