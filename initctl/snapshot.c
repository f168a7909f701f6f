#define _GNU_SOURCE /* syscall, MAP_ANONYMOUS */

#include "snapshot.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "pid1.h"
#include "say.h"
#include "sound.h"
#include "words.h"

#define AGAIN 5 /* ms from one try to the next */

enum problem {
	PROBLEM_NONE,
	PROBLEM_BUSY,	/* it is being changed */
	PROBLEM_FALSE,	/* it makes no sense */
	PROBLEM_ABSENT, /* there is none, though it is our init */
	PROBLEM_OTHER,	/* PID 1 is another program */
	PROBLEM_VERSION,
	PROBLEM_ERROR, /* errno */
};

int64_t look_now(void)
{
	struct timespec now;

	/* clock_gettime(2); the C library's knows how to do it without a
	 * system call, for 1 kB */
	(void)syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void look_wait(int ms)
{
	(void)poll(NULL, 0, ms);
}

static enum problem why_absent(void)
{
	struct stat stat_of_exe;

	if (stat("/proc/1/exe", &stat_of_exe) != 0)
		return PROBLEM_ERROR; /* links there are not for us, either */
	return proc_is_ours() ? PROBLEM_ABSENT : PROBLEM_OTHER;
}

static bool read_part(int fd, void *copy, size_t at, size_t size)
{
	return pread(fd, (char *)copy + at, size, (off_t)at) == (ssize_t)size;
}

static uint32_t read_sequence(int fd)
{
	uint32_t sequence;
	const off_t at = offsetof(struct state, undo.sequence);

	return pread(fd, &sequence, sizeof(sequence), at) == sizeof(sequence)
		       ? sequence
		       : 1;
}

/* Reads what is in use: where nothing was ever written there is no memory, and
 * by read(2) none is taken. */
static enum problem read_state(int fd, struct state *copy, size_t size)
{
	const size_t table_at = offsetof(struct state, plan.table);
	uint32_t sequence = read_sequence(fd);
	struct table *t = &copy->plan.table;

	if (sequence & 1)
		return PROBLEM_BUSY;
	if (!read_part(fd, copy, 0, sizeof(*copy)) || copy->size != size ||
	    !sound_size(&copy->plan, size - offsetof(struct state, plan)))
		return PROBLEM_FALSE;
	if (!read_part(fd, copy, table_at + t->slots_at,
		       (t->count + 1) * sizeof(struct slot)) ||
	    !read_part(fd, copy, table_at + t->text_at, t->text_size + 1) ||
	    !sound_plan(&copy->plan))
		return PROBLEM_FALSE;
	copy->settings.version[STATE_VERSION_SIZE - 1] = '\0';
	copy->settings.file[STATE_WORD_SIZE - 1] = '\0';
	return read_sequence(fd) == sequence ? PROBLEM_NONE : PROBLEM_BUSY;
}

static enum problem copy_state(const struct proc_state *found,
			       struct look *look)
{
	size_t size = (size_t)found->stat.st_size;
	enum problem problem;
	struct stat still;
	void *copy;

	if (size < sizeof(struct state) || size > UINT32_MAX)
		return PROBLEM_FALSE;
	copy = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (copy == MAP_FAILED)
		return PROBLEM_ERROR;
	problem = read_state(found->fd, copy, size);
	if (!problem && (stat(found->path, &still) != 0 ||
			 still.st_ino != found->stat.st_ino))
		problem = PROBLEM_BUSY; /* a reload has dropped it */
	if (problem) {
		munmap(copy, size);
		return problem;
	}
	*look = (struct look){copy, size, found->stat.st_ino, look_now()};
	return PROBLEM_NONE;
}

static enum problem try(struct look *look, uint32_t *version)
{
	struct proc_state found = {.fd = -1};
	int count = proc_find(&found);
	enum problem problem;

	if (count < 0)
		return PROBLEM_ERROR;
	if (count == 0)
		return why_absent();
	*version = found.head.version;
	if (count > 1) /* one of them is not filled yet, or not in use */
		problem = PROBLEM_BUSY;
	else if (*version != STATE_VERSION)
		problem = PROBLEM_VERSION;
	else
		problem = copy_state(&found, look);
	close(found.fd);
	return problem;
}

static void say_version(uint32_t theirs)
{
	char number[WORDS_SIZE], ours[WORDS_SIZE];

	say("init's state is of version ", words_number(number, theirs),
	    ", and this program knows version ",
	    words_number(ours, STATE_VERSION), NULL);
}

static enum outcome say_problem(enum problem problem, uint32_t version)
{
	static const char *const words[] = {
		[PROBLEM_BUSY] = "init is changing its state all the time",
		[PROBLEM_FALSE] = "the state of init makes no sense",
		[PROBLEM_ABSENT] = "init keeps its state where nobody can see "
				   "it: this kernel has no memfd",
		[PROBLEM_ERROR] =
			PROC_FOLDER " can't be read: is /proc mounted?",
	};

	if (problem == PROBLEM_ERROR && (errno == EACCES || errno == EPERM)) {
		say("only root may look into init", NULL);
		return OUTCOME_NOT_PERMITTED;
	}
	if (problem == PROBLEM_VERSION)
		say_version(version);
	else if (problem == PROBLEM_OTHER)
		proc_say_other();
	else
		say(words[problem], NULL);
	return OUTCOME_REFUSED;
}

static enum problem try_long(struct look *look, uint32_t *version)
{
	int64_t until = look_now() + LOOK_PATIENCE;
	enum problem problem;

	*look = (struct look){NULL, 0, 0, 0};
	while ((problem = try(look, version)) && problem < PROBLEM_OTHER &&
	       look_now() < until)
		look_wait(AGAIN);
	return problem;
}

enum outcome look_take(struct look *look)
{
	uint32_t version = 0;
	enum problem problem = try_long(look, &version);

	return problem ? say_problem(problem, version) : OUTCOME_DONE;
}

enum outcome look_try(struct look *look)
{
	uint32_t version = 0;

	return try_long(look, &version) ? OUTCOME_REFUSED : OUTCOME_DONE;
}

void look_drop(struct look *look)
{
	if (look->state)
		munmap(look->state, look->size);
	look->state = NULL;
}

enum outcome look_again(struct look *look)
{
	look_drop(look);
	return look_take(look);
}
