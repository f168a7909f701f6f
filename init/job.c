#define _GNU_SOURCE /* environ */

#include "job.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command.h"
#include "kernel.h"
#include "proc_file.h"

/* Where QEMU's isa-debug-exit is, by default. */
#define EXIT_PORT 0x501

/* A slow reader gets so many times so many ms; a few bytes lie in the line's
 * own memory, and are not counted. */
#define DRAIN_TRIES 250
#define DRAIN_APART 20

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* The words after "--", as the kernel cuts them: blanks in quotes do not count
 * (lib/cmdline.c, next_arg()). */
static int words_after_dashes(const char *line)
{
	bool is_quoted = false;
	bool is_after = false;
	int count = 0;

	while (*line) {
		const char *word = line;

		while (*line && (is_quoted || !is_blank(*line)))
			is_quoted ^= *line++ == '"';
		count += is_after && line > word;
		is_after |= strncmp(word, "-- ", 3) == 0;
		line += *line != '\0';
	}
	return count;
}

bool job_is_container_command(int argc, char **argv, bool machine)
{
	return !machine && argc > 2 && strcmp(argv[1], "--") == 0;
}

/* Which of our arguments is the first word of the job; argc: none. */
static int first_word(int argc, char **argv, bool machine)
{
	char line[KERNEL_CMDLINE_SIZE];
	int first;

	if (argc > 2 && strcmp(argv[1], "--") == 0)
		return 2;
	if (!machine || argc < 2)
		return argc;
	proc_read("/proc/cmdline", line, sizeof(line));
	first = argc - words_after_dashes(line);
	return first > 0 ? first : argc;
}

int job_parse(struct job *job, int argc, char **argv, bool machine)
{
	int first = first_word(argc, argv, machine);
	const char *last = argv[argc - 1];

	*job = (struct job){.text = environment_get(environ, "INIT_RUN")};
	if (first < argc) { /* they lie in one piece (execve(2)) */
		job->text = argv[first];
		job->is_words = true;
		job->is_only = job_is_container_command(argc, argv, machine);
	} else if (job->text && *job->text) {
		last = job->text;
	} else {
		job->text = NULL;
	}
	if (job->text)
		job->size = (uint32_t)(last + strlen(last) + 1 - job->text);
	return first;
}

/* What was written last must have left the machine; but no terminal that was
 * stopped may keep it. */
static void drain(void)
{
	int left;

	for (int i = 0; i < DRAIN_TRIES; i++) {
		(void)poll(NULL, 0, DRAIN_APART);
		if (ioctl(STDERR_FILENO, TIOCOUTQ, &left) != 0 || left == 0)
			return;
	}
}

void job_report_exit(int status)
{
	const char *where = environment_get(environ, "INIT_EXIT");
	int fd;

	drain();
	if (!where || strcmp(where, "isa-debug-exit") != 0)
		return;
	fd = open("/dev/port", O_WRONLY | O_CLOEXEC);
	(void)!pwrite(fd, &status, 1, EXIT_PORT); /* QEMU has ended then */
	close(fd);
}
