/*
 * json.h - prints a JSON object on standard output, one member at a time. It
 * keeps no nesting: the caller prints arrays and nested objects itself, as the
 * value of json_key().
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdint.h>

/* An object that is being printed. */
struct json_object {
	bool has_members; /* the next member needs a comma */
};

struct json_object json_begin(void);
void json_end(void);

/* Prints the key of a member. The caller prints the value. */
void json_key(struct json_object *object, const char *key);

/* Print a member. Bytes of text that are not ASCII are encoded as Latin-1
 * characters, so that any text gives valid JSON; NULL gives null. */
void json_string(struct json_object *object, const char *key, const char *text);
void json_bool(struct json_object *object, const char *key, bool value);

/* A negative number gives null. */
void json_number(struct json_object *object, const char *key, int64_t number);

/* ms, printed as seconds with 3 decimals. A negative time gives null. */
void json_seconds(struct json_object *object, const char *key, int64_t ms);

/* Prints two members, "status" and "signal", of a status of wait(2). The one
 * that does not apply is null; both are null if !has_ended. */
void json_status(struct json_object *object, int status, bool has_ended);

#endif
