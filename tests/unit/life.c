#include "life.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dice.h"
#include "events.h"
#include "inittab.h"
#include "plan_internal.h"
#include "reconcile.h"
#include "respawn.h"
#include "tables.h"

/* Linux: lower ones are not given again. */
#define FIRST_PID 300
/* A small world of pids, so that they come again. */
#define RANDOM_PIDS 700

/* From SIGKILL to the end of a child, ms. */
#define KILL_TAKES 1

/* A plan that is larger than this does not go through faults: each of them
 * costs its whole size. */
#define FAULTS_SIZE 16384

/* Steps of one moment that are no starts: the phases of a shutdown. */
#define STEPS_BESIDE 40

static void note(struct life *life, const char *what, const char *about,
		 const char *more)
{
	size_t room = 80 + strlen(what) + strlen(about) + strlen(more);

	if (life->trace_used + room > life->trace_room) {
		life->trace_room = 2 * life->trace_room + room;
		life->trace = realloc(life->trace, life->trace_room);
	}
	life->trace_used += (size_t)sprintf(
		life->trace + life->trace_used, "%lld %s%s%s%s%s\n",
		(long long)life->now, what, *about ? " " : "", about,
		*more ? " " : "", more);
}

const char *life_trace(struct life *life)
{
	life->trace[life->trace_used] = '\0';
	life->trace_used = 0;
	return life->trace;
}

static uint32_t dice(struct life *life, uint32_t n)
{
	struct dice dice = {life->dice};
	uint32_t result = dice_below(&dice, n);

	life->dice = dice.state;
	return result;
}

/* The name of an entry, for the trace. */
static const char *name_of(const struct life *life, uint32_t slot)
{
	static char name[40];
	const char *command = table_command(&life->plan->table, slot);

	if (!slot)
		return "";
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(command, " "),
		 command);
	return name;
}

static struct plan *new_plan(struct life *life, const char *text, bool machine,
			     const struct table *old)
{
	struct plan *plan = tables_plan(text, machine, old, &life->plan_size);

	life->image = realloc(life->image, life->plan_size);
	return plan;
}

static struct life *begin_with(const char *inittab, bool machine,
			       bool is_loaded)
{
	struct life *life = calloc(1, sizeof(*life));

	life->sync_takes = 10;
	life->last_pid = FIRST_PID - 1;
	life->slept_until = -1;
	life->trace_room = 1024;
	life->trace = calloc(1, life->trace_room);
	life->plan = new_plan(life, inittab, machine, NULL);
	plan_boot(life->plan, is_loaded, 0);
	return life;
}

struct life *life_begin(const char *inittab, bool machine)
{
	return begin_with(inittab, machine, true);
}

struct life *life_begin_unread(const char *inittab, bool machine)
{
	const char *job = inittab ? strchr(inittab, '!') : NULL;
	struct life *life = begin_with(job ? job : "", machine, false);

	life->file = inittab;
	return life;
}

void life_end(struct life *life)
{
	free(life->plan);
	free(life->image);
	free(life->children);
	free(life->history);
	free(life->trace);
	free(life);
}

/*
 * Whatever changes a plan is done twice here: the first time a fault comes in
 * the middle of it. Of what it would have stored, some words are stored; but
 * of a slot that it is not about, all or none, since the indexes and lists that
 * name those are made anew, while a slot itself is stored whole.
 */
static void begin(struct life *life, uint32_t slot)
{
	plan_begin(life->plan, slot, &life->before);
	memcpy(life->image, life->plan, life->plan_size);
	life->fails = life->plan_size <= FAULTS_SIZE;
}

static void mix(struct life *life, size_t at, size_t size)
{
	memcpy((char *)life->plan + at, life->image + at, size);
}

static void mix_slots(struct life *life)
{
	const struct table *t = &life->plan->table;

	for (uint32_t i = 1; i <= t->count; i++)
		if (dice(life, 2))
			mix(life,
			    (size_t)((char *)table_slot(t, i) -
				     (char *)life->plan),
			    sizeof(struct slot));
}

/* Rolls back if there was a fault: the event must be delivered again. */
static bool is_rolled_back(struct life *life)
{
	size_t slots =
		offsetof(struct plan, table) + life->plan->table.slots_at;
	size_t end =
		slots + sizeof(struct slot) * (life->plan->table.capacity + 1);

	if (!life->fails) {
		plan_commit(&life->before);
		return false;
	}
	for (size_t at = 0; at + sizeof(uint32_t) <= life->plan_size;
	     at += sizeof(uint32_t)) {
		if ((at < slots || at >= end) && dice(life, 2))
			mix(life, at, sizeof(uint32_t));
	}
	mix_slots(life);
	assert_true(plan_recover(life->plan, life->plan_size, &life->before,
				 life->now));
	life->fails = false;
	return true;
}

/* A re-exec between two events: the new image takes the plan over. */
static void resume(struct life *life)
{
	struct plan_undo nothing = {0};

	if (life->plan_size <= FAULTS_SIZE)
		assert_true(plan_recover(life->plan, life->plan_size, &nothing,
					 life->now));
}

static struct child *child_by_pid(struct life *life, pid_t pid)
{
	for (size_t i = 0; i < life->child_count; i++)
		if (life->children[i].pid == pid)
			return &life->children[i];
	return NULL;
}

static void wake_up(struct life *life)
{
	life->slept_until = -1;
}

static void check_children(struct life *life)
{
	const struct table *t = &life->plan->table;
	size_t entries = 0, found = 0;

	for (size_t i = 0; i < life->child_count; i++) {
		const struct child *c = &life->children[i];

		entries += c->is_entry;
		assert_int_equal(table_find_pid(t, c->pid) != 0, c->is_entry);
	}
	for (uint32_t i = 1; i <= t->count; i++)
		found += table_slot(t, i)->pid != 0;
	assert_int_equal(found, entries);
}

/* The task that is waited for; no file task. */
static struct child *running_task(struct life *life)
{
	for (size_t i = 0; i < life->child_count; i++)
		if (life->children[i].task && !life->children[i].given_up &&
		    !task_is_file(life->children[i].task))
			return &life->children[i];
	return NULL;
}

static void begin_wait(struct life *life)
{
	life->since = life->alive = life->now;
	life->said_slow = false;
}

/* How long this task is waited for. */
static int64_t patience(const struct life *life, enum task task)
{
	if (task == TASK_REBOOT)
		return FOREVER;
	return task == TASK_COPY_SELF || task == TASK_REPORT_MOUNTS ||
			       (task == TASK_SYNC && life->given_up)
		       ? PLAN_SHORT_DISK_TIMEOUT
		       : PLAN_DISK_TIMEOUT;
}

/* How late it may be seen that a task came to another object, and how much
 * earlier than that the task may have begun. */
static int64_t slack(const struct life *life, enum task task)
{
	return life->step_takes +
	       (task_has_list(task) ? PLAN_SAMPLE_INTERVAL : 0);
}

/* During shutdown each wait has a timeout, and is reported after a second. */
static void check_wait(struct life *life, int64_t until)
{
	const struct child *task = running_task(life);
	enum phase phase = life->plan->phase;
	int64_t most = task ? patience(life, task->task) : FOREVER;
	int64_t since = life->since;

	if (task && life->task_begun > since) /* forks have failed before */
		since = life->task_begun;
	if (most != FOREVER) {
		assert_true(until <=
			    life->alive + most + slack(life, task->task));
		if (life->plan->is_machine)
			assert_true(until <= life->look_by);
	}
	if (phase >= PHASE_REBOOT || life->said_slow)
		return;
	if (task || life->plan->waiting || phase == PHASE_GRACE ||
	    phase == PHASE_REAP)
		assert_true(until <=
			    since + PLAN_SLOW_AFTER +
				    slack(life, task ? task->task : TASK_NONE));
}

/* What must hold of every sleep, whatever the table and the events. */
static void check_sleep(struct life *life, int64_t until)
{
	int64_t later = until == FOREVER ? life->now + 1000000 : until - 1;
	struct step again;

	assert_true(until > life->now);
	if (life->plan->phase >= PHASE_SHUTDOWN)
		check_wait(life, until);
	/* a failed fork is not cut short by a deadline that comes before */
	if (life->plan->fork_retry_at == until && life->plan->deadline < until)
		later = life->now;
	again = plan_next(life->plan, later);
	assert_int_equal(again.kind, STEP_SLEEP);
	assert_true(again.until == until);
	life->steps_in_a_row = 0;
}

/* What must hold of every start. */
static void check_start(struct life *life, uint32_t slot)
{
	const struct slot *s = table_slot(&life->plan->table, slot);
	enum list list = table_list(s->entry.action);
	struct history *h = &life->history[s->history.number];

	assert_int_equal(life->signals_to_all, 0);
	assert_int_equal(s->membership, SLOT_LISTED);
	assert_int_equal(s->pid, 0); /* no second child */
	assert_false(s->waits_for_tty);
	assert_false(s->history.is_stopped);
	if (list == LIST_RESPAWN && h->respawns)
		assert_true(life->now - h->respawned >= RESPAWN_MIN_INTERVAL);
	if (list < LIST_RESPAWN && !h->is_asked)
		assert_int_equal(h->starts[list], 0);
	assert_int_not_equal(list, LIST_RESTART);
	assert_int_equal(list == LIST_SHUTDOWN,
			 life->plan->phase == PHASE_SHUTDOWN);
	if (life->plan->phase < PHASE_SHUTDOWN && list != LIST_CTRLALTDEL) {
		assert_true(list == phase_list(life->plan->phase) ||
			    (h->is_asked && plan_phase_reached(life->plan, s)));
		assert_false(life->plan->paused);
	}
	assert_int_equal(life->plan->shutdown != SHUTDOWN_NONE,
			 list == LIST_SHUTDOWN);
}

static void remember_start(struct life *life, uint32_t slot)
{
	const struct slot *s = table_slot(&life->plan->table, slot);
	enum list list = table_list(s->entry.action);
	struct history *h = &life->history[s->history.number];

	if (list == LIST_RESPAWN) {
		h->respawned = life->now;
		h->respawns++;
	}
	h->starts[list]++;
	life->starts++;
	begin_wait(life);
}

static void know_numbers(struct life *life)
{
	uint32_t room = life->plan->table.last_number + 1;

	if (room <= life->history_room)
		return;
	life->history = realloc(life->history, room * sizeof(*life->history));
	memset(life->history + life->history_room, 0,
	       (room - life->history_room) * sizeof(*life->history));
	life->history_room = room;
}

static pid_t new_pid(struct life *life)
{
	do
		life->last_pid =
			life->random_pids
				? FIRST_PID + (pid_t)dice(life, RANDOM_PIDS)
				: life->last_pid + 1;
	while (child_by_pid(life, life->last_pid));
	return life->last_pid;
}

static void read_word(struct child *c, const char *word, int64_t now)
{
	if (*word >= '0' && *word <= '9')
		c->ends = now + strtol(word, NULL, 10);
	else if (strncmp(word, "deaf", 4) == 0)
		c->deaf = true;
	else if (strncmp(word, "shell", 5) == 0)
		c->shell = true;
	else if (strncmp(word, "stuck", 5) == 0)
		c->stuck = true;
	else if (strncmp(word, "till", 4) == 0 &&
		 now >= strtol(word + 4, NULL, 10))
		c->ends = FOREVER;
	else if (strncmp(word, "slow", 4) == 0)
		c->slow = strtol(word + 4, NULL, 10);
	else if (*word == 'x')
		c->status = (int)strtol(word + 1, NULL, 10) << 8;
	else if (*word == 's')
		c->status = (int)strtol(word + 1, NULL, 10);
}

/* A new process that lives as the words of command say. */
static struct child *bear(struct life *life, const char *command)
{
	struct child *c;
	size_t len = strcspn(command, " ");

	if (life->child_count == life->child_room) {
		life->child_room = 2 * life->child_room + 16;
		life->children =
			realloc(life->children, life->child_room * sizeof(*c));
	}
	c = &life->children[life->child_count];
	*c = (struct child){.pid = new_pid(life), .ends = FOREVER};
	life->child_count++;
	snprintf(c->name, sizeof(c->name), "%.*s", (int)len, command);
	for (command += len; *command; command += strcspn(command, " ")) {
		command += strspn(command, " ");
		read_word(c, command, life->now);
	}
	return c;
}

void life_orphan(struct life *life, const char *words)
{
	bear(life, words);
	wake_up(life);
}

static bool fork_fails(struct life *life, const char *what)
{
	if (life->fork_works) {
		life->fork_works--;
		return false;
	}
	if (!life->fork_fails)
		return false;
	if (life->fork_fails != UINT32_MAX)
		life->fork_fails--;
	note(life, "no fork for", what, "");
	return true;
}

static int64_t start_entry(struct life *life, uint32_t slot)
{
	struct child *c;

	check_start(life, slot);
	if (fork_fails(life, name_of(life, slot)))
		return -1;
	note(life, "start", name_of(life, slot), "");
	remember_start(life, slot);
	c = bear(life, table_command(&life->plan->table, slot));
	c->is_entry = true;
	return c->pid;
}

static const char *ending_name(enum shutdown_kind ending)
{
	static const char *const names[] = {"none", "halt", "poweroff",
					    "reboot", "restart"};

	return names[ending];
}

/* What a task is called, for the trace. */
static const char *task_name(const struct life *life, enum task task)
{
	static const char *const names[] = {
		[TASK_NONE] = "",
		[TASK_COPY_SELF] = "copy",
		[TASK_LOOPS] = "loops",
		[TASK_SWAPOFF] = "swapoff ",
		[TASK_UNMOUNT] = "umount ",
		[TASK_SYNC] = "sync(2)",
		[TASK_REPORT_MOUNTS] = "report",
		[TASK_REBOOT] = "reboot(2)",
		[TASK_READ_INITTAB] = "read inittab",
		[TASK_READ_UPGRADE] = "read upgrade",
		[TASK_CHECK_UPGRADE] = "check upgrade",
	};
	static char name[40];

	snprintf(name, sizeof(name), "%s%s", names[task],
		 task_has_list(task) && life->found ? life->found->name : "");
	return name;
}

/* What must hold of every piece of work on disks. */
static void check_disk(const struct life *life, enum task task)
{
	const struct disk *disk = life->found;

	assert_non_null(disk);
	assert_int_equal(disk->task, task);
	assert_int_not_equal(disk->tried, life->pass);
	if (life->given_up <= PLAN_MAX_HUNG)
		assert_false(disk->given_up);
	if (task == TASK_UNMOUNT) /* the root comes last */
		for (uint32_t i = 0; i < life->disks.count; i++)
			if (strcmp(life->disks.disks[i].name, "/") == 0)
				assert_int_not_equal(life->disks.disks[i].tried,
						     life->pass);
}

/* What must hold of every task. */
static void check_task(struct life *life, enum task task)
{
	assert_int_not_equal(life->plan->shutdown, SHUTDOWN_NONE);
	assert_int_equal(life->signals_to_all, 2);
	assert_null(running_task(life));
	if (task == TASK_LOOPS)
		assert_false(life->loops_hang);
	if (task < TASK_SYNC) {
		assert_true(life->plan->is_machine);
		if (task == TASK_COPY_SELF)
			life->copied = life->round;
		assert_int_equal(life->copied, life->round);
	}
}

/* How long a task takes. */
static int64_t work_takes(struct life *life, enum task task)
{
	if (task == TASK_LOOPS)
		return disks_loops_take(&life->disks);
	if (task == TASK_SYNC)
		return life->sync_takes;
	return task == TASK_REBOOT ? 1 : 0;
}

static bool has_hung(const struct plan *plan, uint32_t id)
{
	for (uint32_t i = 0; i < plan->hung_count; i++)
		if (plan->hung_ids[i] == id)
			return true;
	return false;
}

/* As mount_release_all() does it, but that nothing is read: the next object,
 * from the last one on. */
static void find_next(struct life *life, enum task task, uint32_t *line)
{
	do
		life->found = disks_find(&life->disks, task, *line, line);
	while (life->found && has_hung(life->plan, disks_id(life->found)));
}

/* The task comes to what was found, or to its end. */
static void begin_object(struct life *life, struct child *c)
{
	c->disk = life->found;
	c->ends = life->now;
	if (!c->disk)
		return;
	check_disk(life, c->task);
	note(life, "start", task_name(life, c->task), "");
	snprintf(c->name, sizeof(c->name), "%s", task_name(life, c->task));
	c->disk->tried = life->pass;
	c->writes = c->disk->writes;
	c->disk->is_off = c->disk->vanishes;
	if (c->disk->takes == FOREVER)
		c->ends = FOREVER;
	else
		c->ends += c->disk->takes;
	life->task_begun = life->now;
}

static void begin_work(struct life *life, struct child *c)
{
	int64_t takes = work_takes(life, c->task);

	c->writes = c->task == TASK_SYNC && life->sync_writes;
	c->ends = takes == FOREVER ? FOREVER : life->now + takes;
	c->deaf = c->stuck = true; /* a dead disk's work minds nothing */
	life->looked = false;
	life->task_begun = life->alive = life->now;
	life->look_by = life->now + PLAN_SLOW_AFTER + life->step_takes;
	if (task_has_list(c->task))
		begin_object(life, c);
}

static int64_t start_file_task(struct life *life, enum task task)
{
	struct child *c;

	if (fork_fails(life, task_name(life, task)))
		return -1;
	assert_true(phase_is_up(life->plan->phase));
	assert_int_equal(life->plan->file_child, 0);
	c = bear(life, "");
	c->task = task;
	if (life->file_takes)
		note(life, "start", task_name(life, task), "");
	c->ends = life->file_takes == FOREVER ? FOREVER
					      : life->now + life->file_takes;
	c->deaf = c->stuck = life->file_takes == FOREVER;
	if (task == TASK_CHECK_UPGRADE)
		c->status = (life->accepts ? PLAN_STATE_ACCEPTED : 1) << 8;
	else if (task == TASK_READ_INITTAB && !life->file)
		c->status = ENOENT << 8;
	snprintf(c->name, sizeof(c->name), "%s", task_name(life, task));
	return c->pid;
}

static int64_t start_task(struct life *life, enum task task)
{
	bool is_reboot = task == TASK_REBOOT;
	uint32_t line = 0;
	struct child *c;

	check_task(life, task);
	if (task_has_list(task))
		find_next(life, task, &line);
	if (fork_fails(life, task_name(life, task)))
		return -1;
	if ((task == TASK_LOOPS && life->disks.count) || task == TASK_SYNC ||
	    is_reboot)
		note(life, "start", task_name(life, task),
		     is_reboot ? ending_name(plan_shutdown_kind(life->plan))
			       : "");
	if (task == TASK_REPORT_MOUNTS) {
		assert_true(life->plan->is_machine);
		if (life->disks.count)
			note(life, "say left", "", "");
	}
	life->over = is_reboot && !life->refuses_reboot;
	c = bear(life, "");
	c->task = task;
	c->line = line;
	snprintf(c->name, sizeof(c->name), "%s", task_name(life, task));
	begin_work(life, c);
	return c->pid;
}

/* A line that goes late moves those behind it, so that the one at which the
 * pass is may be found once more. */
static void end_late(struct life *life)
{
	life->late_ends++;
	for (uint32_t i = 0; i < life->disks.count; i++)
		life->disks.disks[i].tried = 0;
}

static void end_object(struct life *life, struct child *c)
{
	bool well = !life_count(life, c->disk->by) &&
		    disks_take(&life->disks, c->disk);

	note(life, well ? "gone" : "busy", c->disk->name, "");
	life->taken += well && !c->given_up;
	c->released += well;
	c->disk = NULL;
}

/* Goes on with the next object, if the task is still waited for. Returns
 * whether the task has come to its end. */
static bool end_work(struct life *life, struct child *c)
{
	if (c->task && c->status & 0x7f) {
		life->taken = 0; /* what it has taken, it did not tell */
		return true;
	}
	if (c->disk) {
		end_object(life, c);
		if (!c->given_up) {
			find_next(life, c->task, &c->line);
			begin_object(life, c);
			begin_wait(life);
			return false;
		}
	}
	if (c->given_up)
		end_late(life);
	if (c->task == TASK_LOOPS)
		disks_detach(&life->disks);
	if (task_has_list(c->task))
		c->status = c->released ? 0 : 1 << 8;
	return true;
}

/* What the child of a list tells. */
static void tell_progress(struct life *life, const struct child *c)
{
	uint32_t id = c->disk ? disks_id(c->disk) : 7;

	begin(life, 0);
	do
		event_progress(life->plan, c->disk ? c->line : 0, id,
			       c->released, life->now);
	while (is_rolled_back(life));
}

/* Another number each time that disks are at work. */
static int64_t look(struct life *life)
{
	bool is_at_work = false;
	const struct child *task = running_task(life);

	assert_non_null(task);
	if (task_has_list(task->task))
		tell_progress(life, task);
	for (size_t i = 0; i < life->child_count; i++)
		is_at_work = is_at_work || life->children[i].writes;
	life->work += is_at_work;
	life->look_by = life->now + PLAN_SAMPLE_INTERVAL + life->step_takes;
	if (life->looked && life->now - life->looked_at < PLAN_IO_INTERVAL)
		return life->work;
	if (life->looked && life->work != life->work_then &&
	    !(task->task == TASK_SYNC && life->given_up) && /* hangs, too */
	    life->now - life->task_begun < PLAN_DISK_MAX)
		life->alive = life->now;
	life->looked = true;
	life->looked_at = life->now;
	life->work_then = life->work;
	return life->work;
}

static void copy(struct life *life)
{
	assert_true(life->plan->is_machine);
	assert_int_equal(life->signals_to_all, 2);
	assert_int_equal(life->copied, life->round);
	if (life->disks.count)
		note(life, "copy", "", "");
}

static void end_by(struct life *life, struct child *c, int signal)
{
	int64_t ends = life->now;

	if (signal == SIGKILL ? c->stuck : c->deaf)
		return;
	if (signal == SIGTERM && c->shell)
		return;
	ends += signal == SIGKILL ? KILL_TAKES : c->slow;
	if (ends >= c->ends)
		return;
	c->ends = ends;
	c->status = signal;
}

static void kill_file_task(struct life *life)
{
	struct child *c = child_by_pid(life, life->plan->file_child);

	assert_non_null(c);
	assert_true(task_is_file(c->task));
	note(life, "kill", c->name, "");
	c->given_up = true;
	end_by(life, c, SIGKILL);
}

static void signal_everyone(struct life *life, int signal)
{
	note(life, signal == SIGTERM ? "TERM to all" : "KILL to all", "", "");
	life->signals_to_all++;
	for (size_t i = 0; i < life->child_count; i++)
		end_by(life, &life->children[i], signal);
}

static void signal_group(struct life *life, const struct step *step)
{
	const struct slot *s = table_slot(&life->plan->table, step->slot);
	struct child *c = child_by_pid(life, s->pid);

	assert_non_null(c);
	assert_int_equal(life->plan->phase == PHASE_HANGUP,
			 step->signal == SIGHUP);
	assert_true(life->plan->phase == PHASE_HANGUP || s->history.stop ||
		    s->entry.action == ACTION_JOB);
	if (step->kind == STEP_HANGUP && !c->shell)
		return; /* it has no tty, or does not ignore SIGTERM */
	note(life,
	     step->signal == SIGHUP    ? "HUP to"
	     : step->signal == SIGUSR1 ? "USR1 to"
	     : step->signal == SIGTERM ? "TERM to"
				       : "KILL to",
	     c->name, "");
	end_by(life, c, step->signal);
}

/* As init does it: the new plan is the plan before event_step_done(). */
static int64_t reload(struct life *life)
{
	struct plan *old = life->plan;

	const char *text = life->file;

	if (old->file_error && !old->is_loaded)
		text = inittab_builtin;
	else if (old->file_error)
		text = NULL;
	if (!text) {
		note(life, "no reload", "", "");
		return -1;
	}
	note(life, text == life->file ? "reload" : "built in", "", "");
	life->plan = new_plan(life, text, old->is_machine, &old->table);
	plan_reload(life->plan, old, life->now);
	free(old);
	check_children(life);
	return 0;
}

static void restart(struct life *life, uint32_t slot)
{
	assert_int_equal(table_slot(&life->plan->table, slot)->entry.action,
			 ACTION_RESTART);
	assert_int_equal(life->pass, 0); /* it wants its disks */
	note(life, "become", name_of(life, slot), "");
	life->over = !life->refuses_restart;
}

static void check_slow(struct life *life, const struct step *step)
{
	const struct child *task = running_task(life);

	assert_false(life->said_slow);
	assert_true(life->now >=
		    life->since + PLAN_SLOW_AFTER -
			    slack(life, task ? task->task : TASK_NONE));
	assert_int_equal(step->slot, life->plan->waiting);
	if (phase_is_up(life->plan->phase))
		assert_int_equal(step->task, TASK_READ_INITTAB);
	else
		assert_int_equal(step->task, task ? task->task : TASK_NONE);
	if (!step->slot && !step->task)
		assert_true(life->plan->phase == PHASE_GRACE ||
			    life->plan->phase == PHASE_REAP);
	life->said_slow = true;
}

/* What is left of a list is tried by another child. */
static void try_again(struct life *life)
{
	for (uint32_t i = 0; i < life->disks.count; i++)
		life->disks.disks[i].tried = 0;
	begin_wait(life);
}

/* Nobody waits for this task any longer: it has had its time. */
static void give_up(struct life *life, enum task task)
{
	struct child *c = running_task(life);

	assert_true(life->now - life->alive >=
		    patience(life, task) - slack(life, task));
	if (!c) { /* no fork has worked */
		life->unbegun++;
		return;
	}
	life->given_up++;
	if (c->disk)
		c->disk->given_up = true;
	try_again(life);
	life->loops_hang = life->loops_hang || task == TASK_LOOPS;
	assert_int_equal(c->task, task);
	c->given_up = true;
}

static void say(struct life *life, const struct step *step)
{
	static const char *const words[] = {
		[MESSAGE_SHUTDOWN] = "say down",
		[MESSAGE_SLOW] = "say slow",
		[MESSAGE_TIMEOUT] = "say late",
		[MESSAGE_KILL] = "say kill",
		[MESSAGE_REFUSED] = "say refused",
		[MESSAGE_RELOAD_FAULTED] = "say faults",
		[MESSAGE_NO_UPGRADE] = "say no upgrade",
	};

	if (step->message == MESSAGE_SLOW)
		check_slow(life, step);
	if (step->message == MESSAGE_TIMEOUT && step->task)
		give_up(life, step->task);
	note(life, words[step->message],
	     step->task ? task_name(life, step->task)
			: name_of(life, step->slot),
	     "");
}

static void note_notice(struct life *life, enum exit_notice notice,
			const char *name)
{
	if (notice == NOTICE_FAILED)
		note(life, "notice: failed", name, "");
	else if (notice == NOTICE_THROTTLED)
		note(life, "notice: throttled", name, "");
}

static void end_child(struct life *life, struct child *child)
{
	struct child c = *child;
	uint32_t known, slot = 0;
	enum exit_notice notice;
	char how[16];

	memmove(child, child + 1,
		(size_t)(life->children + life->child_count - child - 1) *
			sizeof(c));
	life->child_count--;
	if (c.is_entry) {
		snprintf(how, sizeof(how), c.status & 0x7f ? "signal %d" : "%d",
			 c.status & 0x7f ? c.status & 0x7f : c.status >> 8);
		note(life, "end", c.name, how);
	}
	known = table_find_pid(&life->plan->table, c.pid);
	assert_int_equal(known != 0, c.is_entry);
	begin(life, known);
	do
		notice = event_exited(life->plan, c.pid, c.status, life->now,
				      &slot);
	while (is_rolled_back(life));
	assert_int_equal(slot, known);
	assert_int_equal(notice == NOTICE_TASK_ENDED,
			 c.task && !c.given_up && !task_is_file(c.task));
	note_notice(life, notice, c.name);
	/* the same exit again, as init may report it after a re-exec */
	notice = event_exited(life->plan, c.pid, c.status, life->now, &slot);
	assert_int_equal(notice, NOTICE_NONE);
	assert_int_equal(slot, 0);
	wake_up(life);
}

/* Takes what children have ended, then looks whether any is left. */
static void reap(struct life *life)
{
	for (size_t i = 0; i < life->child_count;)
		if (life->children[i].ends > life->now)
			i++;
		else if (end_work(life, &life->children[i]))
			end_child(life, &life->children[i]);
	event_children_left(life->plan, !life->child_count == 0);
}

static int64_t perform(struct life *life, const struct step *step)
{
	switch (step->kind) {
	case STEP_START:
		return start_entry(life, step->slot);
	case STEP_TASK:
		return task_is_file(step->task)
			       ? start_file_task(life, step->task)
			       : start_task(life, step->task);
	case STEP_KILL_TASK:
		kill_file_task(life);
		break;
	case STEP_RELOAD:
		return reload(life);
	case STEP_EXEC_RESTART:
		restart(life, step->slot);
		return -1;
	case STEP_SIGNAL_GROUP:
	case STEP_HANGUP:
		signal_group(life, step);
		break;
	case STEP_SIGNAL_ALL:
		signal_everyone(life, step->signal);
		reap(life);
		break;
	case STEP_REEXEC_COPY:
		copy(life);
		break;
	case STEP_REEXEC:
		note(life, "re-execute", "", "");
		try_again(life);
		break;
	case STEP_SAMPLE_IO:
		return look(life);
	case STEP_UPGRADE:
		note(life, "upgrade", "", "");
		return -1;
	case STEP_EXIT:
		note(life, "leave", "", "");
		assert_false(life->plan->is_machine);
		life->over = true;
		break;
	case STEP_MESSAGE:
		say(life, step);
		break;
	case STEP_SLEEP:
		fail_msg("no step to perform: %d", (int)step->kind);
	}
	return 0;
}

/* There is a second round only for who was left in the first, and no third. */
static void begin_round(struct life *life)
{
	if (life->round) {
		assert_int_equal(life->round, 1);
		assert_int_equal(life->phase, PHASE_SYNC);
		assert_true(life->left);
	}
	life->round++;
}

/* A pass over the disks has begun: the first of its round, or the one before
 * came further. */
static void begin_pass(struct life *life)
{
	assert_true(life->phase != PHASE_SWAPS || life->taken > 0);
	life->pass++;
	life->taken = 0;
}

static void watch_phase(struct life *life)
{
	enum phase phase = life->plan->phase;

	if (phase == PHASE_REAP && life->phase != PHASE_REAP)
		begin_round(life);
	if (phase == PHASE_REAP)
		life->left = life->child_count > 0;
	if (phase == life->phase)
		return;
	if (phase == PHASE_LOOPS ||
	    (phase == PHASE_MOUNTS && life->phase != PHASE_LOOPS))
		begin_pass(life);
	if (phase == PHASE_SYNC) /* no pass is missing */
		assert_int_equal(life->taken, 0);
	if (phase == PHASE_REPORT_MOUNTS) /* no round is */
		assert_true(life->round == 2 || !life->left);
	life->phase = phase;
	begin_wait(life);
}

static void check_step(struct life *life)
{
	uint32_t bound = STEPS_BESIDE + 2 * life->plan->table.count +
			 2 * life->disks.count;

	assert_in_range(++life->steps_in_a_row, 1, bound);
	/* none at all when nothing came since the last sleep */
	assert_true(life->slept_until <= life->now);
}

/* Steps until there is none to do. Returns until when to sleep. */
static int64_t step_on(struct life *life)
{
	while (!life->over) {
		struct step step;
		int64_t result;

		watch_phase(life);
		resume(life);
		begin(life, 0);
		do
			step = plan_next(life->plan, life->now);
		while (is_rolled_back(life));
		know_numbers(life);
		if (step.kind == STEP_SLEEP) {
			watch_phase(life);
			check_sleep(life, step.until);
			life->slept_until = step.until;
			return step.until;
		}
		check_step(life);
		result = perform(life, &step);
		if (life->step_takes)
			life->now += dice(life, life->step_takes + 1);
		begin(life, step.kind == STEP_START ||
					    step.kind == STEP_SIGNAL_GROUP ||
					    step.kind == STEP_HANGUP
				    ? step.slot
				    : 0);
		do
			event_step_done(life->plan, &step, result, life->now);
		while (is_rolled_back(life));
		check_children(life);
	}
	life->over_since = life->now;
	return FOREVER;
}

static int64_t next_end(const struct life *life)
{
	int64_t next = FOREVER;

	for (size_t i = 0; i < life->child_count; i++)
		if (life->children[i].ends < next)
			next = life->children[i].ends;
	return next;
}

void life_run(struct life *life, int64_t until)
{
	while (!life->over) {
		int64_t wake, next;

		reap(life);
		wake = step_on(life);
		next = next_end(life);
		if (wake < next)
			next = wake;
		if (life->over || next > until)
			break;
		if (next > life->now)
			life->now = next;
	}
	if (!life->over && life->now < until)
		life->now = until;
}

void life_signal(struct life *life, int signal)
{
	begin(life, 0);
	do
		event_signal(life->plan, signal, life->now);
	while (is_rolled_back(life));
	wake_up(life);
}

static uint32_t slot_named(const struct life *life, const char *name)
{
	uint32_t slot = life->plan->table.count;

	while (slot && (strcmp(name_of(life, slot), name) != 0 ||
			table_slot(&life->plan->table, slot)->membership))
		slot--;
	return slot;
}

uint32_t life_request(struct life *life, enum verb verb, const char *name)
{
	const struct table *t = &life->plan->table;
	uint32_t number = table_slot(t, slot_named(life, name))->history.number;
	uint32_t value = (uint32_t)verb << REQUEST_VERB_SHIFT | number;
	const struct plan_event event = {.kind = PLAN_REQUEST,
					 .request = value};

	know_numbers(life);
	life->history[number].is_asked |= verb != VERB_STOP_ENTRY;
	begin(life, plan_event_slot(life->plan, &event));
	do
		(void)event_request(life->plan, value, life->now);
	while (is_rolled_back(life));
	wake_up(life);
	return number;
}

void life_reload(struct life *life, const char *inittab)
{
	life->file = inittab;
	life_signal(life, SIGHUP);
}

void life_kill(struct life *life, const char *name, int status)
{
	for (size_t i = 0; i < life->child_count; i++) {
		struct child *c = &life->children[i];

		if (strcmp(c->name, name) != 0)
			continue;
		c->ends = life->now;
		c->status = status;
		return;
	}
	fail_msg("no child %s", name);
}

uint32_t life_count(const struct life *life, const char *name)
{
	uint32_t count = 0;

	for (size_t i = 0; i < life->child_count; i++)
		count += strcmp(life->children[i].name, name) == 0;
	return count;
}

/* The seed whose life runs; 0: none. */
static uint64_t current_seed;

void life_of_each_seed(void (*live)(uint64_t seed, bool show), uint64_t seeds)
{
	const char *wanted = getenv("SEED");

	if (wanted) {
		live(strtoull(wanted, NULL, 10), true);
		return;
	}
	for (current_seed = 1; current_seed <= seeds; current_seed++)
		live(current_seed, false);
	current_seed = 0;
}

int life_print_seed(void **state)
{
	(void)state;
	if (current_seed)
		print_message("to see it: SEED=%llu\n",
			      (unsigned long long)current_seed);
	return 0;
}
