#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dice.h"

/* Renders "path: [argv0] [argv1] ..."; space has the exact size, so that the
 * address sanitizer sees a byte too many. */
static void split(const char *line, char *out, size_t size)
{
	size_t space_size = command_bytes(line);
	char *copy = malloc(strlen(line) + 1);
	void *space = malloc(space_size);
	struct command command;
	size_t used;

	strcpy(copy, line);
	command = command_split(copy, space);
	assert_string_equal(copy, line); /* it is not written to */
	free(copy);			 /* and not pointed into */
	used = (size_t)snprintf(out, size, "%s:", command.path);
	for (char **arg = command.argv; *arg; arg++)
		used += (size_t)snprintf(out + used, size - used, " [%s]",
					 *arg);
	assert_true(used < size);
	free(space);
}

struct example {
	const char *line;
	const char *expected;
};

static void check_examples(const struct example *e, size_t count)
{
	char got[512];

	for (; count; count--, e++) {
		split(e->line, got, sizeof(got));
		assert_string_equal(got, e->expected);
	}
}

#define CHECK_EXAMPLES(examples)                                               \
	check_examples(examples, sizeof(examples) / sizeof(examples[0]))

static void words_are_split_at_whitespace(void **state)
{
	static const struct example examples[] = {
		{"a", "a: [a]"},
		{"/sbin/getty -L ttyS0 9600 vt100",
		 "/sbin/getty: [/sbin/getty] [-L] [ttyS0] [9600] [vt100]"},
		{"a b", "a: [a] [b]"},
		{"a  \t b", "a: [a] [b]"},
		{" a b \t", "a: [a] [b]"},
		{"\ta", "a: [a]"},
		{"a b c d e f g", "a: [a] [b] [c] [d] [e] [f] [g]"},
		/* these mean nothing to a shell */
		{"a #b %c @d ,e +f -g :h /i _j .k",
		 "a: [a] [#b] [%c] [@d] [,e] [+f] [-g] [:h] [/i] [_j] [.k]"},
		{"a\rb\n", "a\rb\n: [a\rb\n]"},
		{"\xc3\xa4 \xff", "\xc3\xa4: [\xc3\xa4] [\xff]"},
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void a_dash_asks_for_a_login_shell(void **state)
{
	static const struct example examples[] = {
		{"-/bin/sh", "/bin/sh: [-/bin/sh]"},
		{"-sh -x y", "sh: [-sh] [-x] [y]"},
		{"- sh x", "sh: [-sh] [x]"},
		{"-\t sh", "sh: [-sh]"},
		{"--a", "-a: [--a]"},
		{"- -a", "-a: [--a]"},
		{"a -b", "a: [a] [-b]"},
		{" -a", "-a: [-a]"}, /* no dash at byte 0 */
	};

	(void)state;
	CHECK_EXAMPLES(examples);
	assert_true(command_is_login("-a"));
	assert_true(command_is_login("-"));
	assert_false(command_is_login("a-"));
	assert_false(command_is_login(" -a"));
	assert_false(command_is_login(""));
}

static void shell_lines_go_to_a_shell_as_they_are(void **state)
{
	static const struct example examples[] = {
		{"a; b", "/bin/sh: [/bin/sh] [-c] [a; b]"},
		{"cd /x && X=1  y",
		 "/bin/sh: [/bin/sh] [-c] [cd /x && X=1  y]"},
		{"-a | b", "/bin/sh: [-/bin/sh] [-c] [a | b]"},
		{"-  a;b", "/bin/sh: [-/bin/sh] [-c] [a;b]"},
		{"  a;b ", "/bin/sh: [/bin/sh] [-c] [a;b ]"},
		{"echo 'a  b' #c", "/bin/sh: [/bin/sh] [-c] [echo 'a  b' #c]"},
		{";", "/bin/sh: [/bin/sh] [-c] [;]"},
		{"-;", "/bin/sh: [-/bin/sh] [-c] [;]"},
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

/* busybox init.c, init_exec(): exactly these. */
static void every_shell_character_counts_and_no_other(void **state)
{
	static const char known[] = "~`!$^&*()=|\\{}[];\"'<>?";
	char line[] = "a bXc", got[64];

	(void)state;
	for (int c = 1; c < 256; c++) {
		line[3] = (char)c;
		split(line, got, sizeof(got));
		assert_int_equal(strncmp(got, "/bin/sh:", 8) == 0,
				 strchr(known, c) != NULL);
	}
}

/* As a script without #! needs it. */
static void any_line_may_be_given_to_a_shell(void **state)
{
	char *space = malloc(command_bytes("- /etc/rc a"));
	struct command command = command_wrap_in_shell("- /etc/rc a", space);

	(void)state;
	assert_string_equal(command.path, "/bin/sh");
	assert_string_equal(command.argv[0], "-/bin/sh");
	assert_string_equal(command.argv[1], "-c");
	assert_string_equal(command.argv[2], "/etc/rc a");
	assert_null(command.argv[3]);
	command = command_wrap_in_shell("-x", space);
	assert_string_equal(command.argv[2], "x");
	free(space);
}

static void no_word_at_all_is_survived(void **state)
{
	static const struct example examples[] = {
		{"", ":"},
		{"-", ":"},
		{" ", ":"},
		{"- \t", ":"},
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

/* The same, said in another way: for lines without shell characters. */
static void split_naively(const char *line, char *out)
{
	bool login = line[0] == '-';
	bool in_word = false;

	for (line += login; *line; line++) {
		if (*line == ' ' || *line == '\t') {
			if (in_word)
				*out++ = ']';
			in_word = false;
			continue;
		}
		if (!in_word) {
			*out++ = ' ';
			*out++ = '[';
			if (login)
				*out++ = '-';
			login = false;
		}
		in_word = true;
		*out++ = *line;
	}
	if (in_word)
		*out++ = ']';
	*out = '\0';
}

static void random_lines_split_as_said(void **state)
{
	static const char bytes[] = "  \tab-#";
	struct dice dice = {3};
	char line[40], got[512], expected[512];

	(void)state;
	for (int i = 0; i < 50000; i++) {
		size_t len = dice_below(&dice, sizeof(line));

		for (size_t j = 0; j < len; j++)
			line[j] = bytes[dice_below(&dice, sizeof(bytes) - 1)];
		line[len] = '\0';
		split(line, got, sizeof(got));
		split_naively(line, expected);
		assert_string_equal(strstr(got, ":") + 1, expected);
	}
}

static void space_is_enough_for_any_line(void **state)
{
	static char line[200000], got[2 * sizeof(line) + 64];

	(void)state;
	/* the most words there can be: of one byte each */
	for (size_t len = 1; len < 100; len++) {
		memset(line, 'x', len);
		for (size_t i = 1; i < len; i += 2)
			line[i] = ' ';
		line[len] = '\0';
		split(line, got, sizeof(got));
		line[0] = '-';
		split(line, got, sizeof(got));
	}
	memset(line, 'x', sizeof(line) - 1);
	split(line, got, sizeof(got));
	assert_int_equal(strlen(got), 2 * (sizeof(line) - 1) + 4);
	line[100] = ';';
	split(line, got, sizeof(got));
	assert_int_equal(strlen(got), strlen("/bin/sh: [/bin/sh] [-c] []") +
					      sizeof(line) - 1);
}

/* Renders a composed environment; room has the exact size. */
static void compose(const char *const *inherited, const char *const *settings,
		    char *out, size_t size)
{
	char *const *in = (char *const *)(uintptr_t)inherited;
	char *const *set = (char *const *)(uintptr_t)settings;
	size_t room = environment_merge_bytes(in, set), used = 0;
	char **list = malloc(room);

	assert_ptr_equal(environment_merge(in, set, list), list);
	out[0] = '\0';
	for (char **s = list; *s; s++)
		used += (size_t)snprintf(out + used, size - used, "%s;", *s);
	assert_true(used < size);
	free(list);
}

static void settings_go_before_what_is_inherited(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const inherited[] = {
		"HOME=/", "PATH=/evil", "PATHS=1", "PAT=2",
		"TERM",	  "X=PATH=3",	"PATH",	   NULL};
	static const char *const settings[] = {"PATH=/bin", "SHELL=/bin/sh",
					       "TERM=vt102", NULL};
	char got[256];

	(void)state;
	compose(none, none, got, sizeof(got));
	assert_string_equal(got, "");
	compose(none, settings, got, sizeof(got));
	assert_string_equal(got, "PATH=/bin;SHELL=/bin/sh;TERM=vt102;");
	compose(inherited, none, got, sizeof(got));
	assert_string_equal(
		got, "HOME=/;PATH=/evil;PATHS=1;PAT=2;TERM;X=PATH=3;PATH;");
	compose(inherited, settings, got, sizeof(got));
	assert_string_equal(got, "PATH=/bin;SHELL=/bin/sh;TERM=vt102;"
				 "HOME=/;PATHS=1;PAT=2;X=PATH=3;");
}

static void a_variable_is_found_by_its_whole_name(void **state)
{
	static const char *const strings[] = {
		"TERMS=1", "TER=2", "TERM", "TERM=linux", "TERM=x", "E=", NULL};
	char *const *list = (char *const *)(uintptr_t)strings;

	(void)state;
	assert_string_equal(environment_get(list, "TERM"), "linux");
	assert_string_equal(environment_get(list, "E"), "");
	assert_null(environment_get(list, "TE"));
	assert_null(environment_get(list, "HOME"));
	assert_null(environment_get(list + 6, "TERM"));
}

static void words_are_taken_as_they_are(void **state)
{
	static const char words[] = "sh\0-c\0a; b\0\0-x";
	char *argv[sizeof(words) + 1];
	struct command c = command_from_words(words, sizeof(words), argv);

	(void)state;
	assert_string_equal(c.path, "sh");
	assert_ptr_equal(c.argv, argv);
	assert_string_equal(argv[1], "-c");
	assert_string_equal(argv[2], "a; b");
	assert_string_equal(argv[3], "");
	assert_string_equal(argv[4], "-x");
	assert_null(argv[5]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_split_at_whitespace),
		cmocka_unit_test(a_dash_asks_for_a_login_shell),
		cmocka_unit_test(shell_lines_go_to_a_shell_as_they_are),
		cmocka_unit_test(every_shell_character_counts_and_no_other),
		cmocka_unit_test(any_line_may_be_given_to_a_shell),
		cmocka_unit_test(no_word_at_all_is_survived),
		cmocka_unit_test(random_lines_split_as_said),
		cmocka_unit_test(space_is_enough_for_any_line),
		cmocka_unit_test(settings_go_before_what_is_inherited),
		cmocka_unit_test(a_variable_is_found_by_its_whole_name),
		cmocka_unit_test(words_are_taken_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
