/*
 * fuzz.h - what all fuzzers of the pure half share. Each is one function that
 * libFuzzer, or replay.c with what is kept in tests/fuzz/corpus, calls with
 * bytes. It checks what must always hold, and aborts if it does not.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"

/* Returns 0 (llvm.org/docs/LibFuzzer.html). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes as a string, in memory of size + 1 bytes. To be freed. */
static inline char *fuzz_string(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1);

	memcpy(s, data, size);
	s[size] = '\0';
	return s;
}

#endif
