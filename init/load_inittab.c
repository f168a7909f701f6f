#define _GNU_SOURCE /* siginfo_t */

#include "load_inittab.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format_number.h"
#include "inittab.h"
#include "log.h"
#include "memory_file.h"
#include "reconcile.h"
#include "signals.h"
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

/* Where the text of an inittab comes from: memory, or else a file. */
struct source {
	const char *text;
	int fd;
	uint32_t size;
};

/* Fills the table. Returns the number of its entries, the job's not counted, or
 * -1 and errno. */
static int64_t fill_table(struct state *state, const struct source *source)
{
	struct table *table = &state->plan.table;
	struct parsing parsing = {state, 0};
	const struct inittab_sink sink = {&parsing, add_entry, log_bad_line};
	int64_t len = source->size;

	if (source->text)
		memcpy(table_text(table), source->text, source->size);
	else
		len = file_read(source->fd, table_text(table), source->size);
	if (len < 0)
		return -1;
	inittab_parse(table_text(table), (uint32_t)len, &sink);
	log_bad_lines(&parsing);
	table->text_used = (uint32_t)len + 1; /* with its NUL */
	return table->count;
}

/* A state with the table of source in place of old. NULL and errno, 0 if source
 * has no entry: old is kept. */
static struct state *replace(struct state *old, const struct source *source,
			     int64_t now)
{
	const struct job_source job = job_of(&old->plan);
	struct state *state =
		create_state(source->size, old->plan.is_machine, &job, old);
	int64_t entries = -1;

	/* without a memfd no fault would be survived any more */
	if (state && (old->fd < 0 || state->fd >= 0))
		entries = fill_table(state, source);
	if (entries <= 0) {
		if (entries == 0)
			errno = 0;
		state_unmap(state);
		return NULL;
	}
	if (job.text)
		add_job(&state->plan, &job);
	plan_reload(&state->plan, &old->plan, now);
	state_carry_over(state, old);
	return state;
}

/* Opens what TASK_READ_INITTAB has read. Without a memory file, or a descriptor
 * for it, PID 1 itself opens the inittab. *size is its size. Returns the
 * descriptor, or -1 and errno. */
static int open_source(uint32_t error, uint32_t *size)
{
	bool unused;
	struct stat stat;

	if (fcntl(FD_FILE, F_GETFD) < 0)
		return file_open(INITTAB_PATH, INITTAB_MAX, size, &unused);
	errno = (int)error;
	if (error || fstat(FD_FILE, &stat) != 0 ||
	    lseek(FD_FILE, 0, SEEK_SET) != 0)
		return -1;
	errno = EFBIG;
	*size = (uint32_t)stat.st_size;
	return stat.st_size <= INITTAB_MAX ? FD_FILE : -1;
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

struct state *load_inittab(struct state *old, int64_t now)
{
	const struct source builtin = {inittab_builtin, -1,
				       (uint32_t)strlen(inittab_builtin)};
	bool is_first = !old->plan.is_loaded;
	struct source source = {0};
	struct state *state = NULL;
	int error;

	source.fd = open_source(old->plan.file_error, &source.size);
	if (source.fd >= 0)
		state = replace(old, &source, now);
	error = errno;
	if (source.fd != FD_FILE)
		close(source.fd);
	errno = error;
	if (state || (is_first && errno == ENOMEM))
		return state;
	log_failure(old->plan.is_machine,
		    is_first ? "the built-in table is used: "
			     : "the table in use is kept: ");
	return is_first ? replace(old, &builtin, now) : NULL;
}

struct state *load_first(const char *text, bool is_loaded, bool is_machine,
			 const struct job_source *job, int64_t now)
{
	const struct source source = {text, -1, (uint32_t)strlen(text)};
	struct state *state = create_state(source.size, is_machine, job, NULL);

	if (state) {
		(void)fill_table(state, &source); /* can't fail */
		if (job->text)
			add_job(&state->plan, job);
		plan_boot(&state->plan, is_loaded, now);
	}
	return state;
}

int load_read_inittab(const void *unused)
{
	bool is_executable;
	uint32_t size;
	int fd;

	(void)unused;
	signals_unblock();
	fd = file_open(INITTAB_PATH, INITTAB_MAX, &size, &is_executable);
	return fd < 0 ? errno : file_copy(FD_FILE, fd, size);
}
