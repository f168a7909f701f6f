/*
 * recorder - a command for inittabs that notes all it was started with, and
 * every signal that it then gets, in /trace: a line of JSON each. Who starts
 * it in another way, in whatever detail, leaves another trace.
 *
 * Words that begin with "+" are for itself:
 *   +stay      goes on until SIGTERM; notes all other signals
 *   +deaf      goes on, after SIGTERM too
 *   +lastN     with +stay: takes N ms more after SIGTERM, and notes its end
 *   +sleepN    takes N ms
 *   +exitN     exits with N
 *   +killN     ends by signal N
 *   +readN     notes what it reads of descriptor 0, N bytes at most
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define TRACE "/trace"
#define DESCRIPTORS 256 /* looked at */

extern char **environ;

/* One line of the trace: written with one write(2), so it stays whole. */
struct line {
	char *text;
	size_t size;
	FILE *out;
};

static void die(const char *what)
{
	perror(what);
	exit(99);
}

static double uptime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Bytes over 127 go as if they were Latin 1. */
static void put_string(struct line *line, const char *s)
{
	putc('"', line->out);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < ' ' || c == '"' || c == '\\' || c > 126)
			fprintf(line->out, "\\u%04x", c);
		else
			putc(c, line->out);
	}
	putc('"', line->out);
}

static void put_number(struct line *line, const char *name, long long value)
{
	fprintf(line->out, ", \"%s\": %lld", name, value);
}

static void put_list(struct line *line, const char *name, char *const *list)
{
	fprintf(line->out, ", \"%s\": [", name);
	for (char *const *s = list; *s; s++) {
		if (s != list)
			fputs(", ", line->out);
		put_string(line, *s);
	}
	putc(']', line->out);
}

static void begin(struct line *line, const char *what)
{
	line->out = open_memstream(&line->text, &line->size);
	if (!line->out)
		die("memory");
	fprintf(line->out, "{\"what\": \"%s\", \"time\": %.6f", what, uptime());
	put_number(line, "pid", getpid());
	put_number(line, "session", getsid(0));
}

static void end(struct line *line)
{
	int fd = open(TRACE, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);

	fputs("}\n", line->out);
	fclose(line->out);
	if (fd < 0 || write(fd, line->text, line->size) != (ssize_t)line->size)
		die(TRACE);
	close(fd);
	free(line->text);
}

/* "0": ["4:65", flags] for each open descriptor; a path where it is no device.
 */
static void put_descriptors(struct line *line)
{
	const char *separator = "";

	fputs(", \"descriptors\": {", line->out);
	for (int fd = 0; fd < DESCRIPTORS; fd++) {
		int flags = fcntl(fd, F_GETFL);
		char path[64], target[PATH_MAX] = "?";
		struct stat stat;

		if (flags < 0 || fstat(fd, &stat) != 0)
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		if (S_ISCHR(stat.st_mode))
			snprintf(target, sizeof(target), "%u:%u",
				 major(stat.st_rdev), minor(stat.st_rdev));
		else
			(void)!readlink(path, target, sizeof(target) - 1);
		fprintf(line->out, "%s\"%d\": [", separator, fd);
		put_string(line, target);
		fprintf(line->out, ", %d]", flags & ~O_LARGEFILE);
		separator = ", ";
	}
	putc('}', line->out);
}

static void put_termios(struct line *line)
{
	struct termios t;

	if (tcgetattr(STDIN_FILENO, &t) != 0)
		return;
	fprintf(line->out, ", \"termios\": \"%x %x %x %x %x", t.c_iflag,
		t.c_oflag, t.c_cflag, t.c_lflag, t.c_line);
	for (int i = 0; i < NCCS && i < 19; i++)
		fprintf(line->out, " %x", t.c_cc[i]);
	putc('"', line->out);
}

/* A field of /proc/self/stat, counted from 1, after the command's name. */
static long stat_field(int number)
{
	char text[1024], *at;
	FILE *file = fopen("/proc/self/stat", "re");
	size_t len = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	if (file)
		fclose(file);
	text[len] = '\0';
	at = strrchr(text, ')');
	for (int i = 2; at && i < number; i++)
		at = strchr(at + 1, ' ');
	return at ? strtol(at, NULL, 10) : -1;
}

/* A bit for each signal, the lowest for the first, as in proc(5). */
static void put_signals(struct line *line, const char *name,
			bool (*is_in)(int number, const void *),
			const void *set)
{
	unsigned long long mask = 0;

	for (int number = 1; number <= 64; number++)
		if (is_in(number, set))
			mask |= 1ull << (number - 1);
	fprintf(line->out, ", \"%s\": \"%llx\"", name, mask);
}

static bool is_member(int number, const void *set)
{
	return sigismember(set, number) == 1;
}

static bool is_ignored(int number, const void *set)
{
	struct sigaction now;

	(void)set;
	return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

static void put_limits(struct line *line)
{
	struct rlimit core;

	getrlimit(RLIMIT_CORE, &core);
	put_number(line, "core", (long long)core.rlim_cur);
}

static void note_start(char **argv, const sigset_t *blocked)
{
	char directory[PATH_MAX];
	mode_t mask = umask(0);
	struct line line;

	(void)umask(mask);
	begin(&line, "start");
	put_list(&line, "argv", argv);
	put_list(&line, "environment", environ);
	put_number(&line, "parent", getppid());
	put_number(&line, "group", getpgid(0));
	put_number(&line, "tty", stat_field(7));
	put_number(&line, "foreground", stat_field(8));
	put_number(&line, "umask", mask);
	fputs(", \"directory\": ", line.out);
	put_string(&line,
		   getcwd(directory, sizeof(directory)) ? directory : "?");
	put_descriptors(&line);
	put_termios(&line);
	put_signals(&line, "blocked", is_member, blocked);
	put_signals(&line, "ignored", is_ignored, NULL);
	put_limits(&line);
	end(&line);
}

static void note_signal(int number)
{
	struct line line;

	begin(&line, "signal");
	put_number(&line, "signal", number);
	end(&line);
}

static void note_end(void)
{
	struct line line;

	begin(&line, "end");
	end(&line);
}

static void note_input(long size)
{
	char *text = calloc(1, (size_t)size + 1);
	ssize_t len = read(STDIN_FILENO, text, (size_t)size);
	struct line line;

	begin(&line, "read");
	put_number(&line, "result", len < 0 ? -errno : len);
	fputs(", \"text\": ", line.out);
	put_string(&line, text);
	end(&line);
	free(text);
}

static void nap(long ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&time, &time) != 0)
		continue;
}

static void stay(const sigset_t *all, bool deaf)
{
	int number;

	do {
		number = sigwaitinfo(all, NULL);
		if (number > 0)
			note_signal(number);
	} while (number != SIGTERM || deaf);
}

/* The number behind "+name", or -1. */
static long option(char **argv, const char *name)
{
	size_t len = strlen(name);

	for (; *argv; argv++)
		if (strncmp(*argv, name, len) == 0)
			return strtol(*argv + len, NULL, 10);
	return -1;
}

int main(int argc, char **argv)
{
	bool is_deaf = option(argv, "+deaf") >= 0;
	bool stays = is_deaf || option(argv, "+stay") >= 0;
	sigset_t all, none, blocked;
	long number;

	(void)argc;
	sigfillset(&all);
	sigemptyset(&none);
	/* none of them may come before it can be noted */
	sigprocmask(SIG_BLOCK, stays ? &all : &none, &blocked);
	note_start(argv, &blocked);
	if ((number = option(argv, "+read")) > 0)
		note_input(number);
	if ((number = option(argv, "+sleep")) > 0)
		nap(number);
	if (stays)
		stay(&all, is_deaf);
	if ((number = option(argv, "+last")) > 0) {
		nap(number);
		note_end();
	}
	if ((number = option(argv, "+kill")) > 0)
		raise((int)number);
	number = option(argv, "+exit");
	return number > 0 ? (int)number : 0;
}
