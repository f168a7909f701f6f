/*
 * put.h - what goes to standard output: words in columns, and JSON. Bytes that
 * could command a terminal never do.
 */
#ifndef PUT_H
#define PUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Up to so many bytes of text; any that is no printable ASCII is '?'. */
void put_text(const char *text, size_t most);

/* One of them; what a tab becomes is the caller's. */
void put_harmless(char c, char tab);

/* Text, and blanks after it, or before it, up to this width. */
void put_left(const char *text, size_t width);
void put_right(const char *text, size_t width);

/*
 * A JSON object, member by member: next is "{" first; the "}" is the caller's.
 * Text may be any bytes: those that are no ASCII are written as if they were
 * latin-1. NULL, and a number below 0, are null.
 */
struct put_object {
	char next;
};

void put_key(struct put_object *object, const char *key);
void put_member(struct put_object *object, const char *key, const char *text);
void put_bool(struct put_object *object, const char *key, bool value);
void put_count(struct put_object *object, const char *key, int64_t number);
/* ms, as seconds. */
void put_seconds(struct put_object *object, const char *key, int64_t ms);
/* "status" or "signal" of an end, as of wait(2); the other one is null. */
void put_status(struct put_object *object, int status, bool has_ended);

#endif
