/*
 * must.h - a check for what runs in unit tests and under a fuzzer: says where
 * it did not hold, and aborts.
 */
#ifndef MUST_H
#define MUST_H

#include <stdio.h>
#include <stdlib.h>

#define MUST(truth) ((truth) ? (void)0 : must_fail(__FILE__, __LINE__, #truth))

_Noreturn static inline void must_fail(const char *file, int line,
				       const char *truth)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, truth);
	abort();
}

#endif
