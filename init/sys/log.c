#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A line with its level, "init: " and line end (bytes). */
#define LINE_SIZE 416

/* The level, as "<6>", which the console does not get (bytes). */
#define LEVEL_SIZE 3

/* Tries to write a line while others write to the console. */
#define WRITE_TRIES 20

/* The longest wait for room before each further try (ms); then the line, or its
 * rest, is dropped. PID 1 must go on; only its entry waits for a child. */
#define PID_1_WAIT 20
#define CHILD_WAIT 1000

struct line {
	char text[LINE_SIZE];
	size_t used;
};

static void append(struct line *line, const char *s)
{
	/* leaves room for the line end, "\r\n" */
	for (; *s && line->used < LINE_SIZE - 2; s++) {
		bool is_control = (unsigned char)*s < ' ' || *s == 0x7f;

		line->text[line->used++] = is_control ? '?' : *s;
	}
}

/* Without the newline the kernel would wait for the rest of the line, and not
 * show it before the next line. */
static void write_kernel(struct line *line)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return; /* no devtmpfs yet, or none at all */
	line->text[line->used] = '\n';
	(void)!write(fd, line->text,
		     line->used + 1); /* no log is left for it */
	close(fd);
}

/* Opens the file on descriptor 2 again. Children share the open file
 * description of descriptor 2, so O_NONBLOCK there would apply to them as well
 * (open(2)). Returns -1 if nothing can be written now. */
static int open_console(void)
{
	struct pollfd shared = {STDERR_FILENO, POLLOUT, 0};
	struct stat stat;
	int fd;

	if (fstat(STDERR_FILENO, &stat) == 0 && S_ISREG(stat.st_mode))
		return STDERR_FILENO; /* children share its position */
	fd = open("/proc/self/fd/2",
		  O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	/* no /proc, or a socket: descriptor 2, if it has room now */
	return poll(&shared, 1, 0) == 1 && shared.revents & POLLOUT
		       ? STDERR_FILENO
		       : -1;
}

/* EAGAIN: another process writes to the tty, so there will be room soon; or
 * Ctrl-S was typed, and the wait for room may never end. */
static void write_with_retries(int fd, const char *text, size_t len)
{
	struct pollfd console = {fd, POLLOUT, 0};
	int wait = getpid() == 1 ? PID_1_WAIT : CHILD_WAIT;

	for (int i = 0; i < WRITE_TRIES; i++) {
		ssize_t written = write(fd, text, len);

		if (written < 0 && errno != EAGAIN)
			return;
		if (written > 0) {
			text += written;
			len -= (size_t)written;
		}
		if (len == 0 || poll(&console, 1, wait) != 1)
			return;
	}
}

static void write_console(struct line *line)
{
	char *text = line->text + LEVEL_SIZE;
	size_t len = line->used - LEVEL_SIZE;
	int fd = open_console();

	if (fd < 0)
		return;
	if (isatty(fd)) /* in raw mode the tty adds no \r */
		text[len++] = '\r';
	text[len++] = '\n';
	write_with_retries(fd, text, len);
	if (fd != STDERR_FILENO)
		close(fd);
}

void log_line(bool is_machine, enum log_level level, ...)
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
	if (is_machine)
		write_kernel(&line);
	write_console(&line);
	errno = saved;
}
