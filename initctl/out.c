#include "out.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 1024

static struct {
	char bytes[BLOCK];
	size_t used;
	int error; /* errno of a write; nothing is written after it */
} out;

/* Returns 0 or errno. */
static int write_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0)
			return errno;
		bytes += n;
		size -= (size_t)n;
	}
	return 0;
}

bool out_flush(void)
{
	if (!out.error)
		out.error = write_all(STDOUT_FILENO, out.bytes, out.used);
	out.used = 0;
	errno = out.error;
	return !out.error;
}

void out_char(char c)
{
	if (out.used == BLOCK)
		(void)out_flush(); /* the last one says it, too */
	out.bytes[out.used++] = c;
}

void out_text(const char *text)
{
	while (*text)
		out_char(*text++);
}

void out_error(const char *text)
{
	int error = errno;

	(void)out_flush(); /* the last one says it, too */
	/* there is nowhere to say that this failed */
	(void)write_all(STDERR_FILENO, text, strlen(text));
	errno = error;
}
