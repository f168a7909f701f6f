#include "cmd_check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lint.h"
#include "output.h"

/* At most this many bytes of a line are printed, around the column. */
#define LINE_SHOWN 76

/* At most this many bytes of one part of a message are printed: a part may be
 * the tty of the inittab, of any length. */
#define PART_SHOWN 120

struct checked_file {
	const char *name;
	char *text;
	uint32_t len;
	uint32_t line;	/* the current line, which begins at */
	uint32_t start; /* this offset */
	bool has_findings;
};

static void print_part(const char *part)
{
	for (int i = 0; i < PART_SHOWN && *part; i++)
		output_safe_char(*part++, ' ');
	if (*part)
		fputs("...", stdout);
}

/* Moves forward only: findings are ordered by line. */
static void go_to_line(struct checked_file *file, uint32_t line)
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

static uint32_t line_length(const struct checked_file *file)
{
	const char *at = file->text + file->start;
	const char *end = memchr(at, '\n', file->len - file->start);
	uint32_t len = end ? (uint32_t)(end - at) : file->len - file->start;

	return len > 0 && at[len - 1] == '\r' ? len - 1 : len;
}

/* Prints the line, and a caret below the column. The line with the caret has
 * tabs where the line above has them, so that the two are aligned. */
static void print_line(const struct checked_file *file, uint32_t column)
{
	const char *line = file->text + file->start;
	uint32_t len = line_length(file);
	uint32_t from = len > LINE_SHOWN && column > LINE_SHOWN / 2
				? column - LINE_SHOWN / 2
				: 0;
	uint32_t to = len - from > LINE_SHOWN ? from + LINE_SHOWN : len;

	fputs(from ? "..." : "", stdout);
	for (uint32_t i = from; i < to; i++)
		output_safe_char(line[i], '\t');
	puts(to < len ? "..." : "");
	fputs(from ? "   " : "", stdout);
	for (uint32_t i = from; i + 1 < column; i++)
		putchar(line[i] == '\t' ? '\t' : ' ');
	puts("^");
}

static void print_finding(void *arg, uint32_t line, uint32_t column,
			  const char *const *parts)
{
	struct checked_file *file = arg;

	file->has_findings = true;
	go_to_line(file, line);
	print_part(file->name);
	printf(":%u:%u: ", line, column);
	for (; *parts; parts++)
		print_part(*parts);
	putchar('\n');
	print_line(file, column);
}

/* Reads one byte more than an inittab may have, so that lint_text() notices one
 * that is too large. Returns false and sets errno if the file can't be read. */
static bool read_file(struct checked_file *file)
{
	bool is_stdin = strcmp(file->name, "-") == 0;
	FILE *stream = is_stdin ? stdin : fopen(file->name, "re");
	int error;

	if (!stream)
		return false;
	file->len = (uint32_t)fread(file->text, 1, INITTAB_MAX + 1, stream);
	error = ferror(stream) ? errno : 0;
	if (!is_stdin)
		(void)fclose(stream); /* nothing was written */
	errno = error;
	return !error;
}

static bool lint_contents(struct checked_file *file)
{
	const struct lint_sink sink = {file, print_finding};
	void *space = calloc(1, lint_bytes(file->text, file->len));

	if (!space)
		return false;
	lint_text(file->text, file->len, space, &sink);
	free(space);
	return true;
}

static enum outcome check_file(const char *name)
{
	/* malloc(3) maps this; the kernel provides only the pages that are
	 * used */
	struct checked_file file = {
		.name = name, .text = malloc(INITTAB_MAX + 1), .line = 1};
	enum outcome outcome = CHECK_FAILED;

	if (file.text && read_file(&file) && lint_contents(&file))
		outcome = file.has_findings ? CHECK_FOUND : CHECK_CLEAN;
	else
		error_line("%s: %s", name, strerror(errno));
	free(file.text);
	return outcome;
}

enum outcome cmd_check(const struct options *options)
{
	enum outcome worst = CHECK_CLEAN;

	for (char **name = options->operands; *name; name++) {
		enum outcome outcome = check_file(*name);

		if (outcome > worst)
			worst = outcome;
	}
	return worst;
}
