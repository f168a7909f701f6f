#define _GNU_SOURCE /* O_CLOEXEC */

#include "load_inittab.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format.h"
#include "inittab.h"
#include "log.h"
#include "reconcile.h"
#include "state_file.h"

/* Bad lines that are named; of more of them only the number is. A file of
 * noise must not keep a slow console busy for minutes. */
#define FAULTS_NAMED 10

struct filling {
	struct state *state;
	uint32_t faults;
};

static void add_entry(void *arg, const struct entry *entry, uint32_t line)
{
	const struct filling *filling = arg;

	(void)line;
	table_add(&filling->state->plan.table, entry);
}

static void say_fault(void *arg, uint32_t line, uint32_t column,
		      const char *why)
{
	struct filling *filling = arg;
	char line_text[FORMAT_SIZE], column_text[FORMAT_SIZE];

	if (++filling->faults > FAULTS_NAMED)
		return;
	log_line(filling->state->plan.is_machine, LOG_WARNING, INITTAB_PATH ":",
		 format_decimal(line_text, line), ":",
		 format_decimal(column_text, column),
		 ": bad inittab entry: ", why, NULL);
}

static void say_more_faults(const struct filling *filling)
{
	char number[FORMAT_SIZE];

	if (filling->faults > FAULTS_NAMED)
		log_line(filling->state->plan.is_machine, LOG_WARNING,
			 INITTAB_PATH ": bad inittab entries in all: ",
			 format_decimal(number, filling->faults), NULL);
}

/* A state with room for size bytes of inittab, a job, and old's children. */
static struct state *make_room(uint32_t size, bool machine,
			       const struct job *job, const struct state *old)
{
	uint32_t capacity = table_capacity_for(size) + 1;
	uint32_t slots = 0, bytes = 0;
	struct state *state;

	size += job->size + 1; /* a word may be empty, but is in the text */
	if (old)
		reconcile_space(&old->plan.table, &slots, &bytes);
	state = state_create(capacity + slots, size + bytes);
	if (state)
		plan_init(&state->plan, machine, capacity + slots,
			  size + bytes);
	return state;
}

/* The job of a state that goes. */
static struct job job_of(const struct plan *plan)
{
	uint32_t slot = plan->table.first[LIST_JOB];

	if (!slot)
		return (struct job){0};
	return (struct job){table_command(&plan->table, slot), plan->job_size,
			    plan->is_words, plan->is_only_job};
}

static void add_job(struct plan *plan, const struct job *job)
{
	struct table *table = &plan->table;
	const struct entry entry = {
		.tty = table->text_used - 1, /* a NUL */
		.command = table->text_used,
		.action = ACTION_JOB,
	};

	plan->is_words = job->is_words;
	plan->is_only_job = job->is_only;
	plan->job_size = job->size;
	memcpy(table_text(table) + entry.command, job->text, job->size);
	table->text_used += job->size;
	table_add(table, &entry);
}

/* Parses what stands in the text, and takes over from old. */
static void fill(struct state *state, uint32_t len, const struct job *job,
		 struct state *old, int64_t now)
{
	struct table *table = &state->plan.table;
	struct filling filling = {state, 0};
	const struct inittab_sink sink = {&filling, add_entry, say_fault};

	inittab_parse(table_text(table), len, &sink);
	say_more_faults(&filling);
	table->text_used = len + 1; /* with its NUL */
	if (table->count == 0 && !job->is_only)
		return;
	if (job->text)
		add_job(&state->plan, job);
	plan_adopt(&state->plan, old ? &old->plan : NULL, now);
	if (old) {
		state->settings = old->settings;
		state->mailboxes = old->mailboxes;
		state->unreaped = old->unreaped;
		state->faults = old->faults;
		memcpy(state->ring, old->ring, sizeof(state->ring));
	}
}

struct state *load_text(const char *text, bool machine, const struct job *job,
			int64_t now)
{
	uint32_t len = (uint32_t)strlen(text);
	struct state *state = make_room(len, machine, job, NULL);

	if (state) {
		memcpy(table_text(&state->plan.table), text, len);
		fill(state, len, job, NULL, now);
	}
	return state;
}

/* Opens the inittab; *size is its size. Returns -1 and errno. */
static int open_inittab(uint32_t *size)
{
	/* not to wait for a writer, should it be a FIFO */
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

static struct state *read_inittab(bool machine, const struct job *job,
				  struct state *old, int64_t now)
{
	uint32_t size = 0;
	int fd = open_inittab(&size);
	struct state *state;
	ssize_t len;

	if (fd < 0)
		return NULL;
	state = make_room(size, machine, job, old);
	if (!state || (old && old->fd >= 0 && state->fd < 0)) {
		/* a table that no fault would be survived with is no gain */
		state_unmap(state);
		close(fd);
		return NULL;
	}
	len = read_all(fd, table_text(&state->plan.table), size);
	close(fd);
	errno = len < 0 ? errno : 0;
	if (len >= 0)
		fill(state, (uint32_t)len, job, old, now);
	if (state->plan.table.count > 0)
		return state;
	state_unmap(state);
	return NULL;
}

static void say_failure(bool machine, const char *then)
{
	if (errno)
		log_line(machine, LOG_ERRNO, then, INITTAB_PATH, NULL);
	else
		log_line(machine, LOG_ERROR, then, INITTAB_PATH " has no entry",
			 NULL);
}

struct state *load_inittab(bool machine, const struct job *job, int64_t now)
{
	struct state *state = read_inittab(machine, job, NULL, now);

	if (state)
		return state;
	say_failure(machine, "the built-in table is used: ");
	return load_text(inittab_builtin, machine, job, now);
}

struct state *load_reload(struct state *old, int64_t now)
{
	const struct job job = job_of(&old->plan);
	struct state *state =
		read_inittab(old->plan.is_machine, &job, old, now);

	if (!state)
		say_failure(old->plan.is_machine, "the table in use is kept: ");
	return state;
}
