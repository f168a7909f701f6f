#define _GNU_SOURCE /* SIGSTKFLT, SIGIO, WTERMSIG */

#include "output.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define MS_PER_S 1000
#define US_PER_S 1000000
#define S_PER_MIN 60
#define S_PER_H (60 * S_PER_MIN)
#define S_PER_D (24 * S_PER_H)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char safe(char c)
{
	return (char)(c < ' ' || c > '~' ? '?' : c);
}

void output_safe_char(char c, char tab)
{
	putchar(c == '\t' ? tab : safe(c));
}

void output_safe(const char *text, size_t max)
{
	for (; *text && max; text++, max--)
		output_safe_char(*text, '?');
}

static void output_spaces(size_t used, size_t width)
{
	for (; used < width; used++)
		putchar(' ');
}

void output_left(const char *text, size_t width)
{
	output_safe(text, SIZE_MAX);
	output_spaces(strlen(text), width);
}

void output_right(const char *text, size_t width)
{
	output_spaces(strlen(text), width);
	output_safe(text, SIZE_MAX);
}

int output_flush(void)
{
	static int error; /* errno of the first write that failed */

	/* if it was an earlier write, within printf(3), then errno may belong
	 * to another call since; nothing better is known */
	if ((fflush(stdout) != 0 || ferror(stdout)) && !error)
		error = errno ? errno : EIO;
	return error;
}

void error_line(const char *format, ...)
{
	int error = errno;
	va_list arguments;

	(void)output_flush(); /* main() reports a failure at the end */
	fputs("initctl: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	errno = error;
}

/* Formats a span in its two largest units, or in seconds alone. The second unit
 * has at least that many digits. */
static const char *span(char *buffer, int64_t ms, const char *const units[4],
			const char *between, int digits)
{
	static const uint32_t sizes[] = {S_PER_D, S_PER_H, S_PER_MIN, 1};
	uint64_t s = ms < 0 ? 0 : (uint64_t)ms / MS_PER_S;
	int i = 0;

	while (i < 3 && s < sizes[i])
		i++;
	if (i == 3)
		snprintf(buffer, FORMAT_SIZE, "%" PRIu64 "%s", s, units[3]);
	else
		snprintf(buffer, FORMAT_SIZE, "%" PRIu64 "%s%s%0*" PRIu64 "%s",
			 s / sizes[i], units[i], between, digits,
			 s % sizes[i] / sizes[i + 1], units[i + 1]);
	return buffer;
}

const char *format_span_short(char *buffer, int64_t ms)
{
	static const char *const units[] = {"d", "h", "m", "s"};

	return span(buffer, ms, units, "", 2);
}

const char *format_span_long(char *buffer, int64_t ms)
{
	static const char *const units[] = {" d", " h", " min", " s"};

	return span(buffer, ms, units, " ", 1);
}

static const char *fraction(char *buffer, int64_t time, int64_t parts,
			    int digits)
{
	int64_t t = time < 0 ? 0 : time;

	snprintf(buffer, FORMAT_SIZE, "%" PRId64 ".%0*" PRId64, t / parts,
		 digits, t % parts);
	return buffer;
}

const char *format_ms(char *buffer, int64_t ms)
{
	return fraction(buffer, ms, MS_PER_S, 3);
}

const char *format_us(char *buffer, int64_t us)
{
	return fraction(buffer, us, US_PER_S, 6);
}

/* musl has no sigabbrev_np(3), and its strsignal(3) gives descriptions, not
 * names. */
const char *format_signal(char *buffer, int signal)
{
	static const char names[][sizeof("SIGSTKFLT")] = {
		[SIGHUP] = "SIGHUP",   [SIGINT] = "SIGINT",
		[SIGQUIT] = "SIGQUIT", [SIGILL] = "SIGILL",
		[SIGTRAP] = "SIGTRAP", [SIGABRT] = "SIGABRT",
		[SIGBUS] = "SIGBUS",   [SIGFPE] = "SIGFPE",
		[SIGKILL] = "SIGKILL", [SIGUSR1] = "SIGUSR1",
		[SIGSEGV] = "SIGSEGV", [SIGUSR2] = "SIGUSR2",
		[SIGPIPE] = "SIGPIPE", [SIGALRM] = "SIGALRM",
		[SIGTERM] = "SIGTERM", [SIGSTKFLT] = "SIGSTKFLT",
		[SIGCHLD] = "SIGCHLD", [SIGCONT] = "SIGCONT",
		[SIGSTOP] = "SIGSTOP", [SIGTSTP] = "SIGTSTP",
		[SIGTTIN] = "SIGTTIN", [SIGTTOU] = "SIGTTOU",
		[SIGURG] = "SIGURG",   [SIGXCPU] = "SIGXCPU",
		[SIGXFSZ] = "SIGXFSZ", [SIGVTALRM] = "SIGVTALRM",
		[SIGPROF] = "SIGPROF", [SIGWINCH] = "SIGWINCH",
		[SIGIO] = "SIGIO",     [SIGPWR] = "SIGPWR",
		[SIGSYS] = "SIGSYS",
	};

	if (signal > 0 && (size_t)signal < COUNT(names) && *names[signal])
		return strcpy(buffer, names[signal]);
	snprintf(buffer, FORMAT_SIZE, "signal %d", signal);
	return buffer;
}

const char *format_status(char *buffer, int status)
{
	if (WIFSIGNALED(status))
		return format_signal(buffer, WTERMSIG(status));
	snprintf(buffer, FORMAT_SIZE, "%d", WEXITSTATUS(status));
	return buffer;
}

const char *format_safe(char *buffer, size_t size, const char *text)
{
	size_t i = 0;

	for (; i + 1 < size && text[i]; i++)
		buffer[i] = safe(text[i]);
	buffer[i] = '\0';
	return buffer;
}
