#include "output.h"

#include <string.h>

#include "check.h"

static char buffer[FORMAT_SIZE];

static void spans(void **state)
{
	static const struct {
		int64_t s;
		const char *brief, *full;
	} cases[] = {
		{-5, "0s", "0 s"},
		{0, "0s", "0 s"},
		{59, "59s", "59 s"},
		{60, "1m00s", "1 min 0 s"},
		{192, "3m12s", "3 min 12 s"},
		{3599, "59m59s", "59 min 59 s"},
		{3600, "1h00m", "1 h 0 min"},
		{7380, "2h03m", "2 h 3 min"},
		{86399, "23h59m", "23 h 59 min"},
		{86400, "1d00h", "1 d 0 h"},
		{4 * 86400 + 12 * 3600, "4d12h", "4 d 12 h"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ms = cases[i].s * 1000 + (cases[i].s > 0 ? 999 : 0);

		assert_string_equal(format_span_short(buffer, ms),
				    cases[i].brief);
		assert_string_equal(format_span_long(buffer, ms),
				    cases[i].full);
	}
	format_span_long(buffer, INT64_MAX);
	assert_true(strlen(buffer) < FORMAT_SIZE);
}

static void fractions(void **state)
{
	(void)state;
	assert_string_equal(format_ms(buffer, 0), "0.000");
	assert_string_equal(format_ms(buffer, 12045), "12.045");
	assert_string_equal(format_ms(buffer, -1), "0.000");
	assert_string_equal(format_us(buffer, 412345), "0.412345");
	assert_string_equal(format_us(buffer, INT64_MAX),
			    "9223372036854.775807");
}

static void ends(void **state)
{
	(void)state;
	assert_string_equal(format_status(buffer, 0), "0");
	assert_string_equal(format_status(buffer, 127 << 8), "127");
	assert_string_equal(format_status(buffer, 255 << 8), "255");
	assert_string_equal(format_status(buffer, 9), "SIGKILL");
	assert_string_equal(format_status(buffer, 11 | 128), "SIGSEGV");
	assert_string_equal(format_status(buffer, 1), "SIGHUP");
	assert_string_equal(format_status(buffer, 16), "SIGSTKFLT");
	assert_string_equal(format_status(buffer, 31), "SIGSYS");
	assert_string_equal(format_status(buffer, 34), "signal 34");
	assert_string_equal(format_signal(buffer, 0), "signal 0");
	assert_string_equal(format_signal(buffer, 32), "signal 32");
}

static void text_is_harmless_and_fits(void **state)
{
	char text[100];

	(void)state;
	assert_string_equal(format_safe(buffer, sizeof(buffer), ""), "");
	assert_string_equal(
		format_safe(buffer, sizeof(buffer), "a\x1b[2J\xff\t~ z"),
		"a?[2J??~ z");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(strlen(format_safe(buffer, sizeof(buffer), text)),
			 FORMAT_SIZE - 1);
	assert_string_equal(format_safe(buffer, 4, text), "xxx");
	assert_string_equal(format_safe(buffer, 1, text), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans),
		cmocka_unit_test(fractions),
		cmocka_unit_test(ends),
		cmocka_unit_test(text_is_harmless_and_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
