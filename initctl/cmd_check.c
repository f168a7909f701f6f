#define _GNU_SOURCE /* MAP_ANONYMOUS */

#include "cmd_check.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lint.h"
#include "out.h"
#include "put.h"
#include "say.h"
#include "words.h"

/* Bytes of the source line that are shown, around the column. */
#define SHOWN 76

/* Bytes of one part of a message: a tty may be named in it, of any length. */
#define PART_SHOWN 120

/* A file that is being checked. */
struct file {
	const char *name;
	char *text;
	uint32_t len;
	uint32_t line; /* the one that begins at start */
	uint32_t start;
	bool is_bad;
};

static void put_part(const char *part)
{
	size_t len = strnlen(part, PART_SHOWN + 1);

	for (size_t i = 0; i < len && i < PART_SHOWN; i++)
		put_harmless(part[i], ' ');
	if (len > PART_SHOWN)
		out_text("...");
}

static void put_number(uint32_t number)
{
	char words[WORDS_SIZE];

	out_text(words_number(words, number));
}

/* Findings come in the order of the lines. */
static void go_to_line(struct file *file, uint32_t line)
{
	while (file->line < line) {
		const char *at = file->text + file->start;
		const char *end = memchr(at, '\n', file->len - file->start);

		if (!end)
			return;
		file->start += (uint32_t)(end - at) + 1;
		file->line++;
	}
}

static uint32_t line_length(const struct file *file)
{
	const char *at = file->text + file->start;
	const char *end = memchr(at, '\n', file->len - file->start);
	uint32_t len = end ? (uint32_t)(end - at) : file->len - file->start;

	return len > 0 && at[len - 1] == '\r' ? len - 1 : len;
}

/* The line, and a caret under the column: what comes before it is the same in
 * both, tabs for tabs and blanks for the rest. */
static void show_line(const struct file *file, uint32_t column)
{
	const char *line = file->text + file->start;
	uint32_t len = line_length(file);
	uint32_t from =
		len > SHOWN && column > SHOWN / 2 ? column - SHOWN / 2 : 0;
	uint32_t to = len - from > SHOWN ? from + SHOWN : len;

	out_text(from ? "..." : "");
	for (uint32_t i = from; i < to; i++)
		put_harmless(line[i], '\t');
	out_text(to < len ? "...\n" : "\n");
	out_text(from ? "   " : "");
	for (uint32_t i = from; i + 1 < column; i++)
		out_char(line[i] == '\t' ? '\t' : ' ');
	out_text("^\n");
}

static void show_finding(void *arg, uint32_t line, uint32_t column,
			 const char *const *parts)
{
	struct file *file = arg;

	file->is_bad = true;
	go_to_line(file, line);
	put_part(file->name);
	out_char(':');
	put_number(line);
	out_char(':');
	put_number(column);
	out_text(": ");
	for (; *parts; parts++)
		put_part(*parts);
	out_char('\n');
	show_line(file, column);
}

/* Memory that is zero, and is taken only where it is used. NULL and errno. */
static void *get_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* Reads up to size bytes. Returns their number, or -1 and errno. */
static ssize_t read_all(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t n = 1;

	while (n > 0 && used < size) {
		n = read(fd, text + used, size - used);
		if (n > 0)
			used += (size_t)n;
	}
	return n < 0 ? -1 : (ssize_t)used;
}

/* Reads a file, and one byte more than is allowed. */
static bool read_file(struct file *file)
{
	bool is_input = strcmp(file->name, "-") == 0;
	int fd = is_input ? STDIN_FILENO : open(file->name, O_RDONLY);
	ssize_t len = fd < 0 ? -1 : read_all(fd, file->text, INITTAB_MAX + 1);
	int error = errno;

	if (fd >= 0 && !is_input)
		close(fd);
	errno = error;
	file->len = len < 0 ? 0 : (uint32_t)len;
	return len >= 0;
}

static bool check_contents(struct file *file)
{
	const struct check_sink sink = {file, show_finding};
	size_t size = check_space(file->text, file->len);
	void *space = get_memory(size);

	if (!space)
		return false;
	check_text(file->text, file->len, space, &sink);
	munmap(space, size);
	return true;
}

enum checked checkfile(const char *name)
{
	struct file file = {.name = name, .line = 1};
	enum checked status = CHECK_FAILED;
	char words[WORDS_SIZE];

	file.text = get_memory(INITTAB_MAX + 1);
	if (file.text && read_file(&file) && check_contents(&file))
		status = file.is_bad ? CHECK_FOUND : CHECK_CLEAN;
	else
		say(name, ": ", words_error(words, errno), NULL);
	if (file.text)
		munmap(file.text, INITTAB_MAX + 1);
	return status;
}
