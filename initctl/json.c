#define _GNU_SOURCE /* WTERMSIG */

#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/wait.h>

#include "output.h"

struct json_object json_begin(void)
{
	putchar('{');
	return (struct json_object){false};
}

void json_end(void)
{
	putchar('}');
}

void json_key(struct json_object *object, const char *key)
{
	printf("%s\"%s\":", object->has_members ? "," : "", key);
	object->has_members = true;
}

static void print_escaped(unsigned char c)
{
	if (c < ' ' || c > '~')
		printf("\\u%04x", c);
	else if (c == '"' || c == '\\')
		printf("\\%c", c);
	else
		putchar(c);
}

void json_string(struct json_object *object, const char *key, const char *text)
{
	json_key(object, key);
	if (!text) {
		fputs("null", stdout);
		return;
	}
	putchar('"');
	for (; *text; text++)
		print_escaped((unsigned char)*text);
	putchar('"');
}

void json_bool(struct json_object *object, const char *key, bool value)
{
	json_key(object, key);
	fputs(value ? "true" : "false", stdout);
}

void json_number(struct json_object *object, const char *key, int64_t number)
{
	json_key(object, key);
	if (number < 0)
		fputs("null", stdout);
	else
		printf("%" PRId64, number);
}

void json_seconds(struct json_object *object, const char *key, int64_t ms)
{
	char buffer[FORMAT_SIZE];

	json_key(object, key);
	fputs(ms < 0 ? "null" : format_ms(buffer, ms), stdout);
}

void json_status(struct json_object *object, int status, bool has_ended)
{
	bool is_signal = WIFSIGNALED(status);

	json_number(object, "status",
		    has_ended && !is_signal ? WEXITSTATUS(status) : -1);
	json_number(object, "signal",
		    has_ended && is_signal ? WTERMSIG(status) : -1);
}
