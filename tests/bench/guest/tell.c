#include "tell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SECOND + time.tv_nsec;
}

void nap(long long ns)
{
	struct timespec left = {ns / SECOND, ns % SECOND};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

long long cpu_of(pid_t pid)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &time) != 0)
		return -1;
	return time.tv_sec * SECOND + time.tv_nsec;
}

/* Devices stay open: the last close of a serial line waits for it. */
static void send(int fd, const char *start, const char *format,
		 va_list arguments)
{
	char line[1024];
	size_t length = strlen(strcpy(line, start));

	length += (size_t)vsnprintf(line + length, sizeof line - length - 1,
				    format, arguments);
	if (length > sizeof line - 2)
		length = sizeof line - 2;
	line[length++] = '\n';
	/* Where there is no device the host misses the line, and says so. */
	(void)!write(fd, line, length);
}

void tell(const char *format, ...)
{
	static int fd = -1;
	va_list arguments;

	if (fd < 0)
		fd = open("/dev/ttyS1", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	va_start(arguments, format);
	send(fd, "BENCH ", format, arguments);
	va_end(arguments);
}

void mark(const char *format, ...)
{
	static int fd = -1;
	va_list arguments;

	if (fd < 0)
		fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	va_start(arguments, format);
	/* Level 0, KERN_EMERG: printed even with "quiet" or a low loglevel. */
	send(fd, "<0>BENCH ", format, arguments);
	va_end(arguments);
}

ssize_t slurp(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -1;
	length = read(fd, text, size - 1);
	close(fd);
	text[length > 0 ? length : 0] = '\0';
	return length;
}

void put(const char *path, const char *text)
{
	char new[256];
	int fd;

	snprintf(new, sizeof new, "%s.new", path);
	fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	(void)!write(fd, text, strlen(text));
	close(fd);
	rename(new, path);
}

int tasks(void)
{
	static int fd = -1;
	char text[128];
	const char *slash;
	ssize_t length;

	if (fd < 0)
		fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
	length = pread(fd, text, sizeof text - 1, 0);
	text[length > 0 ? length : 0] = '\0';
	slash = strchr(text, '/');
	return slash ? atoi(slash + 1) : -1;
}

static void end_as_orphan(int fd, void (*at_end)(void))
{
	char byte;

	if (fd >= 0)
		(void)!read(fd, &byte, 1);
	if (at_end)
		at_end();
	_exit(0);
}

int orphan(int fd, void (*at_end)(void))
{
	int status = -1;
	pid_t parent = fork();

	if (parent < 0)
		return -1;
	if (parent == 0) {
		pid_t child = fork();

		if (child == 0)
			end_as_orphan(fd, at_end);
		_exit(child < 0);
	}
	waitpid(parent, &status, 0);
	return status == 0 ? 0 : -1;
}
