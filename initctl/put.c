#include "put.h"

#include <string.h>

#include "out.h"
#include "words.h"

void put_harmless(char c, char tab)
{
	if (c == '\t')
		c = tab;
	else if (c < ' ' || c > '~')
		c = '?';
	out_char(c);
}

void put_text(const char *text, size_t most)
{
	for (; *text && most; text++, most--)
		put_harmless(*text, '?');
}

static void put_blanks(size_t used, size_t width)
{
	for (; used < width; used++)
		out_char(' ');
}

void put_left(const char *text, size_t width)
{
	put_text(text, SIZE_MAX);
	put_blanks(strlen(text), width);
}

void put_right(const char *text, size_t width)
{
	put_blanks(strlen(text), width);
	put_text(text, SIZE_MAX);
}

static void put_escaped(unsigned char c)
{
	static const char digits[] = "0123456789abcdef";

	if (c == '"' || c == '\\')
		out_char('\\');
	if (c >= ' ' && c <= '~') {
		out_char((char)c);
		return;
	}
	out_text("\\u00");
	out_char(digits[c >> 4]);
	out_char(digits[c & 15]);
}

void put_key(struct put_object *object, const char *key)
{
	out_char(object->next);
	object->next = ',';
	out_char('"');
	out_text(key);
	out_text("\":");
}

void put_member(struct put_object *object, const char *key, const char *text)
{
	put_key(object, key);
	if (!text) {
		out_text("null");
		return;
	}
	out_char('"');
	for (; *text; text++)
		put_escaped((unsigned char)*text);
	out_char('"');
}

/* What is JSON already. */
static void put_value(struct put_object *object, const char *key,
		      const char *value)
{
	put_key(object, key);
	out_text(value);
}

void put_bool(struct put_object *object, const char *key, bool value)
{
	put_value(object, key, value ? "true" : "false");
}

void put_count(struct put_object *object, const char *key, int64_t number)
{
	char words[WORDS_SIZE];

	put_value(object, key,
		  number < 0 ? "null" : words_number(words, number));
}

void put_seconds(struct put_object *object, const char *key, int64_t ms)
{
	char words[WORDS_SIZE];

	put_value(object, key, ms < 0 ? "null" : words_ms(words, ms));
}

void put_status(struct put_object *object, int status, bool has_ended)
{
	bool is_signal = words_is_signal(status);
	int code = words_code(status);

	put_count(object, "status", has_ended && !is_signal ? code : -1);
	put_count(object, "signal", has_ended && is_signal ? code : -1);
}
