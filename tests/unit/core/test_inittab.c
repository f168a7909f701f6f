#include "inittab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dice.h"
#include "echo.h"

#define FEW "needs four fields, tty::action:command"

/* What a parse gave: "tty|action|command\n", or "!line:column why\n". */
struct result {
	const char *text;
	size_t size;
	size_t used;
	char *out;
};

static void note_entry(void *arg, const struct entry *entry, uint32_t line)
{
	struct result *r = arg;

	(void)line;
	assert_true(entry->action < ACTION_INITTAB_COUNT);
	r->used += (size_t)snprintf(r->out + r->used, r->size - r->used,
				    "%s|%s|%s\n", r->text + entry->tty,
				    inittab_action_name(entry->action),
				    r->text + entry->command);
	assert_true(r->used < r->size);
}

static void note_fault(void *arg, uint32_t line, uint32_t column,
		       const char *why)
{
	struct result *r = arg;

	r->used += (size_t)snprintf(r->out + r->used, r->size - r->used,
				    "!%u:%u %s\n", line, column, why);
	assert_true(r->used < r->size);
}

/* Parses a copy whose last writable byte is text[len]; to be freed. */
static char *parsed(const char *text, size_t len)
{
	char *copy = malloc(len + 1);
	struct result r = {copy, 3 * len + 4096, 0, NULL};
	struct inittab_sink sink = {&r, note_entry, note_fault};

	r.out = calloc(1, r.size);
	memcpy(copy, text, len);
	copy[len] = '\n'; /* not a NUL, and it is not to be read */
	inittab_parse(copy, (uint32_t)len, &sink);
	free(copy);
	return r.out;
}

struct example {
	const char *text;
	size_t len;
	const char *expected;
};

#define EXAMPLE(text, expected)                                                \
	{                                                                      \
		text, sizeof(text) - 1, expected                               \
	}

static void check_examples(const struct example *e, size_t count)
{
	for (; count; count--, e++) {
		char *got = parsed(e->text, e->len);

		assert_string_equal(got, e->expected);
		free(got);
	}
}

#define CHECK_EXAMPLES(examples)                                               \
	check_examples(examples, sizeof(examples) / sizeof(examples[0]))

static void every_action_has_its_name(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::sysinit:a\n::wait:b\n::once:c\n::respawn:d\n"
			"::askfirst:e\n::ctrlaltdel:f\n::shutdown:g\n"
			"::restart:h\n",
			"|sysinit|a\n|wait|b\n|once|c\n|respawn|d\n"
			"|askfirst|e\n|ctrlaltdel|f\n|shutdown|g\n"
			"|restart|h\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void nothing_comes_of_nothing(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("", ""),	 EXAMPLE("\n", ""),
		EXAMPLE("\n\n\n", ""),	 EXAMPLE("  \t\n", ""),
		EXAMPLE("\r\n", ""),	 EXAMPLE(" \r\n\t\r\n", ""),
		EXAMPLE("\\", ""),	 EXAMPLE("\\\n", ""),
		EXAMPLE("\\\r\n", ""),	 EXAMPLE("\\\n\\\n \\\n\n", ""),
		EXAMPLE("\0", ""),	 EXAMPLE("\0::once:a\n", ""),
		EXAMPLE("  \0x\n", ""),	 EXAMPLE("#", ""),
		EXAMPLE("# x\n#\n", ""), EXAMPLE(" ", ""),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void whitespace_around_fields_is_trimmed(void **state)
{
	static const struct example examples[] = {
		EXAMPLE(" tty1 : x\t:\trespawn : getty  1 \t\n",
			"tty1|respawn|getty  1\n"),
		EXAMPLE("\t::once:a", "|once|a\n"),
		EXAMPLE("::once: \t a", "|once|a\n"),
		EXAMPLE(" : : once : a : b ", "|once|a : b\n"),
		/* but what stands inside them stays */
		EXAMPLE("tty 1::once:a\n", "tty 1|once|a\n"),
		EXAMPLE("::once:a\t  b\n", "|once|a\t  b\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void carriage_return_ends_a_line(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::once:a\r\n::wait:b x\r\n", "|once|a\n|wait|b x\n"),
		EXAMPLE("::once:a\r", "|once|a\n"),
		EXAMPLE("::once:a \r\n", "|once|a\n"),
		EXAMPLE("# c\r\n::once:a # c\r\n", "|once|a\n"),
		EXAMPLE("::once:a\rb\n", "|once|a\rb\n"),
		EXAMPLE("::once:a\r\r\n", "|once|a\r\n"),
		EXAMPLE("::once:\r\n", "!1:8 no command\n"),
		EXAMPLE("::once\r\n", "!1:7 " FEW "\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void comments_start_a_line_or_follow_whitespace(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("#::once:a\n::once:b\n", "|once|b\n"),
		EXAMPLE("  \t# c\n::once:b\n", "|once|b\n"),
		EXAMPLE("::once:a # c : d\n::once:b\t#c", "|once|a\n|once|b\n"),
		EXAMPLE("::once:a#b ${#x}\n", "|once|a#b ${#x}\n"),
		EXAMPLE("::once:http://h/p#f\n", "|once|http://h/p#f\n"),
		EXAMPLE("t#1::once:a\n", "t#1|once|a\n"),
		EXAMPLE("t::once # :a\n", "!1:8 " FEW "\n"),
		EXAMPLE("::once:#a\n", "!1:8 no command\n"),
		EXAMPLE("::once: #a\n", "!1:8 no command\n"),
		EXAMPLE(":#:once:a\n", "|once|a\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void quotes_keep_a_number_sign(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::once:a 'b #c' #d\n", "|once|a 'b #c'\n"),
		EXAMPLE("::once:a \"b #c\" #d\n", "|once|a \"b #c\"\n"),
		EXAMPLE("::once:a \"b' #c\" #d\n", "|once|a \"b' #c\"\n"),
		EXAMPLE("::once:a 'b\" #c' #d\n", "|once|a 'b\" #c'\n"),
		/* an escaped quote opens nothing and closes nothing */
		EXAMPLE("::once:a \\' #c\n", "|once|a \\'\n"),
		EXAMPLE("::once:a \\\" #c\n", "|once|a \\\"\n"),
		EXAMPLE("::once:a \"\\\" #b\" #c\n", "|once|a \"\\\" #b\"\n"),
		/* but in single quotes a backslash is no escape */
		EXAMPLE("::once:a '\\' #c\n", "|once|a '\\'\n"),
		EXAMPLE("::once:a \\\\' #b' #c\n", "|once|a \\\\' #b'\n"),
		EXAMPLE("::once:a \\#b\n", "|once|a \\#b\n"),
		/* quotes count in the command only, and end with the line */
		EXAMPLE("t'::once:a #b\n", "t'|once|a\n"),
		EXAMPLE(":':once:a #b'\n", "|once|a\n"),
		EXAMPLE("::once:a 'b #c\n::once:d #e\n",
			"|once|a 'b #c\n|once|d\n"),
		EXAMPLE("::once:a \\\n' #b' #c\n", "|once|a ' #b'\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void a_backslash_joins_lines(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::on\\\nce:a\\\n b\n::once:c", "|once|a b\n|once|c\n"),
		EXAMPLE("::once:a\\\r\n b\r\n", "|once|a b\n"),
		EXAMPLE("::once:a\\\n\\\n\\\nb\n", "|once|ab\n"),
		EXAMPLE("\\\n::once:a\n", "|once|a\n"),
		EXAMPLE("::once:a\\\\\nb\n", "|once|a\\b\n"),
		EXAMPLE("::once:a\\", "|once|a\n"),
		EXAMPLE("::once:a\\\n", "|once|a\n"),
		EXAMPLE("::once:a\\\r", "|once|a\\\n"),
		EXAMPLE("::once:a\\ \n::once:b\n", "|once|a\\\n|once|b\n"),
		EXAMPLE("::once:a\\b\n", "|once|a\\b\n"),
		EXAMPLE("::once:a\\\rb\n", "|once|a\\\rb\n"),
		/* a comment goes to the end of its physical line */
		EXAMPLE("# c \\\n::once:a\n", "|once|a\n"),
		EXAMPLE("# c \\\r\n::once:a\n", "|once|a\n"),
		EXAMPLE("::once:a # c \\\n::once:b\n", "|once|a\n|once|b\n"),
		EXAMPLE("\\\n# c\n::once:a\n", "|once|a\n"),
		EXAMPLE("::once:a \\\n# c\n::once:b\n", "|once|a\n|once|b\n"),
		EXAMPLE("::once:a\\\n#c\n", "|once|a#c\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void a_nul_ends_its_line(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::once:a\0b\\\n::once:c\n", "|once|a\n|once|c\n"),
		EXAMPLE("::once\0:a\n::once:b\n", "!1:7 " FEW "\n|once|b\n"),
		EXAMPLE("::once:a\0", "|once|a\n"),
		EXAMPLE("::once:\0a", "!1:8 no command\n"),
		EXAMPLE("::once:a\\\0\n::once:b\n", "|once|a\\\n|once|b\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void the_command_keeps_its_colons(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::once:one:two::three", "|once|one:two::three\n"),
		EXAMPLE("::once::", "|once|:\n"),
		EXAMPLE(":345:once:a", "|once|a\n"),
		EXAMPLE("::once:a:", "|once|a:\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void a_tty_has_many_spellings(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("tty1::once:a\n/dev/tty1::once:a\n/tty1::once:a\n"
			"//tty1::once:a\n/dev//tty1::once:a\n",
			"tty1|once|a\ntty1|once|a\ntty1|once|a\n"
			"tty1|once|a\ntty1|once|a\n"),
		EXAMPLE("pts/3::once:a\n/dev/pts/3::once:a\n",
			"pts/3|once|a\npts/3|once|a\n"),
		EXAMPLE("console::once:a\n", "console|once|a\n"),
		EXAMPLE("/dev/::once:a\n/::once:a\n", "|once|a\n|once|a\n"),
		EXAMPLE("/dev/dev/x::once:a\n", "dev/x|once|a\n"),
		EXAMPLE("/dev::once:a\n", "dev|once|a\n"),
		EXAMPLE("\xef\xbb\xbft::once:a\n", "\xef\xbb\xbft|once|a\n"),
		EXAMPLE("a-name-that-is-longer-than-thirty-one-bytes::once:a",
			"a-name-that-is-longer-than-thirty-one-bytes"
			"|once|a\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void a_bad_line_costs_itself(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("x\n:x\n::x\n::once:a\n",
			"!1:2 " FEW "\n!2:3 " FEW "\n!3:4 " FEW "\n|once|a\n"),
		EXAMPLE("::bad:a\n::once:a\n",
			"!1:3 unknown action\n|once|a\n"),
		EXAMPLE("::SYSINIT:a\n::Once:a\n::off:a\n::oncex:a\n::onc:a\n"
			":::a\n",
			"!1:3 unknown action\n!2:3 unknown action\n"
			"!3:3 unknown action\n!4:3 unknown action\n"
			"!5:3 unknown action\n!6:3 unknown action\n"),
		EXAMPLE("tt:id: bad : a\n", "!1:8 unknown action\n"),
		EXAMPLE("::once:\n::once:  \n::once:\t",
			"!1:8 no command\n!2:8 no command\n"
			"!3:8 no command\n"),
		EXAMPLE("::once:-\n::once:- \n::once:-\t \n::once: -\n",
			"!1:8 no command\n!2:8 no command\n"
			"!3:8 no command\n!4:9 no command\n"),
		EXAMPLE("::once:- a\n::once:-a\n::once:--\n",
			"|once|- a\n|once|-a\n|once|--\n"),
		EXAMPLE("  x  \n", "!1:4 " FEW "\n"),
		/* an unknown action is named before the missing command */
		EXAMPLE("::bad:\n", "!1:3 unknown action\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void faults_name_line_and_column(void **state)
{
	static const struct example examples[] = {
		/* the first physical line of joined ones, and the column in
		 * the joined line */
		EXAMPLE("\n# c\n::once:a\n\nbad\n", "|once|a\n!5:4 " FEW "\n"),
		EXAMPLE("::once:a\\\nb\nbad", "|once|ab\n!3:4 " FEW "\n"),
		EXAMPLE("::\\\n\\\nbad:a\nbad\n",
			"!1:3 unknown action\n!4:4 " FEW "\n"),
		EXAMPLE("::on\\\r\nce:\nbad\n",
			"!1:8 no command\n!3:4 " FEW "\n"),
		EXAMPLE("# c \\\nbad\n", "!2:4 " FEW "\n"),
		EXAMPLE("::once:a\0\nbad\n", "|once|a\n!2:4 " FEW "\n"),
		EXAMPLE("bad", "!1:4 " FEW "\n"),
		EXAMPLE("\\\n\\\nbad", "!1:4 " FEW "\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void built_in_tables_parse_cleanly(void **state)
{
	const struct example examples[] = {
		{inittab_builtin, strlen(inittab_builtin),
		 "|sysinit|/etc/init.d/rcS\n|askfirst|-/bin/sh\n"
		 "tty2|askfirst|-/bin/sh\ntty3|askfirst|-/bin/sh\n"
		 "tty4|askfirst|-/bin/sh\n|ctrlaltdel|reboot\n"
		 ""
		 "|restart|init\n"},
		{inittab_single, strlen(inittab_single), "|respawn|-/bin/sh\n"},
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void a_line_of_a_mebibyte_arrives_whole(void **state)
{
	static const char head[] = "tty1::once:";
	size_t size = 1024 * 1024, at = sizeof(head) - 1;
	char *text = malloc(size), *got;

	(void)state;
	memset(text, 'x', size);
	memcpy(text, head, at);
	got = parsed(text, size);
	assert_int_equal(strlen(got), strlen("tty1|once|\n") + size - at);
	assert_int_equal(strspn(got + strlen("tty1|once|"), "x"), size - at);
	free(got);
	memset(text, ':', size); /* an action that is not known */
	got = parsed(text, size);
	assert_string_equal(got, "!1:3 unknown action\n");
	free(got);
	memset(text, 'x', size);
	got = parsed(text, size);
	assert_string_equal(got, "!1:1048577 " FEW "\n");
	free(got);
	free(text);
}

/* Bytes that mean something, more often than others. */
static char random_byte(struct dice *dice)
{
	static const char known[] = ":::::\n\n\n\\\\ \t##'\"\r-/a";

	if (dice_once_in(dice, 12))
		return (char)dice_below(dice, 256);
	return known[dice_below(dice, sizeof(known) - 1)];
}

static size_t random_text(struct dice *dice, char *text, size_t most)
{
	static const char *const words[] = {"::once:",	 "/dev/t::wait:",
					    ":respawn:", "\\\r\n",
					    "\\\n",	 " #"};
	size_t len = dice_below(dice, (uint32_t)most + 1), at = 0;

	while (at < len) {
		const char *word = words[dice_below(dice, 6)];

		if (dice_once_in(dice, 5) && at + strlen(word) <= len) {
			memcpy(text + at, word, strlen(word));
			at += strlen(word);
		} else {
			text[at++] = random_byte(dice);
		}
	}
	return len;
}

static void random_bytes_are_survived(void **state)
{
	struct dice dice = {1};
	struct echo *echo = malloc(sizeof(*echo));
	size_t entries = 0;
	char text[300];

	(void)state;
	for (int i = 0; i < 30000; i++) {
		size_t len = random_text(&dice, text, sizeof(text));

		echo_check(text, len, echo);
		entries += echo->entries > 0;
	}
	assert_true(entries > 10000); /* the dice are not too wild */
	free(echo);
}

static void ignore_entry(void *arg, const struct entry *entry, uint32_t line)
{
	(void)arg, (void)entry, (void)line;
}

static void ignore_fault(void *arg, uint32_t line, uint32_t column,
			 const char *why)
{
	(void)arg, (void)line, (void)column, (void)why;
}

static void only_the_byte_after_the_text_is_written(void **state)
{
	struct inittab_sink sink = {NULL, ignore_entry, ignore_fault};
	struct dice dice = {2};
	char text[64], room[66];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t len = random_text(&dice, text, sizeof(text));

		memset(room, 'Z', sizeof(room));
		memcpy(room, text, len);
		inittab_parse(room, (uint32_t)len, &sink);
		assert_true(room[len] == 'Z' || room[len] == '\0');
		assert_int_equal(room[len + 1], 'Z');
	}
}

static void note_line(void *arg, const struct entry *entry, uint32_t line)
{
	(void)entry;
	sprintf((char *)arg + strlen(arg), "%u ", line);
}

static void note_bad_line(void *arg, uint32_t line, uint32_t column,
			  const char *why)
{
	(void)column, (void)why;
	sprintf((char *)arg + strlen(arg), "!%u ", line);
}

/* A joined line is named by its first one. */
static void lines_are_counted_from_one(void **state)
{
	char text[] = "::once:a\n\n# c\\\n::\\\nonce:b\n::x:y\\\n\n::once:c";
	char lines[64] = "";
	struct inittab_sink sink = {lines, note_line, note_bad_line};

	(void)state;
	inittab_parse(text, sizeof(text) - 1, &sink);
	assert_string_equal(lines, "1 4 !6 8 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_has_its_name),
		cmocka_unit_test(nothing_comes_of_nothing),
		cmocka_unit_test(whitespace_around_fields_is_trimmed),
		cmocka_unit_test(carriage_return_ends_a_line),
		cmocka_unit_test(comments_start_a_line_or_follow_whitespace),
		cmocka_unit_test(quotes_keep_a_number_sign),
		cmocka_unit_test(a_backslash_joins_lines),
		cmocka_unit_test(a_nul_ends_its_line),
		cmocka_unit_test(the_command_keeps_its_colons),
		cmocka_unit_test(a_tty_has_many_spellings),
		cmocka_unit_test(a_bad_line_costs_itself),
		cmocka_unit_test(faults_name_line_and_column),
		cmocka_unit_test(lines_are_counted_from_one),
		cmocka_unit_test(built_in_tables_parse_cleanly),
		cmocka_unit_test(a_line_of_a_mebibyte_arrives_whole),
		cmocka_unit_test(random_bytes_are_survived),
		cmocka_unit_test(only_the_byte_after_the_text_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
