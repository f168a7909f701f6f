#define _GNU_SOURCE /* O_CLOEXEC */

#include "load_inittab.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format_number.h"
#include "inittab.h"
#include "log.h"
#include "reconcile.h"
#include "state_file.h"

/* Only the first bad lines are logged one by one, then their number: a file of
 * noise must not keep a slow console busy for minutes. */
#define MAX_LOGGED_LINES 10

struct parsing {
	struct state *state;
	uint32_t bad_lines;
};

static void add_entry(void *arg, const struct entry *entry, uint32_t line)
{
	const struct parsing *parsing = arg;

	(void)line;
	table_add(&parsing->state->plan.table, entry);
}

static void log_bad_line(void *arg, uint32_t line, uint32_t column,
			 const char *why)
{
	struct parsing *parsing = arg;
	char line_text[FORMAT_SIZE], column_text[FORMAT_SIZE];

	if (++parsing->bad_lines > MAX_LOGGED_LINES)
		return;
	log_line(parsing->state->plan.is_machine, LOG_WARNING, INITTAB_PATH ":",
		 format_decimal(line_text, line), ":",
		 format_decimal(column_text, column),
		 ": bad inittab entry: ", why, NULL);
}

static void log_bad_lines(const struct parsing *parsing)
{
	char number[FORMAT_SIZE];

	if (parsing->bad_lines > MAX_LOGGED_LINES)
		log_line(parsing->state->plan.is_machine, LOG_WARNING,
			 INITTAB_PATH ": bad inittab entries in all: ",
			 format_decimal(number, parsing->bad_lines), NULL);
}

/* A state with room for an inittab of size bytes, a job, and the children of
 * old, which may be NULL. NULL: no memory. */
static struct state *create_state(uint32_t size, bool is_machine,
				  const struct job_source *job,
				  const struct state *old)
{
	uint32_t capacity = table_capacity_for(size) + 1;
	uint32_t slots = 0, bytes = 0;
	struct state *state;

	size += job->job.size + 1; /* a word may be empty, but is in the text */
	if (old)
		reconcile_space(&old->plan.table, &slots, &bytes);
	state = state_create(capacity + slots, size + bytes);
	if (state)
		plan_init(&state->plan, is_machine, capacity + slots,
			  size + bytes);
	return state;
}

/* The job of a plan that is to be replaced; its text lies in that plan. */
static struct job_source job_of(const struct plan *plan)
{
	uint32_t slot = plan->table.first[LIST_JOB];

	if (!slot)
		return (struct job_source){0};
	return (struct job_source){table_command(&plan->table, slot),
				   plan->job};
}

static void add_job(struct plan *plan, const struct job_source *job)
{
	struct table *table = &plan->table;
	const struct entry entry = {
		.tty = table->text_used - 1, /* a NUL */
		.command = table->text_used,
		.action = ACTION_JOB,
	};

	plan->job = job->job;
	memcpy(table_text(table) + entry.command, job->text, job->job.size);
	table->text_used += job->job.size;
	table_add(table, &entry);
}

/* Parses the first len bytes of the table's text, and completes the state; old
 * may be NULL. If there is no entry, leaves the table empty and the state
 * incomplete, unless the job runs alone. */
static void complete_state(struct state *state, uint32_t len,
			   const struct job_source *job, struct state *old,
			   int64_t now)
{
	struct table *table = &state->plan.table;
	struct parsing parsing = {state, 0};
	const struct inittab_sink sink = {&parsing, add_entry, log_bad_line};

	inittab_parse(table_text(table), len, &sink);
	log_bad_lines(&parsing);
	table->text_used = len + 1; /* with its NUL */
	if (table->count == 0 && !job->job.is_only)
		return;
	if (job->text)
		add_job(&state->plan, job);
	if (!old) {
		plan_boot(&state->plan, now);
		return;
	}
	plan_reload(&state->plan, &old->plan, now);
	state_carry_over(state, old);
}

struct state *load_text(const char *text, bool is_machine,
			const struct job_source *job, int64_t now)
{
	uint32_t len = (uint32_t)strlen(text);
	struct state *state = create_state(len, is_machine, job, NULL);

	if (state) {
		memcpy(table_text(&state->plan.table), text, len);
		complete_state(state, len, job, NULL, now);
	}
	return state;
}

/* Opens the inittab; *size is its size. Returns the descriptor, or -1 and
 * errno. */
static int open_inittab(uint32_t *size)
{
	/* O_NONBLOCK: if it is a FIFO, do not wait for a writer */
	int fd = open(INITTAB_PATH, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat stat;

	if (fd < 0)
		return -1;
	if (fstat(fd, &stat) == 0) {
		*size = (uint32_t)stat.st_size;
		if (S_ISREG(stat.st_mode) && stat.st_size <= INITTAB_MAX)
			return fd;
		errno = S_ISREG(stat.st_mode)	? EFBIG
			: S_ISDIR(stat.st_mode) ? EISDIR
						: EINVAL;
	}
	close(fd);
	return -1;
}

/* Reads up to size bytes. Returns their number, or -1 and errno. */
static ssize_t read_all(int fd, char *text, uint32_t size)
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

/* Returns NULL without a usable inittab: errno, or 0 if it has no entry. */
static struct state *read_inittab(bool is_machine, const struct job_source *job,
				  struct state *old, int64_t now)
{
	uint32_t size = 0;
	int fd = open_inittab(&size);
	struct state *state;
	ssize_t len;

	if (fd < 0)
		return NULL;
	state = create_state(size, is_machine, job, old);
	if (!state || (old && old->fd >= 0 && state->fd < 0)) {
		/* without a memfd no fault would be survived any more */
		state_unmap(state);
		close(fd);
		return NULL;
	}
	len = read_all(fd, table_text(&state->plan.table), size);
	close(fd);
	errno = len < 0 ? errno : 0;
	if (len >= 0)
		complete_state(state, (uint32_t)len, job, old, now);
	if (state->plan.table.count > 0)
		return state;
	state_unmap(state);
	return NULL;
}

static void log_failure(bool is_machine, const char *consequence)
{
	if (errno)
		log_line(is_machine, LOG_ERRNO, consequence, INITTAB_PATH,
			 NULL);
	else
		log_line(is_machine, LOG_ERROR, consequence,
			 INITTAB_PATH " has no entry", NULL);
}

struct state *load_inittab(bool is_machine, const struct job_source *job,
			   int64_t now)
{
	struct state *state = read_inittab(is_machine, job, NULL, now);

	if (state)
		return state;
	log_failure(is_machine, "the built-in table is used: ");
	return load_text(inittab_builtin, is_machine, job, now);
}

struct state *load_reload(struct state *old, int64_t now)
{
	const struct job_source job = job_of(&old->plan);
	struct state *state =
		read_inittab(old->plan.is_machine, &job, old, now);

	if (!state)
		log_failure(old->plan.is_machine, "the table in use is kept: ");
	return state;
}
