/*
 * The functions of <string.h> that init uses. The C library's read a word at a
 * time, and have tables: 1.8 kB. These go byte by byte, which is fast enough
 * for names and lines. What they do: ISO C11, 7.24.
 *
 * A compiler knows strlen() when it sees one, and would make it call itself:
 * the Makefile has options for this file.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static char *unconst(const char *s)
{
	return (char *)(uintptr_t)s;
}

size_t strlen(const char *s)
{
	size_t len = 0;

	while (s[len])
		len++;
	return len;
}

char *strcpy(char *restrict to, const char *restrict from)
{
	memcpy(to, from, strlen(from) + 1);
	return to;
}

char *strcat(char *restrict to, const char *restrict from)
{
	strcpy(to + strlen(to), from);
	return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t most)
{
	char *end = to + strlen(to);

	while (*from && most--)
		*end++ = *from++;
	*end = '\0';
	return to;
}

int strncmp(const char *a, const char *b, size_t most)
{
	for (; most; most--, a++, b++)
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

void *memchr(const void *bytes, int c, size_t len)
{
	for (const char *s = bytes; len; len--, s++)
		if (*s == (char)c)
			return unconst(s);
	return NULL;
}

char *strchr(const char *s, int c)
{
	while (*s != (char)c)
		if (!*s++)
			return NULL;
	return unconst(s);
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	do
		if (*s == (char)c)
			last = s;
	while (*s++);
	return unconst(last);
}

size_t strspn(const char *s, const char *set)
{
	size_t len = 0;

	while (s[len] && strchr(set, s[len]))
		len++;
	return len;
}

size_t strcspn(const char *s, const char *set)
{
	size_t len = 0;

	while (s[len] && !strchr(set, s[len]))
		len++;
	return len;
}
