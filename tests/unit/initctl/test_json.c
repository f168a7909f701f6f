#define _GNU_SOURCE /* pread, dup2 */

#include "json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "output.h"

static int saved, captured;

static void capture(void)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	captured = dup2(fileno(file), STDOUT_FILENO);
	fclose(file);
	assert_int_equal(captured, STDOUT_FILENO);
}

static void is_printed(const char *text)
{
	char bytes[1024];
	ssize_t size;

	assert_int_equal(output_flush(), 0);
	size = pread(captured, bytes, sizeof(bytes) - 1, 0);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	assert_true(size >= 0);
	bytes[size] = '\0';
	assert_string_equal(bytes, text);
}

static void an_object(void **state)
{
	struct json_object object;

	(void)state;
	capture();
	object = json_begin();
	json_number(&object, "a", 0);
	json_number(&object, "b", INT64_MAX);
	json_number(&object, "c", -1);
	json_bool(&object, "d", true);
	json_bool(&object, "e", false);
	json_seconds(&object, "f", 12045);
	json_seconds(&object, "g", -1);
	json_string(&object, "h", NULL);
	json_key(&object, "i");
	json_end();
	is_printed("{\"a\":0,\"b\":9223372036854775807,\"c\":null,"
		   "\"d\":true,\"e\":false,\"f\":12.045,\"g\":null,"
		   "\"h\":null,\"i\":}");
}

static void any_bytes(void **state)
{
	struct json_object object = {false};

	(void)state;
	capture();
	json_string(&object, "", "a\"\\\x1b\n\x7f\xff~");
	is_printed("\"\":\"a\\\"\\\\\\u001b\\u000a\\u007f\\u00ff~\"");
}

static void ends(void **state)
{
	struct json_object object = {false};

	(void)state;
	capture();
	json_status(&object, 7 << 8, true);
	json_status(&object, 11 | 128, true);
	json_status(&object, 9, false);
	is_printed("\"status\":7,\"signal\":null,\"status\":null,\"signal\":11,"
		   "\"status\":null,\"signal\":null");
}

static void text_in_columns(void **state)
{
	(void)state;
	capture();
	output_left("a\x1b", 4);
	output_right("b\tc", 5);
	output_left("too long", 3);
	output_safe("cut here", 3);
	output_safe_char('\t', '\t');
	output_safe_char('\n', '\t');
	is_printed("a?    b?ctoo longcut\t?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object),
		cmocka_unit_test(any_bytes),
		cmocka_unit_test(ends),
		cmocka_unit_test(text_in_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
