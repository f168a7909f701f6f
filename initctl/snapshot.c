#define _GNU_SOURCE /* siginfo_t, MAP_ANONYMOUS */

#include "snapshot.h"

#include <errno.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "output.h"
#include "pid1.h"

#define RETRY_INTERVAL 5 /* ms */

/* Why there is no snapshot. Those before PROBLEM_NOT_OURS may pass, and are
 * retried. */
enum problem {
	PROBLEM_NONE,
	PROBLEM_BUSY,	  /* the state was being changed */
	PROBLEM_INVALID,  /* the copy failed a check */
	PROBLEM_NO_STATE, /* PID 1 is our init, but shows no state */
	PROBLEM_NOT_OURS, /* PID 1 is another program */
	PROBLEM_VERSION,  /* the layout of the state is another one */
	PROBLEM_ERROR,	  /* a system call failed: errno */
};

int64_t clock_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* can't fail */
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(int ms)
{
	(void)poll(NULL, 0, ms);
}

bool snapshot_check_size(struct plan *plan, size_t size)
{
	return size >= sizeof(*plan) &&
	       table_check_layout(&plan->table,
				  size - offsetof(struct plan, table));
}

/* Not 1, which is init itself, nor a negative number, which kill(2) would take
 * for a process group. */
static bool is_valid_pid(pid_t pid)
{
	return pid == 0 || pid > 1;
}

static bool is_valid_slot(const struct table *t, const struct slot *s)
{
	return s->entry.action <= ACTION_JOB && s->entry.tty < t->text_size &&
	       s->entry.command < t->text_size &&
	       s->membership <= SLOT_REMOVED &&
	       s->history.stop <= STOP_SEND_KILL && is_valid_pid(s->pid);
}

bool snapshot_check_plan(const struct plan *plan)
{
	const struct table *t = &plan->table;

	for (uint32_t i = 1; i <= t->count; i++)
		if (!is_valid_slot(t, table_slot(t, i)))
			return false;
	return plan->phase < PHASE_COUNT &&
	       plan->shutdown <= SHUTDOWN_RESTART &&
	       !table_text(t)[t->text_size];
}

static enum problem why_no_state(void)
{
	struct stat stat_of_exe;

	if (stat("/proc/1/exe", &stat_of_exe) != 0)
		return PROBLEM_ERROR; /* we may not follow links in /proc/1 */
	return pid1_is_ours() ? PROBLEM_NO_STATE : PROBLEM_NOT_OURS;
}

static bool read_part(int fd, void *copy, size_t at, size_t size)
{
	return pread(fd, (char *)copy + at, size, (off_t)at) == (ssize_t)size;
}

/* Returns an odd number, as during a change, if it can't be read. */
static uint32_t read_sequence(int fd)
{
	uint32_t sequence;
	const off_t at = offsetof(struct state, undo.sequence);

	return pread(fd, &sequence, sizeof(sequence), at) == sizeof(sequence)
		       ? sequence
		       : 1;
}

/*
 * Copies the state under its sequence count. Only the parts that hold data are
 * read: a page of the memfd that init never wrote to has no memory, and
 * pread(2) allocates none for it, unlike a mapping.
 */
static enum problem read_state(int fd, struct state *copy, size_t size)
{
	const size_t table_at = offsetof(struct state, plan.table);
	uint32_t sequence = read_sequence(fd);
	struct table *t = &copy->plan.table;

	if (sequence & 1)
		return PROBLEM_BUSY;
	if (!read_part(fd, copy, 0, sizeof(*copy)) || copy->size != size ||
	    !snapshot_check_size(&copy->plan,
				 size - offsetof(struct state, plan)))
		return PROBLEM_INVALID;
	if (!read_part(fd, copy, table_at + t->slots_at,
		       (t->count + 1) * sizeof(struct slot)) ||
	    !read_part(fd, copy, table_at + t->text_at, t->text_size + 1) ||
	    !snapshot_check_plan(&copy->plan))
		return PROBLEM_INVALID;
	copy->settings.version[STATE_VERSION_SIZE - 1] = '\0';
	copy->settings.file[STATE_PATH_SIZE - 1] = '\0';
	return read_sequence(fd) == sequence ? PROBLEM_NONE : PROBLEM_BUSY;
}

static enum problem copy_state(const struct pid1_state *found,
			       struct snapshot *snapshot)
{
	size_t size = (size_t)found->stat.st_size;
	enum problem problem;
	struct stat still;
	void *copy;

	if (size < sizeof(struct state) || size > UINT32_MAX)
		return PROBLEM_INVALID;
	copy = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (copy == MAP_FAILED)
		return PROBLEM_ERROR;
	problem = read_state(found->fd, copy, size);
	if (!problem && (stat(found->path, &still) != 0 ||
			 still.st_ino != found->stat.st_ino))
		problem = PROBLEM_BUSY; /* a reload has replaced the memfd */
	if (problem) {
		munmap(copy, size);
		return problem;
	}
	*snapshot =
		(struct snapshot){copy, size, found->stat.st_ino, clock_ms()};
	return PROBLEM_NONE;
}

static enum problem take_once(struct snapshot *snapshot, uint32_t *version)
{
	struct pid1_state found = {.fd = -1};
	int count = pid1_find_state(&found);
	enum problem problem;

	if (count < 0)
		return PROBLEM_ERROR;
	if (count == 0)
		return why_no_state();
	*version = found.header.version;
	if (count > 1) /* a reload: one of them is not in use */
		problem = PROBLEM_BUSY;
	else if (*version != STATE_VERSION)
		problem = PROBLEM_VERSION;
	else
		problem = copy_state(&found, snapshot);
	close(found.fd);
	return problem;
}

static enum outcome report_problem(enum problem problem, uint32_t version)
{
	static const char *const texts[] = {
		[PROBLEM_BUSY] =
			"the state of init keeps changing: no consistent "
			"copy within 2 s",
		[PROBLEM_INVALID] = "the state of init is invalid",
		[PROBLEM_NO_STATE] =
			"the state of init is in private memory: this "
			"kernel has no memfd",
		[PROBLEM_ERROR] = "can't read " PID1_FD ": is /proc mounted?",
	};

	if (problem == PROBLEM_ERROR && (errno == EACCES || errno == EPERM)) {
		error_line("only root may read the state of init");
		return OUTCOME_NOT_PERMITTED;
	}
	if (problem == PROBLEM_VERSION)
		error_line(
			"the state of init has version %08x, but this program "
			"needs version %08x",
			version, STATE_VERSION);
	else if (problem == PROBLEM_NOT_OURS)
		pid1_report_other();
	else
		error_line("%s", texts[problem]);
	return OUTCOME_REFUSED;
}

static enum problem take(struct snapshot *snapshot, uint32_t *version)
{
	int64_t until = clock_ms() + SNAPSHOT_TIMEOUT;
	enum problem problem;

	*snapshot = (struct snapshot){NULL, 0, 0, 0};
	while ((problem = take_once(snapshot, version)) &&
	       problem < PROBLEM_NOT_OURS && clock_ms() < until)
		sleep_ms(RETRY_INTERVAL);
	return problem;
}

enum outcome snapshot_take(struct snapshot *snapshot)
{
	uint32_t version = 0;
	enum problem problem = take(snapshot, &version);

	return problem ? report_problem(problem, version) : OUTCOME_DONE;
}

enum outcome snapshot_take_quietly(struct snapshot *snapshot)
{
	uint32_t version = 0;

	return take(snapshot, &version) ? OUTCOME_REFUSED : OUTCOME_DONE;
}

enum outcome snapshot_retake(struct snapshot *snapshot)
{
	snapshot_free(snapshot);
	return snapshot_take(snapshot);
}

void snapshot_free(struct snapshot *snapshot)
{
	if (snapshot->state)
		munmap(snapshot->state, snapshot->size);
	snapshot->state = NULL;
}
