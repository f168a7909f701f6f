#include "lint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "dice.h"
#include "inittab.h"

/* Findings, as "line:column message\n" each. */
struct result {
	const char *text;
	size_t len;
	uint32_t line; /* of the last one */
	uint32_t count;
	uint32_t nuls;
	size_t used, size;
	char *out; /* NULL: they are only counted */
};

static uint32_t count_lines(const char *text, size_t len)
{
	uint32_t lines = 1;

	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	return lines;
}

static size_t length_of_line(const struct result *r, uint32_t line)
{
	const char *at = r->text, *end = r->text + r->len;
	const char *newline;

	while (--line)
		at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
	newline = memchr(at, '\n', (size_t)(end - at));
	return (size_t)((newline ? newline : end) - at);
}

static void append(struct result *r, const char *text)
{
	size_t len = strlen(text);

	if (r->used + len >= r->size)
		r->out = realloc(r->out, r->size = 2 * (r->used + len + 64));
	memcpy(r->out + r->used, text, len + 1);
	r->used += len;
}

static void note(void *arg, uint32_t line, uint32_t column,
		 const char *const *parts)
{
	struct result *r = arg;
	char place[32];

	assert_true(line >= 1 && line >= r->line && column >= 1);
	assert_non_null(parts[0]);
	r->line = line;
	r->count++;
	r->nuls += strncmp(parts[0], "a NUL byte", 10) == 0;
	if (!r->out)
		return;
	assert_true(line <= count_lines(r->text, r->len));
	assert_true(column <= length_of_line(r, line) + 1);
	snprintf(place, sizeof(place), "%u:%u ", line, column);
	append(r, place);
	for (; *parts; parts++)
		append(r, *parts);
	append(r, "\n");
}

/* Checks a text in memory of its exact size. */
static void check(struct result *r, const char *text, size_t len)
{
	const struct lint_sink sink = {r, note};
	char *copy = malloc(len ? len : 1);
	void *space;

	memcpy(copy, text, len);
	space = calloc(1, lint_bytes(copy, (uint32_t)len));
	r->text = copy;
	r->len = len;
	lint_text(copy, (uint32_t)len, space, &sink);
	assert_memory_equal(copy, text, len);
	free(space);
	free(copy);
}

static char *checked(const char *text, size_t len)
{
	struct result r = {.out = calloc(1, 64), .size = 64};

	check(&r, text, len);
	return r.out;
}

/* How each finding begins, a line each; and there is no other. */
struct example {
	const char *text;
	size_t len;
	const char *expected;
};

#define EXAMPLE(text, expected)                                                \
	{                                                                      \
		text, sizeof(text) - 1, expected                               \
	}

static bool begin_alike(const char *got, const char *expected)
{
	while (*got && *expected) {
		size_t len = strcspn(expected, "\n");

		if (strncmp(got, expected, len) != 0)
			return false;
		got += strcspn(got, "\n") + 1;
		expected += len + 1;
	}
	return !*got && !*expected;
}

static void check_examples(const struct example *e, size_t count)
{
	for (; count; count--, e++) {
		char *got = checked(e->text, e->len);

		if (!begin_alike(got, e->expected))
			fail_msg("of:\n%s\nexpected:\n%s\ngot:\n%s", e->text,
				 e->expected, got);
		free(got);
	}
}

#define CHECK_EXAMPLES(examples)                                               \
	check_examples(examples, sizeof(examples) / sizeof(examples[0]))

#define OK "::once:ok\n"
#define NO_ENTRY "1:1 no entry at all: init will use its built-in table\n"

static void good_inittabs_are_clean(void **state)
{
	static const struct example examples[] = {
		/* Alpine */
		EXAMPLE("::sysinit:/sbin/openrc sysinit\n"
			"::sysinit:/sbin/openrc boot\n"
			"::wait:/sbin/openrc default\n"
			"tty1::respawn:/sbin/getty 38400 tty1\n"
			"tty2::respawn:/sbin/getty 38400 tty2\n"
			"#ttyS0::respawn:/sbin/getty -L 0 ttyS0 vt100\n"
			"::ctrlaltdel:/sbin/reboot\n"
			"::shutdown:/sbin/openrc shutdown\n",
			""),
		/* OpenWrt, with busybox init */
		EXAMPLE("::sysinit:/etc/init.d/rcS S boot\n"
			"::shutdown:/etc/init.d/rcK K stop\n"
			"tts/0::askfirst:/bin/ash --login\n"
			"ttyATH0::askfirst:/bin/ash --login\n"
			"ttyS0::askfirst:/usr/libexec/login.sh\n",
			""),
		/* Buildroot, without what init does */
		EXAMPLE("::sysinit:/bin/mount -o remount,rw /\n"
			"::sysinit:/bin/mkdir -p /dev/pts /dev/shm\n"
			"::sysinit:/bin/mount -a\n"
			"::sysinit:/sbin/swapon -a\n"
			"null::sysinit:/bin/ln -sf /proc/self/fd /dev/fd\n"
			"null::sysinit:/bin/ln -sf /proc/self/fd/0 /dev/stdin\n"
			"::sysinit:/bin/hostname -F /etc/hostname\n"
			"::sysinit:/etc/init.d/rcS\n"
			"console::respawn:/sbin/getty -L  console 0 vt100 "
			"# GENERIC_SERIAL\n"
			"#::ctrlaltdel:/sbin/reboot\n"
			"::shutdown:/etc/init.d/rcK\n",
			""),
		/* busybox's example, without unmounting */
		EXAMPLE("::sysinit:/etc/init.d/rcS\n"
			"::askfirst:-/bin/sh\n"
			"tty2::askfirst:-/bin/sh\n"
			"tty4::respawn:/sbin/getty 38400 tty5\n"
			"::restart:/sbin/init\n"
			"::ctrlaltdel:/sbin/reboot\n",
			""),
		/* shell syntax; CRs, whitespace, joined lines, NULs in
		 * comments */
		EXAMPLE("::sysinit:for i in /etc/rc.d/S*; do $i start; done\n"
			"\t ttyGS0 : : respawn : /bin/sh -c 'while [ ! -e "
			"/dev/ttyGS0 ]; do sleep 1; done; exec getty'\r\n"
			"::sysinit:/bin/sh -c 'echo 1 > /sys/x 2>/dev/null'\n"
			"# a comment \0 with one \\\n"
			"::once:/usr/bin/a \\\n -b \"it's\" # and 'one\0\n",
			""),
	};
	char *got;

	(void)state;
	CHECK_EXAMPLES(examples);
	got = checked(inittab_builtin, strlen(inittab_builtin));
	assert_string_equal(got, "");
	free(got);
}

static void faults_of_the_parser_are_reported(void **state)
{
	static const struct example examples[] = {
		EXAMPLE(OK "  bad  \n", "2:6 needs four fields, "
					"tty::action:command\n"),
		EXAMPLE(OK "::once:\n::once:- # x\n",
			"2:8 no command\n3:8 no command\n"),
		EXAMPLE("bad\nbad", NO_ENTRY "1:4 needs\n2:4 needs\n"),
		EXAMPLE(OK "::bogus:x\n",
			"2:3 unknown action 'bogus'; known actions: sysinit, "
			"wait, "
			"once, respawn, askfirst, ctrlaltdel, shutdown, "
			"restart\n"),
		EXAMPLE(OK "::  :x\n",
			"2:5 no action; known actions: sysinit\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void check_action(const char *action, const char *expected)
{
	char text[128], message[256];
	struct example example = {text, 0, message};

	snprintf(text, sizeof(text), OK "::%s:x\n", action);
	snprintf(message, sizeof(message), "2:3 %s\n", expected);
	example.len = strlen(text);
	check_examples(&example, 1);
}

static void a_misspelt_action_is_put_right(void **state)
{
	static const char *const pairs[][2] = {
		{"respwan", "respawn"},
		{"SYSINIT", "sysinit"},
		{"Once", "once"},
		{"onc", "once"},
		{"waits", "wait"},
		{"respart", "restart"},
		{"ask-first", "askfirst"},
		{"ctrlaltdelete", "ctrlaltdel"},
		{"shutdwon", "shutdown"},
		{"sysint", "sysinit"},
		{"ctrl-alt-del", "ctrlaltdel"},
	};
	static const char *const others[] = {"x", "on", "sysv", "start",
					     "respawnrespawnrespawnrespawn"};
	char expected[128];

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		snprintf(expected, sizeof(expected),
			 "unknown action '%s'; did you mean '%s'?", pairs[i][0],
			 pairs[i][1]);
		check_action(pairs[i][0], expected);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		snprintf(expected, sizeof(expected),
			 "unknown action '%s'; known actions:", others[i]);
		check_action(others[i], expected);
	}
}

static void actions_of_others_are_known(void **state)
{
	static const char *const actions[][2] = {
		{"initdefault", "sysvinit's, and init has no runlevels"},
		{"boot", "sysvinit's: use once"},
		{"bootwait", "sysvinit's: use sysinit or wait"},
		{"off", "sysvinit's: delete the line"},
		{"OFF", "sysvinit's: delete the line"},
		{"ondemand", "sysvinit's, and init has no runlevels"},
		{"powerfail", "sysvinit's: init powers off on SIGPWR"},
		{"powerwait", "sysvinit's: init powers off on SIGPWR"},
		{"powerokwait", "sysvinit's: init powers off on SIGPWR"},
		{"powerfailnow", "sysvinit's: init powers off on SIGPWR"},
		{"kbrequest", "sysvinit's: init does not handle that key"},
		{"askconsole", "of OpenWrt's procd: use askfirst"},
		{"askconsolelate", "of OpenWrt's procd: use askfirst"},
		{"respawnlate", "of OpenWrt's procd: use respawn"},
	};
	char expected[128];

	(void)state;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		snprintf(expected, sizeof(expected), "action '%s' is %s",
			 actions[i][0], actions[i][1]);
		check_action(actions[i][0], expected);
	}
}

static void a_number_sign_in_a_command_is_reported(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::once:a#b '#c'\n", "1:9 this # is part of the\n"),
		EXAMPLE("::once:echo \"a #b\"\n", "1:16 this #\n"),
		EXAMPLE("::once:a # b\n#c\n\t#d\n::once:b\t#c\n", ""),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void an_open_quote_is_reported(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::once:echo \"a\n", "1:13 this quote is never\n"),
		EXAMPLE("::once:echo 'a\" # b\n",
			"1:13 this quote\n1:17 this #\n"),
		EXAMPLE("::once:echo \"a\" '\n", "1:17 this quote\n"),
		EXAMPLE("::once:echo \\'\n::once:echo 'a\\'\n::once:echo \\' "
			"\"'\" \"\\\"\"\n"
			"::once:x # it's\n",
			""),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void a_construct_over_several_lines_is_reported(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::sysinit:if [ -e x ]; then\n",
			"1:11 'if' is incomplete\n"),
		EXAMPLE("::sysinit:then\n::sysinit:else\n::sysinit:elif x\n"
			"::sysinit:fi\n::sysinit:do\n::sysinit:done\n"
			"::sysinit:esac\n",
			"1:11 'then'\n2:11 'else'\n3:11 'elif'\n4:11 'fi'\n"
			"5:11 'do'\n6:11 'done'\n7:11 'esac'\n"),
		EXAMPLE("::sysinit:for i in a b; do\n::wait:while x; do y\n"
			"::wait:until x\n::wait:case $x in\n",
			"1:11 'for'\n2:8 'while'\n3:8 'until'\n4:8 'case'\n"),
		EXAMPLE("::wait:if a; then for i in b; do c; fi\n",
			"1:19 'for'\n"),
		EXAMPLE("::wait:a; fi\n", "1:11 'fi'\n"),
		EXAMPLE("::wait:if a; then b; elif c; then d; else e; fi\n"
			"::wait:if a; then if b; then c; fi; fi >x 2>&1\n"
			"::wait:for i in a b; do c; done <x\n"
			"::wait:while read x; do a; done\n"
			"::wait:case $x in a) b;; c) if d; then e; fi;; esac\n"
			"::wait:echo if then fi do done\n"
			"::wait:sh -c 'if a; then'\n"
			"::wait:/usr/bin/if\n",
			""),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void a_setting_for_one_line_is_reported(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::sysinit:cd /tmp\n::sysinit:export A=b\n"
			"::sysinit:umask 077\n::sysinit:ulimit -c 0 # all\n",
			"1:11 this has no effect\n2:11 this has no "
			"effect\n3:11 this has no effect\n"
			"4:11 this has no effect\n"),
		EXAMPLE("::wait:cd /x && y\n::wait:export A=b; c\n"
			"::wait:(umask 077; x)\n::wait:/bin/cd /x\n"
			"::wait:echo cd\n",
			""),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void a_mount_of_what_init_mounts_is_reported(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::sysinit:mount -t proc proc /proc\n"
			"::sysinit:/bin/mount -t sysfs none /sys/\n"
			"::sysinit:mount devtmpfs /dev -t devtmpfs\n"
			"::sysinit:mount -n -t devpts -o gid=5 devpts "
			"/dev/pts\n"
			"::sysinit:busybox mount -ttmpfs tmpfs /dev/shm\n"
			"::wait:/bin/mount -t tmpfs tmpfs /run 2>/dev/null\n",
			"1:11 init has already mounted /proc:\n"
			"2:11 init has already mounted /sys:\n"
			"3:11 init has already mounted /dev:\n"
			"4:11 init has already mounted /dev/pts:\n"
			"5:19 init has already mounted /dev/shm:\n"
			"6:8 init has already mounted /run:\n"),
		EXAMPLE("::wait:mkdir -p /dev/pts && mount -t devpts x "
			"/dev/pts\n"
			"::wait:a; mount -t proc x /proc || b\n"
			"::wait:-mount -t proc x /proc\n",
			"1:29 init has\n2:11 init has\n3:9 init has\n"),
		EXAMPLE("::wait:mount -a\n::wait:mount -o remount,rw /\n"
			"::wait:mount -o remount,size=1m -t tmpfs tmpfs /run\n"
			"::wait:mount -t tmpfs tmpfs /tmp\n"
			"::wait:mount -t tmpfs mdev /dev\n"
			"::wait:mount -t proc proc /mnt/proc\n"
			"::wait:mount --bind /dev /mnt/dev\n"
			"::wait:mount -o bind -t proc /x /proc\n"
			"::wait:[ -e /proc/1 ] || mount -t proc proc /proc\n"
			"::wait:mountpoint -q /proc || mount -t proc x /proc\n"
			"::wait:[ ! -e /proc/1 ] && mount -t proc proc /proc\n"
			"::wait:if x; then mount -t proc proc /proc; fi\n"
			"::wait:echo mount -t proc proc /proc\n"
			"::wait:mount -t ext4 /dev/sda1 /mnt; x /proc\n"
			"::wait:mkdir -p /dev/pts /dev/shm\n",
			""),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void what_init_does_at_the_end_is_reported(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::shutdown:/bin/umount -a -r\n"
			"::shutdown:umount -ar >/dev/null 2>&1\n"
			"::shutdown:/sbin/swapoff -a\n"
			"::shutdown:/etc/init.d/rcK; umount -f -a\n"
			"::shutdown:/sbin/poweroff\n::shutdown:x; reboot -f\n",
			"1:12 not needed, and too early: init unmounts\n"
			"2:12 not needed, and too early: init unmounts\n"
			"3:12 not needed: init disables swap\n"
			"4:29 not needed, and too early: init unmounts\n"
			"5:12 runs in each shutdown, and turns it into a "
			"poweroff\n6:15 runs in each shutdown, and turns\n"),
		EXAMPLE("::shutdown:umount /mnt\n::shutdown:swapoff /dev/sda2\n"
			"::shutdown:umount --lazy /mnt\n::shutdown:umount -a "
			"-t nfs\n"
			"::wait:umount -a\n"
			"::once:poweroff\n::shutdown:echo reboot\n"
			"::shutdown:[ -e /x ] && poweroff\n",
			""),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void a_service_in_the_background_is_reported(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::respawn:foo &\n::askfirst:foo&\n",
			"1:15 the & makes\n2:15 the & makes\n"),
		EXAMPLE("::once:foo &\n::sysinit:bar &\n::respawn:a & wait\n"
			"::respawn:a &&\n::respawn:echo \\&\n"
			"::respawn:a '&'\n",
			""),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void repeats_name_their_line(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("t1x::once:a\n\n/dev/t1x:2:once: a\nt1x::once:a # c\n",
			"3:18 repeats line 1: init ignores that\n"
			"4:11 repeats line 3: init ignores that\n"),
		EXAMPLE("::once:a\n::wait:a\n::respawn:a\n::once:a\n"
			"::askfirst:a\n",
			"2:8 has the same tty and command as line 1, with\n"
			"3:11 has the same tty and command as line 2, with\n"
			"4:8 repeats line 1:\n"
			"4:8 has the same tty and command as line 3, with\n"
			"5:12 repeats line 3:\n"
			"5:12 has the same tty and command as line 4, with\n"),
		EXAMPLE("::once:a\ntty1::once:a\n::once:b\n::once:a b\n", ""),
		EXAMPLE("::restart:a\n::restart:b\n::restart:c\n",
			"2:11 init uses only one restart entry, that of line "
			"1\n"
			"3:11 init uses only one restart entry, that of line "
			"1\n"),
		EXAMPLE("::restart:a\n::restart:b\n::restart:a\n",
			"3:11 repeats line 1:\n"
			"3:11 init uses only one restart entry, that of line "
			"2\n"),
		EXAMPLE("::restart:a\n::once:b\n", ""),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void a_tty_that_can_not_be_one_is_reported(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("tty 1::once:a\nt\xc3\xa4y1::once:a\n'tty1'::once:a\n"
			"dev/tty1::once:a\n",
			"1:4 'tty 1' can't be the name of a tty\n"
			"2:2 't\xc3\xa4y1' can't be\n3:1 ''tty1'' can't be\n"
			"4:1 this means /dev/dev/tty1: leave out\n"),
		EXAMPLE("1:2345:respawn:/sbin/getty 38400 tty1\n"
			"si::sysinit:/etc/rc\nrc::wait:/etc/rc.d/rc\n"
			"S0:12345:respawn:/sbin/getty -L 115200 ttyS0\n"
			"mxc0:12345:respawn:/bin/start_getty 115200 ttymxc0\n"
			"ca:12345:ctrlaltdel:/sbin/shutdown -r now\n"
			"l0u:0:wait:/sbin/telinit u\nsu0:S:wait:/sbin/x\n"
			"10::once:a\n",
			"1:1 the first field is a tty, here /dev/1:\n"
			"2:1 the first field\n3:1 the first field\n"
			"4:1 the first field\n5:1 the first field\n"
			"6:1 the first field\n7:1 the first field\n"
			"8:1 the first field\n9:1 the first field\n"),
		EXAMPLE("tty1::once:a\nttyS0::once:a\n::once:a\n"
			"console::once:a\nnull::once:a\npts/3::once:a\n"
			"hvc0::once:a\nttyAMA0::once:a\nttymxc0::once:a\n"
			"vc/1::once:a\ntts/0::once:a\nttyUSB0::once:a\n"
			"/dev/tty2::once:a\n/dev/"
			"ab::once:a\ntty3:2345:once:getty tty3\n"
			"tty:12:once:a\nmyuart0::once:a\nmyua:23:once:x myua\n"
			"mem::once:a\nmyuart1:23:once:a\n/dev/v4l/by-id/"
			"x_y.z@1,2::once:a\n",
			""),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void keys_that_end_nothing_are_reported_once(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::ctrlaltdel:/bin/umount -a -r\n::once:a\n",
			"1:14 Ctrl-Alt-Del will not shut down the machine\n"),
		EXAMPLE("::ctrlaltdel:sync\n::ctrlaltdel:/bin/echo "
			"hi\n::once:a\n",
			"2:14 Ctrl-Alt-Del will not\n"),
		EXAMPLE("::ctrlaltdel:sync\n::ctrlaltdel:reboot\n", ""),
		EXAMPLE("::ctrlaltdel:reboot\n::ctrlaltdel:sync\n", ""),
	};
	static const char *const ending[] = {
		"/sbin/reboot",	  "poweroff -f",
		"/sbin/halt",	  "shutdown -r now",
		"telinit 6",	  "/sbin/init 0",
		"kill -TERM 1",	  "a; reboot",
		"/etc/cad",	  "sh -c 'b; poweroff'",
		"/bin/true",	  "/bin/false",
		"busybox reboot", "/usr/local/bin/cad",
		"/sbin/kexec -e", "echo b >/proc/sysrq-trigger",
	};
	char text[64];

	(void)state;
	CHECK_EXAMPLES(examples);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		struct example e = {text, 0, ""};

		e.len = (size_t)snprintf(text, sizeof(text),
					 "::ctrlaltdel:%s\n", ending[i]);
		check_examples(&e, 1);
	}
}

static void the_text_as_a_whole_is_looked_at(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("", NO_ENTRY),
		EXAMPLE("\n# only this\n", NO_ENTRY),
		EXAMPLE("\xef\xbb\xbf::once:a\n", "1:1 a byte order mark\n"),
		EXAMPLE("\xef\xbb\xbf# x\n" OK,
			"1:1 a byte order mark\n1:7 needs four\n"),
		EXAMPLE("\xef\xbb::once:a\n", "1:1 '\xef\xbb' can't be\n"),
	};
	size_t size = INITTAB_MAX + 1;
	char *text = malloc(size), *got;

	(void)state;
	CHECK_EXAMPLES(examples);
	memset(text, '\n', size);
	memcpy(text, OK, strlen(OK));
	got = checked(text, size);
	assert_string_equal(got, "1:1 larger than 16 MiB: init will use its "
				 "built-in table\n");
	free(got);
	free(text);
}

static void a_nul_is_reported_where_it_ends_a_line(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::once:a\0b\n", "1:9 a NUL byte\n"),
		EXAMPLE("::once:a \\\n \0b\n", "2:2 a NUL byte\n"),
		EXAMPLE(OK "\0::once:a\n \t\0\n" OK "x\n",
			"2:1 a NUL byte\n3:3 a NUL byte\n"
			"4:8 repeats line 1\n5:2 needs\n"),
		EXAMPLE(OK "::once\0:a\n", "2:7 needs four\n2:7 a NUL byte\n"),
		EXAMPLE(OK "::o \\\nff : a\\\n:b\0\n",
			"2:3 unknown action 'o ff'\n4:3 a NUL byte\n"),
		EXAMPLE(OK "::once:\0\n", "2:8 no command\n2:8 a NUL byte\n"),
		EXAMPLE("::once:a # b\0\n# \0\n\\\n#\0", ""),
		EXAMPLE("::once:a\0", "1:9 a NUL byte\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static void columns_go_through_joints(void **state)
{
	static const struct example examples[] = {
		EXAMPLE("::\\\nbad:a\n" OK, "2:1 unknown action 'bad'\n"),
		EXAMPLE("::\\\r\n\\\r\nb\\\nad:a\n" OK, "3:1 unknown\n"),
		EXAMPLE("::once:a \\\n b#c\n", "2:3 this #\n"),
		EXAMPLE("::once:\\\na \\\r\n 'b\\\n#c\n",
			"3:2 this quote\n4:1 this #\n"),
		EXAMPLE("\\\n\\\nbad\n" OK, "3:4 needs\n"),
		EXAMPLE("ba\\\nd\\\n\n" OK, "2:2 needs\n"),
		EXAMPLE("::once:\\\n\\\n\r\n" OK, "1:8 no command\n"),
		EXAMPLE(OK "bad\\", "2:4 needs\n"),
		EXAMPLE(OK "bad \r\n", "2:4 needs\n"),
		EXAMPLE(OK "\\\n\t tty 1::once:a\r\n", "3:6 'tty 1' can't\n"),
		/* the first that is found is not always the leftmost */
		EXAMPLE("::once:a'#\n", "1:9 this quote\n1:10 this #\n"),
	};

	(void)state;
	CHECK_EXAMPLES(examples);
}

static size_t random_text(struct dice *dice, char *text, size_t most)
{
	static const char *const words[] = {
		"::once:",
		"tty1::respawn:",
		":wait:",
		"::shutdown:umount -a",
		"\\\r\n",
		"\\\n",
		" #",
		"::bad:",
		"mount -t proc a /proc",
		"if ",
		"; fi",
		"\n::restart:a\n",
		"\n::ctrlaltdel:",
		"::\\\noff:",
	};
	static const char bytes[] = ":::::\n\n\n\\\\ \t##'\"\r-/a;&|()<>=`$1";
	size_t len = dice_below(dice, (uint32_t)most + 1), at = 0;

	while (at < len) {
		const char *word = words[dice_below(dice, 14)];

		if (dice_once_in(dice, 4) && at + strlen(word) <= len) {
			memcpy(text + at, word, strlen(word));
			at += strlen(word);
		} else if (dice_once_in(dice, 8)) {
			text[at++] = (char)dice_below(dice, 256);
		} else if (dice_once_in(dice, 16)) {
			text[at++] = '\0';
		} else {
			text[at++] = bytes[dice_below(dice, sizeof(bytes) - 1)];
		}
	}
	return len;
}

/* note() sees to it that what is found lies within the text, in order. */
static void random_bytes_are_survived(void **state)
{
	struct dice dice = {3};
	uint32_t nuls = 0;
	char text[300];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct result r = {.out = calloc(1, 64), .size = 64};

		check(&r, text, random_text(&dice, text, sizeof(text)));
		nuls += r.nuls;
		free(r.out);
	}
	assert_true(nuls > 1000);
}

/* What the parser makes of a text, as text; faults without their message. */
struct meaning {
	const char *text;
	size_t used;
	char out[4096];
};

static void mean_entry(void *arg, const struct entry *entry, uint32_t line)
{
	struct meaning *m = arg;

	m->used +=
		(size_t)snprintf(m->out + m->used, sizeof(m->out) - m->used,
				 "%u %s %d %s\n", line, m->text + entry->tty,
				 (int)entry->action, m->text + entry->command);
	assert_true(m->used < sizeof(m->out));
}

static void mean_fault(void *arg, uint32_t line, uint32_t column,
		       const char *why)
{
	struct meaning *m = arg;

	m->used += (size_t)snprintf(m->out + m->used, sizeof(m->out) - m->used,
				    "%u %u %s\n", line, column, why);
	assert_true(m->used < sizeof(m->out));
}

static void mean(struct meaning *m, const char *text, size_t len)
{
	const struct inittab_sink sink = {m, mean_entry, mean_fault};
	char copy[301];

	memcpy(copy, text, len);
	m->text = copy;
	m->used = 0;
	m->out[0] = '\0';
	inittab_parse(copy, (uint32_t)len, &sink);
}

static bool is_reported(const char *findings, uint32_t line)
{
	char place[32];
	const char *at = findings;

	snprintf(place, sizeof(place), "%u:", line);
	while ((at = strstr(at, "a NUL byte"))) {
		const char *start = at;

		while (start > findings && start[-1] != '\n')
			start--;
		if (strncmp(start, place, strlen(place)) == 0)
			return true;
		at++;
	}
	return false;
}

/* A NUL matters if the text would mean something else with another byte in its
 * place. */
static void each_nul_that_matters_is_reported(void **state)
{
	struct dice dice = {4};
	struct meaning *one = calloc(1, sizeof(*one));
	struct meaning *other = calloc(1, sizeof(*other));
	uint32_t matter = 0;
	char text[301];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t len = random_text(&dice, text, 200);
		char *nul = memchr(text, '\0', len);
		uint32_t line;
		char *got;

		if (!nul)
			continue;
		line = count_lines(text, (size_t)(nul - text));
		got = checked(text, len);
		mean(one, text, len);
		*nul = '\x01';
		mean(other, text, len);
		if (strcmp(one->out, other->out) != 0) {
			assert_true(is_reported(got, line));
			matter++;
		} else if (is_reported(got, line)) {
			/* a fault says nothing of what comes after it */
			assert_true(strstr(one->out, "unknown action") ||
				    strstr(one->out, "no command"));
		}
		free(got);
	}
	assert_true(matter > 1000);
	free(one);
	free(other);
}

/* Seconds of processor time that any text of this size may take here; one
 * pass over it for each line would be minutes. */
#define PATIENCE 10

static void check_quick(const char *unit, uint32_t times, bool numbered)
{
	size_t size = (strlen(unit) + 12) * times + 1, used = 0;
	char *text = malloc(size);
	struct result r = {.out = NULL};
	clock_t start;

	for (uint32_t i = 0; i < times; i++) {
		size_t len = strlen(unit);

		if (numbered)
			used += (size_t)sprintf(text + used, "%s%u\n", unit, i);
		else
			memcpy(text + used, unit, len), used += len;
	}
	start = clock();
	check(&r, text, used);
	assert_true(clock() - start < PATIENCE * CLOCKS_PER_SEC);
	free(text);
}

static void many_lines_and_long_ones_are_quick(void **state)
{
	(void)state;
	check_quick("::once:/usr/bin/service ", 100000, true);
	check_quick("::restart:/usr/bin/service ", 100000, true);
	check_quick("tty1::respawn:/sbin/getty 38400 tty1\n", 100000, false);
	check_quick("::once:mount -t proc proc /proc;'#\n", 100000, false);
	check_quick("bad\n", 100000, false);
	check_quick("::bad:\\\n", 100000, false);
	check_quick("\\\n", 300000, false);
	check_quick("\n", 300000, false);
	check_quick("#\0", 300000, false);
	/* one command of all of it */
	check_quick("::once:a=1;", 100000, false);
	check_quick("::once:mount -t proc -a;", 100000, false);
	check_quick("::shutdown:umount b; if a;", 100000, false);
	check_quick("::once:mkdir &&", 100000, false);
	check_quick("::once:1<2 & ", 100000, false);
	check_quick("::once:11111111111", 100000, false);
	check_quick("''", 300000, false);
	check_quick("1:", 300000, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_inittabs_are_clean),
		cmocka_unit_test(faults_of_the_parser_are_reported),
		cmocka_unit_test(a_misspelt_action_is_put_right),
		cmocka_unit_test(actions_of_others_are_known),
		cmocka_unit_test(a_number_sign_in_a_command_is_reported),
		cmocka_unit_test(an_open_quote_is_reported),
		cmocka_unit_test(a_construct_over_several_lines_is_reported),
		cmocka_unit_test(a_setting_for_one_line_is_reported),
		cmocka_unit_test(a_mount_of_what_init_mounts_is_reported),
		cmocka_unit_test(what_init_does_at_the_end_is_reported),
		cmocka_unit_test(a_service_in_the_background_is_reported),
		cmocka_unit_test(repeats_name_their_line),
		cmocka_unit_test(a_tty_that_can_not_be_one_is_reported),
		cmocka_unit_test(keys_that_end_nothing_are_reported_once),
		cmocka_unit_test(the_text_as_a_whole_is_looked_at),
		cmocka_unit_test(a_nul_is_reported_where_it_ends_a_line),
		cmocka_unit_test(columns_go_through_joints),
		cmocka_unit_test(random_bytes_are_survived),
		cmocka_unit_test(each_nul_that_matters_is_reported),
		cmocka_unit_test(many_lines_and_long_ones_are_quick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
