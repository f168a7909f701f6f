/*
 * initctl - looks into inittabs; "telinit" when it is called by that name. A
 * program of its own, so that init stays small.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "telinit.h"

enum status {
	STATUS_CLEAN,
	STATUS_FOUND,
	STATUS_FAILED, /* a file can't be read, or it was called wrongly */
};

/* Bytes of the source line that are shown, around the column. */
#define SHOWN 76

/* Bytes of one part of a message: a tty may be named in it, of any length. */
#define PART_SHOWN 120

static const char usage[] =
	"usage: initctl check FILE...   what is wrong or surprising in an "
	"inittab\n"
	"       initctl --help | --version\n"
	"See initctl check --help.\n";

static const char check_usage[] =
	"usage: initctl check FILE...\n"
	"Looks through inittabs (- is standard input) and prints\n"
	"FILE:LINE:COLUMN: message for each thing that is wrong, or does not "
	"do what\nits writer may think.\n"
	"Exit status: 0 nothing found, 1 something found, 2 a file can't be "
	"read.\n";

/* A file that is being checked. */
struct file {
	const char *name;
	char *text;
	uint32_t len;
	uint32_t line; /* the one that begins at start */
	uint32_t start;
	bool is_bad;
};

static int say_usage(FILE *out, const char *text, int status)
{
	fputs(text, out);
	return status;
}

static void say_error(const char *name)
{
	int error = errno;

	fputs("initctl: ", stderr);
	errno = error;
	perror(name);
}

/* Any byte may stand in an inittab, also those that command a terminal. */
static void put_harmless(char c, char tab)
{
	if (c == '\t')
		c = tab;
	else if (c < ' ' || c > '~')
		c = '?';
	putchar(c);
}

static void put_part(const char *part)
{
	size_t len = strnlen(part, PART_SHOWN + 1);

	for (size_t i = 0; i < len && i < PART_SHOWN; i++)
		put_harmless(part[i], ' ');
	if (len > PART_SHOWN)
		fputs("...", stdout);
}

static void put_number(uint32_t number)
{
	if (number > 9)
		put_number(number / 10);
	putchar((int)('0' + number % 10));
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

	fputs(from ? "..." : "", stdout);
	for (uint32_t i = from; i < to; i++)
		put_harmless(line[i], '\t');
	fputs(to < len ? "...\n" : "\n", stdout);
	fputs(from ? "   " : "", stdout);
	for (uint32_t i = from; i + 1 < column; i++)
		putchar(line[i] == '\t' ? '\t' : ' ');
	fputs("^\n", stdout);
}

static void show_finding(void *arg, uint32_t line, uint32_t column,
			 const char *const *parts)
{
	struct file *file = arg;

	file->is_bad = true;
	go_to_line(file, line);
	put_part(file->name);
	putchar(':');
	put_number(line);
	putchar(':');
	put_number(column);
	fputs(": ", stdout);
	for (; *parts; parts++)
		put_part(*parts);
	putchar('\n');
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

static enum status check_file(const char *name)
{
	struct file file = {.name = name, .line = 1};
	enum status status = STATUS_FAILED;

	file.text = get_memory(INITTAB_MAX + 1);
	if (file.text && read_file(&file) && check_contents(&file))
		status = file.is_bad ? STATUS_FOUND : STATUS_CLEAN;
	else
		say_error(name);
	if (file.text)
		munmap(file.text, INITTAB_MAX + 1);
	return status;
}

static int check(char **names)
{
	enum status worst = STATUS_CLEAN;

	if (names[0] && strcmp(names[0], "--help") == 0)
		return say_usage(stdout, check_usage, STATUS_CLEAN);
	if (!names[0] || (names[0][0] == '-' && names[0][1]))
		return say_usage(stderr, check_usage, STATUS_FAILED);
	for (; *names; names++) {
		enum status status = check_file(*names);

		if (status > worst)
			worst = status;
	}
	return worst;
}

static int help(char **words)
{
	(void)words;
	return say_usage(stdout, usage, STATUS_CLEAN);
}

static int version(char **words)
{
	(void)words;
	return say_usage(stdout, "kindling initctl " VERSION "\n",
			 STATUS_CLEAN);
}

static const struct {
	const char *name;
	int (*run)(char **words); /* what comes after it; NULL-ended */
} verbs[] = {
	{"check", check},
	{"--help", help},
	{"--version", version},
};

static int run(char **words)
{
	for (size_t i = 0; words[0] && i < sizeof(verbs) / sizeof(verbs[0]);
	     i++)
		if (strcmp(words[0], verbs[i].name) == 0)
			return verbs[i].run(words + 1);
	return say_usage(stderr, usage, STATUS_FAILED);
}

int main(int argc, char **argv)
{
	const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
	const char *name = slash ? slash + 1 : argc > 0 ? argv[0] : "";
	int status;

	if (strcmp(name, "telinit") == 0)
		return telinit(argc > 1 ? argv[1] : "");
	status = run(argv + (argc > 0));
	if (fflush(stdout) != 0 || ferror(stdout)) {
		say_error("standard output");
		return STATUS_FAILED;
	}
	return status;
}
