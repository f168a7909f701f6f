#define _GNU_SOURCE /* siginfo_t, readlink */

#include "pid1.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "pid1_signal.h"

/* What /proc/PID/fd/N links to for a memfd with the name init; the kernel adds
 * " (deleted)" (proc(5)). */
#define MEMFD "/memfd:init"

_Static_assert(offsetof(struct state, fd) == offsetof(struct pid1_header, fd),
	       "struct pid1_header is the beginning of struct state");

void pid1_read_name(char *name, size_t size)
{
	int fd = open("/proc/1/comm", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, name, size - 1);

	if (fd >= 0)
		close(fd);
	name[len > 0 ? (size_t)len - 1 : 0] = '\0'; /* cuts the newline */
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat one, other;

	return stat(a, &one) == 0 && stat(b, &other) == 0 &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

bool pid1_runs_same_program(pid_t pid)
{
	char path[PID1_PATH_SIZE];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return is_same_file(path, "/proc/1/exe");
}

bool pid1_is_ours(void)
{
	char path[PID1_PATH_SIZE];

	snprintf(path, sizeof(path), PID1_FD "/%d", FD_IMAGE);
	return is_same_file(path, "/proc/1/exe");
}

void pid1_report_other(void)
{
	char name[FORMAT_SIZE], safe[FORMAT_SIZE];

	pid1_read_name(name, sizeof(name));
	error_line("PID 1 is another program: %s",
		   format_safe(safe, sizeof(safe), name));
}

static bool is_memfd(const char *path)
{
	char link[sizeof(MEMFD)];

	return readlink(path, link, sizeof(link)) == sizeof(link) &&
	       memcmp(link, MEMFD, sizeof(link) - 1) == 0;
}

/* Is this the header of a state, and was the state created as the descriptor of
 * that name? The latter is known for our version only. */
static bool is_state_header(const struct pid1_header *header, const char *name)
{
	char number[FORMAT_SIZE];

	snprintf(number, sizeof(number), "%d", header->fd);
	return header->magic == STATE_MAGIC &&
	       (header->version != STATE_VERSION || strcmp(number, name) == 0);
}

/* Opens PID 1's descriptor of that name; false if it holds no state. */
static bool open_state(const char *name, struct pid1_state *found)
{
	int length =
		snprintf(found->path, sizeof(found->path), PID1_FD "/%s", name);

	if (length >= (int)sizeof(found->path) || !is_memfd(found->path))
		return false;
	found->fd = open(found->path, O_RDONLY | O_CLOEXEC);
	if (found->fd < 0)
		return false;
	if (fstat(found->fd, &found->stat) == 0 &&
	    pread(found->fd, &found->header, sizeof(found->header), 0) ==
		    sizeof(found->header) &&
	    is_state_header(&found->header, name))
		return true;
	close(found->fd);
	return false;
}

int pid1_find_state(struct pid1_state *found)
{
	DIR *directory = opendir(PID1_FD);
	const struct dirent *entry;
	struct pid1_state one;
	int count = 0, error;

	if (!directory)
		return -1;
	while ((errno = 0, entry = readdir(directory))) {
		if (!open_state(entry->d_name, &one))
			continue;
		if (found->fd >= 0)
			close(found->fd);
		*found = one;
		count++;
	}
	error = errno;
	closedir(directory);
	if (!error)
		return count;
	if (found->fd >= 0)
		close(found->fd);
	found->fd = -1;
	errno = error;
	return -1;
}

static enum outcome send(int signal, uint32_t value)
{
	if (pid1_queue_signal(signal, value))
		return OUTCOME_DONE;
	if (errno == EPERM) {
		error_line("only root may send requests to init");
		return OUTCOME_NOT_PERMITTED;
	}
	error_line("can't signal PID 1");
	return OUTCOME_REFUSED;
}

enum outcome pid1_send_signal(int signal)
{
	return send(signal, 0);
}

enum outcome pid1_send_request(enum verb verb, uint32_t number)
{
	return send(SIGNAL_REQUEST,
		    (uint32_t)verb << REQUEST_VERB_SHIFT | number);
}
