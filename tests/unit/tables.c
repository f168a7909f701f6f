#define _GNU_SOURCE /* strndup */

#include "tables.h"

#include <stdlib.h>
#include <string.h>

#include "inittab.h"
#include "reconcile.h"

/* What comes after it in a text is a job. */
#define JOB '!'

static void add(void *arg, const struct entry *entry, uint32_t line)
{
	(void)line;
	table_add(arg, entry);
}

static void ignore(void *arg, uint32_t line, uint32_t column, const char *why)
{
	(void)arg, (void)line, (void)column, (void)why;
}

void tables_fill(struct table *t, const char *text)
{
	struct inittab_sink sink = {t, add, ignore};
	uint32_t len = (uint32_t)strlen(text);

	memcpy(table_text(t), text, len);
	t->text_used = len + 1;
	inittab_parse(table_text(t), len, &sink);
}

/* Room that a text and the children of old need: slots, and bytes. */
static void room(const char *text, const struct table *old, uint32_t *slots,
		 uint32_t *bytes)
{
	uint32_t len = (uint32_t)strlen(text);

	*slots = *bytes = 0;
	if (old)
		reconcile_space(old, slots, bytes);
	*slots += table_capacity_for(len);
	*bytes += len;
}

struct table *tables_filled(const char *text, const struct table *old)
{
	uint32_t slots, bytes;
	struct table *t;

	room(text, old, &slots, &bytes);
	t = calloc(1, table_bytes(slots, bytes));
	table_init(t, slots, bytes);
	tables_fill(t, text);
	return t;
}

static void add_job(struct plan *plan, const char *command)
{
	struct table *t = &plan->table;
	struct entry entry = {t->text_used - 1, t->text_used, ACTION_JOB};

	plan->job.size = (uint32_t)strlen(command) + 1;
	memcpy(table_text(t) + entry.command, command, plan->job.size);
	t->text_used += plan->job.size;
	table_add(t, &entry);
}

struct plan *tables_plan(const char *text, bool machine,
			 const struct table *old, size_t *size)
{
	const char *job = strchr(text, JOB);
	uint32_t slots, bytes;
	struct plan *plan;
	char *inittab;

	room(text, old, &slots, &bytes);
	slots++;
	*size = plan_bytes(slots, bytes);
	plan = calloc(1, *size);
	plan_init(plan, machine, slots, bytes);
	inittab = strndup(text, job ? (size_t)(job - text) : strlen(text));
	tables_fill(&plan->table, inittab);
	free(inittab);
	if (job && job[1])
		add_job(plan, job + 1);
	return plan;
}

struct table *tables_made(const char *text, struct table *old)
{
	struct table *t = tables_filled(text, old);

	reconcile_tables(t, old);
	return t;
}

const char *tables_listed(const struct table *t, enum list list)
{
	static char names[4096];

	names[0] = '\0';
	for (uint32_t i = t->first[list]; i; i = table_slot(t, i)->next) {
		if (names[0])
			strcat(names, ",");
		strcat(names, table_command(t, i));
	}
	return names;
}

uint32_t tables_find(const struct table *t, const char *command,
		     enum slot_membership membership)
{
	for (uint32_t i = 1; i <= t->count; i++)
		if (table_slot(t, i)->membership == membership &&
		    strcmp(table_command(t, i), command) == 0)
			return i;
	return 0;
}
