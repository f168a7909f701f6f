#include "sound.h"

bool sound_size(struct plan *plan, size_t size)
{
	return size >= sizeof(*plan) &&
	       table_check_layout(&plan->table,
				  size - offsetof(struct plan, table));
}

/* 1 is init itself; of a group, everybody. */
static bool is_child(pid_t pid)
{
	return pid == 0 || pid > 1;
}

static bool is_slot(const struct table *t, const struct slot *s)
{
	return s->entry.action <= ACTION_JOB && s->entry.tty < t->text_size &&
	       s->entry.command < t->text_size &&
	       s->membership <= SLOT_REMOVED &&
	       s->history.stop <= STOP_SEND_KILL && is_child(s->pid);
}

bool sound_plan(const struct plan *plan)
{
	const struct table *t = &plan->table;

	for (uint32_t i = 1; i <= t->count; i++)
		if (!is_slot(t, table_slot(t, i)))
			return false;
	return plan->phase < PHASE_COUNT &&
	       plan->shutdown <= SHUTDOWN_RESTART &&
	       !table_text(t)[t->text_size];
}
