#include "proc_file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void proc_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, text, strlen(text));
	close(fd);
}

void proc_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[len > 0 ? len : 0] = '\0';
}

bool proc_has_word(const char *text, const char *name)
{
	size_t len = strlen(name);

	while (*text) {
		size_t word = strcspn(text, " \n");

		if (strncmp(text, name, len) == 0 &&
		    (word == len || name[len - 1] == '='))
			return true;
		text += word;
		text += strspn(text, " \n");
	}
	return false;
}

unsigned long proc_field(const char *text, int spaces)
{
	unsigned long number = 0;

	while (spaces > 0 && *text)
		spaces -= *text++ == ' ';
	while (*text >= '0' && *text <= '9')
		number = number * 10 + (unsigned long)(*text++ - '0');
	return number;
}
