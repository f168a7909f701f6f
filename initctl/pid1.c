#define _GNU_SOURCE /* syscall */

#include "pid1.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "say.h"
#include "words.h"

/* The link of a memfd of that name: there is more behind it (proc(5)). */
#define MEMFD "/memfd:init"

#define NUMBER_SIZE 12	  /* a name longer than this is no descriptor's */
#define ENTRIES_SIZE 1024 /* a part of a folder */

_Static_assert(offsetof(struct state, fd) == offsetof(struct proc_head, fd),
	       "a state begins like this");

void proc_name(char *name, size_t size)
{
	int fd = open("/proc/1/comm", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, name, size - 1);

	if (fd >= 0)
		close(fd);
	name[len > 0 ? (size_t)len - 1 : 0] = '\0'; /* without its newline */
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat one, other;

	return stat(a, &one) == 0 && stat(b, &other) == 0 &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

bool proc_is_init(pid_t pid)
{
	char path[PROC_PATH_SIZE] = "/proc/", number[WORDS_SIZE];

	strcat(strcat(path, words_number(number, pid)), "/exe");
	return is_same_file(path, "/proc/1/exe");
}

/* It holds its own file open, where it has room for that (image.h). */
bool proc_is_ours(void)
{
	char path[PROC_PATH_SIZE] = PROC_FOLDER "/", number[WORDS_SIZE];

	return is_same_file(strcat(path, words_number(number, FD_IMAGE)),
			    "/proc/1/exe");
}

void proc_say_other(void)
{
	char name[WORDS_SIZE], words[WORDS_SIZE];

	proc_name(name, sizeof(name));
	say("PID 1 is another program: ", words_harmless(words, name), NULL);
}

static bool is_memfd(const char *path)
{
	char link[sizeof(MEMFD)];

	/* readlink(2); the C library's wants memory of a thread */
	long len = syscall(SYS_readlinkat, AT_FDCWD, path, link, sizeof(link));

	return len == sizeof(link) &&
	       memcmp(link, MEMFD, sizeof(link) - 1) == 0;
}

/* Does this descriptor of PID 1's hold a state? Then it is opened. */
static bool open_state(const char *name, struct proc_state *found)
{
	char number[WORDS_SIZE];
	int fd;

	strcpy(found->path, PROC_FOLDER "/");
	strncat(found->path, name, NUMBER_SIZE);
	if (!is_memfd(found->path))
		return false;
	fd = open(found->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (fstat(fd, &found->stat) == 0 &&
	    pread(fd, &found->head, sizeof(found->head), 0) ==
		    sizeof(found->head) &&
	    found->head.magic == STATE_MAGIC &&
	    (found->head.version != STATE_VERSION ||
	     strcmp(words_number(number, found->head.fd), name) == 0)) {
		found->fd = fd;
		return true;
	}
	close(fd);
	return false;
}

/* Tries the names of a part of the folder (getdents64(2)). Returns how many
 * states there are; the last one is left open. */
static int try_names(const char *entries, long size, struct proc_state *found)
{
	const size_t name_at = 19; /* after d_ino, d_off, d_reclen, d_type */
	struct proc_state one;
	uint16_t length;
	int count = 0;

	for (long at = 0; at < size; at += length) {
		memcpy(&length, entries + at + 16, sizeof(length));
		if (!open_state(entries + at + name_at, &one))
			continue;
		if (found->fd >= 0)
			close(found->fd);
		*found = one;
		count++;
	}
	return count;
}

/* Returns how many states there are, or -1 and errno. */
int proc_find(struct proc_state *found)
{
	char entries[ENTRIES_SIZE];
	int folder = open(PROC_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int count = 0, error;
	long n = -1;

	if (folder >= 0)
		while ((n = syscall(SYS_getdents64, folder, entries,
				    sizeof(entries))) > 0)
			count += try_names(entries, n, found);
	error = errno;
	close(folder);
	errno = error;
	return n < 0 ? -1 : count;
}
