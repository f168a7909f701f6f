/*
 * words.h - numbers, times and ends of children as words. Each is written to a
 * buffer of WORDS_SIZE bytes, which is returned.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdint.h>

#define WORDS_SIZE 40

const char *words_number(char *words, int64_t number);

/* A span of ms: "12s", "3m12s", "2h03m", "4d12h"; or "12 s", "3 min 12 s" and
 * so on. Less than a ms is nothing; less than nothing, too. */
const char *words_short(char *words, int64_t ms);
const char *words_long(char *words, int64_t ms);

/* So many thousandths, or, of us, millionths, of a second: "12.345". */
const char *words_ms(char *words, int64_t ms);
const char *words_us(char *words, int64_t us);

/* "SIGKILL"; of those that have no name, "signal 34". */
const char *words_signal(char *words, int signal);

/* The beginning of a text of any bytes: those that are no printable ASCII are
 * question marks. */
const char *words_harmless(char *words, const char *text);

/* What errno means; of what is not to be expected, "error 123". */
const char *words_error(char *words, int error);

/* As of wait(2): what it exited with, or its signal. */
const char *words_status(char *words, int status);

/* As of wait(2): was it a signal? And the number of that, or of the exit. */
static inline _Bool words_is_signal(int status)
{
	return (status & 0x7f) != 0;
}

static inline int words_code(int status)
{
	return status & 0x7f ? status & 0x7f : status >> 8 & 0xff;
}

#endif
