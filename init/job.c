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

/* The default port of QEMU's isa-debug-exit. */
#define EXIT_PORT 0x501

/* How often job_report_exit() asks whether the console still has something to
 * transmit, and the interval (ms). The few bytes in a UART's own FIFO are not
 * counted. */
#define DRAIN_TRIES 250
#define DRAIN_INTERVAL 20

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Counts the words after "--" as the kernel splits them: whitespace in double
 * quotes does not separate words (Linux, lib/cmdline.c, next_arg()). */
static int words_after_dashes(const char *line)
{
	bool is_quoted = false;
	bool is_after = false;
	int count = 0;

	while (*line) {
		const char *word = line;

		while (*line && (is_quoted || !is_space(*line)))
			is_quoted ^= *line++ == '"';
		count += is_after && line > word;
		is_after |= strncmp(word, "-- ", 3) == 0;
		line += *line != '\0';
	}
	return count;
}

bool job_is_container_command(int argc, char **argv, bool is_machine)
{
	return !is_machine && argc > 2 && strcmp(argv[1], "--") == 0;
}

/* The index of the job's first word among the arguments; argc: no job. */
static int first_word(int argc, char **argv, bool is_machine)
{
	char line[KERNEL_CMDLINE_SIZE];
	int first;

	if (argc > 2 && strcmp(argv[1], "--") == 0)
		return 2;
	if (!is_machine || argc < 2)
		return argc;
	proc_read("/proc/cmdline", line, sizeof(line));
	first = argc - words_after_dashes(line);
	return first > 0 ? first : argc;
}

int job_parse(struct job_source *job, int argc, char **argv, bool is_machine)
{
	int first = first_word(argc, argv, is_machine);
	const char *command = environment_get(environ, "INIT_RUN");
	const char *last = command;

	*job = (struct job_source){.job.status = -1};
	if (first < argc) { /* the words are adjacent in memory (execve(2)) */
		command = argv[first];
		last = argv[argc - 1];
		job->job.is_words = true;
		job->job.is_only =
			job_is_container_command(argc, argv, is_machine);
	} else if (!command || !*command) {
		return first;
	}
	job->text = command;
	job->job.size = (uint32_t)(last + strlen(last) + 1 - command);
	return first;
}

/* Waits until the console has transmitted its output. tcdrain(3) would never
 * return on a terminal that was stopped by Ctrl-S. */
static void drain_console(void)
{
	int left;

	for (int i = 0; i < DRAIN_TRIES; i++) {
		(void)poll(NULL, 0, DRAIN_INTERVAL);
		if (ioctl(STDERR_FILENO, TIOCOUTQ, &left) != 0 || left == 0)
			return;
	}
}

void job_report_exit(int status)
{
	const char *device = environment_get(environ, "INIT_EXIT");
	int fd;

	drain_console();
	if (!device || strcmp(device, "isa-debug-exit") != 0)
		return;
	fd = open("/dev/port", O_WRONLY | O_CLOEXEC);
	(void)!pwrite(fd, &status, 1, EXIT_PORT); /* ends QEMU */
	close(fd);
}
