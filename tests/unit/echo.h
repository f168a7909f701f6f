/*
 * echo.h - what the parser makes of an inittab, written as an inittab again,
 * which has to mean the same. Whatever the text is, it checks what must always
 * hold of entries and faults, and aborts if it does not (must.h).
 */
#ifndef ECHO_H
#define ECHO_H

#include <stddef.h>
#include <stdint.h>

/* Of such a text; its echo is not longer than twice that. */
#define ECHO_MAX 4096

struct echo {
	uint32_t entries;
	uint32_t faults;
	size_t used; /* of out, which is NUL-ended */
	char out[2 * ECHO_MAX + 64];

	/* while it is parsed */
	const char *original;
	const char *text; /* the copy that is parsed */
	uint32_t len;
	uint32_t lines;
	uint32_t line;	   /* of the last entry or fault */
	uint32_t entry_at; /* end of the last entry's command */
};

/* Parses text[0..len), in memory of the exact size, so that the address
 * sanitizer sees a step too far. */
void echo_parse(struct echo *echo, const char *text, size_t len);

/* The same, and parses the echo, which must give itself. */
void echo_check(const char *text, size_t len, struct echo *echo);

#endif
