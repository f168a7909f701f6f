#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A line with its level, name and end (bytes). */
#define LINE_SIZE 416

/* "<6>init: " comes first; the console gets it from here on. */
#define LEVEL_SIZE 3

/* A console where others write is tried again so often, each time as soon as
 * they are done; if that takes more than so many ms, the line is dropped. */
#define WRITE_TRIES 20
#define WRITE_WAIT 20

struct line {
	char text[LINE_SIZE];
	size_t used;
};

static void append(struct line *line, const char *s)
{
	/* the line's end always fits: "\r\n" */
	for (; *s && line->used < LINE_SIZE - 2; s++) {
		bool is_control = (unsigned char)*s < ' ' || *s == 0x7f;

		line->text[line->used++] = is_control ? '?' : *s;
	}
}

/* Without a newline the kernel would wait for the rest of the line, and show it
 * to nobody before the next one comes. */
static void write_kernel(struct line *line)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return; /* no devtmpfs yet, or none at all */
	line->text[line->used] = '\n';
	(void)!write(fd, line->text, line->used + 1); /* nowhere left to say */
	close(fd);
}

/* A description of our own of what is on descriptor 2, which children share:
 * theirs may block, and must not be made to. */
static int open_console(void)
{
	struct pollfd shared = {STDERR_FILENO, POLLOUT, 0};
	struct stat stat;
	int fd;

	if (fstat(STDERR_FILENO, &stat) == 0 && S_ISREG(stat.st_mode))
		return STDERR_FILENO; /* nobody to wait for; one position */
	fd = open("/proc/self/fd/2",
		  O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	/* no /proc, or a socket: the shared one, if it has room right now */
	return poll(&shared, 1, 0) == 1 && shared.revents & POLLOUT
		       ? STDERR_FILENO
		       : -1;
}

/* EAGAIN: another one writes there just now, and then soon does not; or Ctrl-S
 * was typed, and it never ends. */
static void write_patiently(int fd, const char *text, size_t len)
{
	struct pollfd console = {fd, POLLOUT, 0};

	for (int i = 0; i < WRITE_TRIES; i++)
		if (write(fd, text, len) >= 0 || errno != EAGAIN ||
		    poll(&console, 1, WRITE_WAIT) != 1)
			return;
}

static void write_console(struct line *line)
{
	char *text = line->text + LEVEL_SIZE;
	size_t len = line->used - LEVEL_SIZE;
	int fd = open_console();

	if (fd < 0)
		return;
	if (isatty(fd)) /* whose settings may be raw */
		text[len++] = '\r';
	text[len++] = '\n';
	write_patiently(fd, text, len);
	if (fd != STDERR_FILENO)
		close(fd);
}

void log_line(bool machine, enum log_level level, ...)
{
	struct line line;
	int saved = errno;
	const char *part;
	va_list parts;

	memcpy(line.text, "<0>", LEVEL_SIZE);
	line.text[1] = (char)('0' + (level & LOG_PRIORITY_MASK));
	line.used = LEVEL_SIZE;
	append(&line, "init: ");
	va_start(parts, level);
	while ((part = va_arg(parts, const char *)))
		append(&line, part);
	va_end(parts);
	if (level == LOG_ERRNO) {
		append(&line, ": ");
		append(&line, strerror(saved));
	}
	if (machine)
		write_kernel(&line);
	write_console(&line);
	errno = saved;
}
