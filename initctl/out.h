/*
 * out.h - standard output, which is written in blocks, and standard error. What
 * stdio is for, and 4 kB less: it wants the C library's start as well.
 */
#ifndef OUT_H
#define OUT_H

#include <stdbool.h>

void out_char(char c);
void out_text(const char *text);

/* Writes what is there. False if that failed, now or before: errno. */
bool out_flush(void);

/* To standard error, at once, after all that went to the output. */
void out_error(const char *text);

#endif
