#include "words.h"

#include <string.h>

#include "check.h"

static char words[WORDS_SIZE];

static void numbers(void **state)
{
	(void)state;
	assert_string_equal(words_number(words, 0), "0");
	assert_string_equal(words_number(words, 10), "10");
	assert_string_equal(words_number(words, -7), "-7");
	assert_string_equal(words_number(words, INT64_MAX),
			    "9223372036854775807");
	assert_string_equal(words_number(words, INT64_MIN),
			    "-9223372036854775808");
}

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

		assert_string_equal(words_short(words, ms), cases[i].brief);
		assert_string_equal(words_long(words, ms), cases[i].full);
	}
	words_long(words, INT64_MAX);
	assert_true(strlen(words) < WORDS_SIZE);
}

static void fractions(void **state)
{
	(void)state;
	assert_string_equal(words_ms(words, 0), "0.000");
	assert_string_equal(words_ms(words, 12045), "12.045");
	assert_string_equal(words_ms(words, -1), "0.000");
	assert_string_equal(words_us(words, 412345), "0.412345");
	assert_string_equal(words_us(words, INT64_MAX), "9223372036854.775807");
}

static void ends(void **state)
{
	(void)state;
	assert_string_equal(words_status(words, 0), "0");
	assert_string_equal(words_status(words, 127 << 8), "127");
	assert_string_equal(words_status(words, 255 << 8), "255");
	assert_string_equal(words_status(words, 9), "SIGKILL");
	assert_string_equal(words_status(words, 11 | 128), "SIGSEGV");
	assert_string_equal(words_status(words, 1), "SIGHUP");
	assert_string_equal(words_status(words, 16), "SIGSTKFLT");
	assert_string_equal(words_status(words, 31), "SIGSYS");
	assert_string_equal(words_status(words, 34), "signal 34");
	assert_string_equal(words_signal(words, 0), "signal 0");
	assert_string_equal(words_signal(words, 32), "signal 32");
	assert_int_equal(words_code(7 << 8), 7);
	assert_int_equal(words_code(11 | 128), 11);
	assert_false(words_is_signal(7 << 8));
	assert_true(words_is_signal(15));
}

static void errors(void **state)
{
	(void)state;
	assert_string_equal(words_error(words, 2), "No such file or directory");
	assert_string_equal(words_error(words, 28), "No space left on device");
	assert_string_equal(words_error(words, 133), "error 133");
}

static void text_is_harmless_and_fits(void **state)
{
	char text[100];

	(void)state;
	assert_string_equal(words_harmless(words, ""), "");
	assert_string_equal(words_harmless(words, "a\x1b[2J\xff\t~ z"),
			    "a?[2J??~ z");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(strlen(words_harmless(words, text)), WORDS_SIZE - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(spans),
		cmocka_unit_test(fractions),
		cmocka_unit_test(ends),
		cmocka_unit_test(errors),
		cmocka_unit_test(text_is_harmless_and_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
