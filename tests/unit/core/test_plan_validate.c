/*
 * The check of a plan that another image of init has left: one field of a plan
 * is damaged, and the plan refused. Every plan is one that a machine really
 * has, so it is accepted as long as it is whole.
 */
#include "plan_transaction.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "events.h"
#include "life.h"
#include "plan_internal.h"
#include "respawn.h"

#define NOW 5000 /* ms */
#define LATE (NOW + 3600000ll)
#define YEARS (PLAN_OPTION_MAX_S * 2000)

/* Slots of this table. */
enum { SYSINIT = 1, RESPAWN, ON_TTY, CTRLALTDEL, SHUTDOWN, RESTART, SLOTS };

static const char inittab[] = "::sysinit:s 6000\n::respawn:r\nt::respawn:x\n"
			      "::ctrlaltdel:c\n::shutdown:d\n::restart:z\n";

/* Machines, at NOW. */
static struct life *in_sysinit(void)
{
	struct life *life = life_begin(inittab, true);

	life_run(life, NOW);
	return life;
}

static struct life *up(void)
{
	struct life *life = in_sysinit();

	life_kill(life, "s", 0);
	life_run(life, NOW);
	return life;
}

static struct life *going_down(void)
{
	struct life *life = up();

	life_signal(life, SIGUSR2);
	life_run(life, NOW);
	return life;
}

static struct life *unmounting(void)
{
	struct life *life = life_begin("", true);

	disks_set(&life->disks, "/; /a hung");
	life_run(life, NOW);
	life_signal(life, SIGUSR2);
	life_run(life, NOW);
	assert_int_equal(life->plan->phase, PHASE_MOUNTS);
	return life;
}

static struct life *with_job(void)
{
	struct life *life = life_begin("!job 9999", true);

	life_run(life, NOW);
	return life;
}

static struct life *reading(void)
{
	struct life *life = up();

	life->file_takes = FOREVER;
	life_reload(life, inittab);
	life_run(life, NOW);
	return life;
}

static bool recover(struct life *life)
{
	struct plan_undo nothing = {0};

	return plan_recover(life->plan, life->plan_size, &nothing, NOW);
}

static void whole_plans_are_accepted(void **state)
{
	static struct life *(*const machines[])(void) = {
		in_sysinit, up, going_down, unmounting, with_job, reading};

	(void)state;
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		struct life *life = machines[i]();

		assert_true(recover(life));
		assert_true(recover(life)); /* and once more */
		life_end(life);
	}
}

/* What is done to a plan; s is one of its slots. */
#define SLOT(name, number, damage)                                             \
	static void name(struct plan *plan)                                    \
	{                                                                      \
		struct slot *s = table_slot(&plan->table, number);             \
		damage;                                                        \
	}
#define PLAN(name, damage)                                                     \
	static void name(struct plan *plan)                                    \
	{                                                                      \
		damage;                                                        \
	}

SLOT(action, RESPAWN, s->entry.action = ACTION_COUNT)
SLOT(tty_outside, RESPAWN, s->entry.tty = plan->table.text_size)
SLOT(command_outside, RESPAWN, s->entry.command = plan->table.text_size)
SLOT(command_empty, RESPAWN, s->entry.command = s->entry.tty)
SLOT(membership, RESPAWN, s->membership = SLOT_MEMBERSHIP_COUNT)
SLOT(stop, RESPAWN, s->history.stop = STOP_COUNT)
SLOT(number, RESPAWN, s->history.number = plan->table.last_number + 1)
SLOT(started_later, RESPAWN, s->history.started = NOW + 1)
SLOT(started_before, RESPAWN, s->history.started = -1)
SLOT(due_never, RESPAWN, s->history.due = NOW + RESPAWN_MAX_DELAY + 1)
SLOT(due_before, RESPAWN, s->history.due = -1)
SLOT(pid_of_init, RESPAWN, s->pid = 1)
SLOT(pid_of_a_group, RESPAWN, s->pid = -300)
SLOT(pid_twice, RESPAWN, s->pid = table_slot(&plan->table, ON_TTY)->pid)
SLOT(waits_with_child, RESPAWN, s->waits_for_tty = true)
SLOT(waits_queued, RESPAWN, s->pid = 0; s->waits_for_tty = s->is_queued = true)
SLOT(waits_removed, RESPAWN, s->pid = 0; s->waits_for_tty = true;
     s->membership = SLOT_REMOVED)
SLOT(waits_once, SYSINIT, s->waits_for_tty = true)
SLOT(queued_with_child, RESPAWN, s->is_queued = true)

PLAN(phase, plan->phase = PHASE_COUNT)
PLAN(waiting_for_nobody, plan->waiting = SHUTDOWN)
PLAN(waiting_outside, plan->waiting = SLOTS)
PLAN(waiting_in_run, plan->waiting = RESPAWN)
PLAN(cursor_outside, plan->cursor = SLOTS)
PLAN(cursor_elsewhere, plan->cursor = RESPAWN)
SLOT(cursor_with_child, SHUTDOWN, s->pid = 999; plan->waiting = 0;
     plan->cursor = SHUTDOWN)
SLOT(cursor_removed, SHUTDOWN, s->membership = SLOT_ORPHANED; plan->waiting = 0;
     plan->cursor = SHUTDOWN)
PLAN(cad_waiting_for_nobody, plan->cad_waiting = CTRLALTDEL)
PLAN(cad_waiting_outside, plan->cad_waiting = SLOTS)
PLAN(cad_cursor_outside, plan->cad_cursor = SLOTS)
PLAN(cad_cursor_elsewhere, plan->cad_cursor = SHUTDOWN)
SLOT(cad_cursor_with_child, CTRLALTDEL, s->pid = 999;
     plan->cad_cursor = CTRLALTDEL)
PLAN(grace, plan->grace = -1)
PLAN(grace_of_years, plan->grace = YEARS)
PLAN(stop_timeout, plan->stop_timeout = -1)
PLAN(deadline, plan->deadline = NOW + YEARS)
PLAN(slow_message, plan->next_slow_message = LATE)
PLAN(next_sample, plan->next_sample = LATE)
PLAN(task_started, plan->task_started = LATE)
PLAN(io_since, plan->io_since = LATE)
PLAN(last_skip, plan->last_skip = LATE)
PLAN(fork_retry, plan->fork_retry_at = LATE)
PLAN(kind_unknown, plan->shutdown = SHUTDOWN_COUNT)
PLAN(kind_none, plan->shutdown = SHUTDOWN_NONE)
PLAN(poweroff_none, plan->poweroff_kind = SHUTDOWN_NONE)
PLAN(poweroff_restart, plan->poweroff_kind = SHUTDOWN_RESTART)
PLAN(restart_of_poweroff, plan->phase = PHASE_RESTART; plan->waiting = 0)
PLAN(restart_too_late, plan->shutdown = SHUTDOWN_RESTART)
SLOT(restart_of_nobody, RESTART, s->membership = SLOT_REPEATED;
     plan->shutdown = SHUTDOWN_RESTART)
PLAN(task_in_run, plan->task = 999)
PLAN(task_of_init, plan->task = 1)
PLAN(file_child_of_init, plan->file_child = 1)
PLAN(file_task_unknown, plan->file_task = TASK_COUNT)
PLAN(file_task_of_disks, plan->file_task = TASK_SYNC)
PLAN(file_deadline, plan->file_deadline = LATE)
PLAN(hung_count, plan->hung_count = PLAN_MAX_HUNG + 1)
PLAN(job_alone, plan->job.is_only = true)
PLAN(job_empty, plan->job.size = 0)
PLAN(job_too_long, plan->job.size = plan->table.text_size + 9)
PLAN(job_without_end, plan->job.size -= 1)
PLAN(count, plan->table.count = plan->table.capacity + 1)
PLAN(capacity, plan->table.capacity = UINT32_MAX)
PLAN(capacity_other, plan->table.capacity -= 1)
PLAN(text_size, plan->table.text_size = UINT32_MAX)
PLAN(text_size_other, plan->table.text_size += 64)
PLAN(text_without_end, table_text (&plan->table)[plan->table.text_size] = 'x')

#undef SLOT
#undef PLAN

static const struct {
	const char *name;
	struct life *(*machine)(void);
	void (*damage)(struct plan *plan);
} damages[] = {
#define D(machine, damage)                                                     \
	{                                                                      \
#damage, machine, damage                                       \
	}
	D(up, action),
	D(up, tty_outside),
	D(up, command_outside),
	D(up, command_empty),
	D(up, membership),
	D(up, stop),
	D(up, number),
	D(up, started_later),
	D(up, started_before),
	D(up, due_never),
	D(up, due_before),
	D(up, pid_of_init),
	D(up, pid_of_a_group),
	D(up, pid_twice),
	D(up, waits_with_child),
	D(up, waits_queued),
	D(up, waits_removed),
	D(up, waits_once),
	D(up, queued_with_child),
	D(up, phase),
	D(in_sysinit, waiting_for_nobody),
	D(in_sysinit, waiting_outside),
	D(up, waiting_in_run),
	D(going_down, cursor_outside),
	D(going_down, cursor_elsewhere),
	D(going_down, cursor_with_child),
	D(going_down, cursor_removed),
	D(up, cad_waiting_for_nobody),
	D(up, cad_waiting_outside),
	D(up, cad_cursor_outside),
	D(up, cad_cursor_elsewhere),
	D(up, cad_cursor_with_child),
	D(up, grace),
	D(up, grace_of_years),
	D(up, stop_timeout),
	D(up, deadline),
	D(up, slow_message),
	D(up, next_sample),
	D(up, task_started),
	D(up, io_since),
	D(up, last_skip),
	D(up, fork_retry),
	D(up, kind_unknown),
	D(going_down, kind_none),
	D(up, poweroff_none),
	D(up, poweroff_restart),
	D(going_down, restart_of_poweroff),
	D(unmounting, restart_too_late),
	D(up, restart_of_nobody),
	D(up, task_in_run),
	D(unmounting, task_of_init),
	D(up, file_child_of_init),
	D(up, file_task_unknown),
	D(reading, file_task_of_disks),
	D(reading, file_deadline),
	D(up, hung_count),
	D(up, job_alone),
	D(with_job, job_empty),
	D(with_job, job_too_long),
	D(with_job, job_without_end),
	D(up, count),
	D(up, capacity),
	D(up, capacity_other),
	D(up, text_size),
	D(up, text_size_other),
	D(up, text_without_end),
#undef D
};

static void each_damage_is_noticed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct life *life = damages[i].machine();

		damages[i].damage(life->plan);
		if (recover(life))
			fail_msg("not noticed: %s", damages[i].name);
		life_end(life);
	}
}

static void a_task_is_no_entry_of_the_table(void **state)
{
	struct life *life = going_down();

	(void)state;
	life->plan->phase = PHASE_SYNC;
	life->plan->waiting = 0;
	assert_true(recover(life));
	life->plan->task = table_slot(&life->plan->table, RESPAWN)->pid;
	assert_false(recover(life));
	life_end(life);
}

static void what_is_too_small_is_no_plan(void **state)
{
	struct life *life = up();
	struct plan_undo nothing = {0};

	(void)state;
	assert_false(plan_recover(life->plan, sizeof(struct plan) - 1, &nothing,
				  NOW));
	assert_false(
		plan_recover(life->plan, life->plan_size - 1, &nothing, NOW));
	life_end(life);
}

/* An open transaction is taken back, if its record can be true. */
static void a_transaction_is_rolled_back(void **state)
{
	struct life *life = up();
	struct plan_undo undo = {0};
	struct slot *s = table_slot(&life->plan->table, RESPAWN);
	pid_t pid = s->pid;

	(void)state;
	plan_begin(life->plan, RESPAWN, &undo);
	s->pid = -1;
	life->plan->phase = PHASE_COUNT;
	assert_true(plan_recover(life->plan, life->plan_size, &undo, NOW));
	assert_int_equal(s->pid, pid);
	assert_int_equal(undo.sequence & 1, 0);
	plan_begin(life->plan, RESPAWN, &undo);
	undo.slot = SLOTS;
	assert_false(plan_recover(life->plan, life->plan_size, &undo, NOW));
	life_end(life);
}

static bool knows(struct life *life, enum step_kind kind, uint32_t slot,
		  pid_t pid)
{
	const struct step step = {.kind = kind, .slot = slot};

	return plan_knows_child(life->plan, &step, pid);
}

/* A pid that the kernel has written, and the step that it was written for. */
static void a_child_is_known_or_new(void **state)
{
	struct life *life = reading();
	pid_t pid = table_slot(&life->plan->table, RESPAWN)->pid;

	(void)state;
	assert_true(knows(life, STEP_START, CTRLALTDEL, 1));
	assert_true(knows(life, STEP_START, CTRLALTDEL, pid));
	assert_false(knows(life, STEP_START, CTRLALTDEL, 9999));
	assert_true(knows(life, STEP_START, RESPAWN, 9999)); /* has another */
	assert_true(knows(life, STEP_START, 0, 9999));
	assert_true(knows(life, STEP_START, SLOTS, 9999));
	assert_true(knows(life, STEP_SLEEP, CTRLALTDEL, 9999));
	assert_true(knows(life, STEP_TASK, 0, life->plan->file_child));
	assert_false(knows(life, STEP_TASK, 0, 9999));
	life_end(life);
	life = unmounting();
	assert_true(knows(life, STEP_TASK, 0, life->plan->task));
	life_end(life);
}

/* In place of a plan that was lost: what runs once is not run again. */
static void a_new_plan_starts_in_run(void **state)
{
	struct life *life = life_begin_unread(inittab, true);

	(void)state;
	plan_reset_to_run(life->plan, 0);
	life_run(life, NOW);
	assert_string_equal(life_trace(life), "0 reload\n"
					      "0 start r\n"
					      "0 start x\n");
	assert_int_equal(life->plan->phase, PHASE_RUN);
	life_reload(life, inittab);
	life_run(life, NOW);
	assert_string_equal(life_trace(life), "5000 reload\n");
	life_end(life);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_plans_are_accepted),
		cmocka_unit_test(each_damage_is_noticed),
		cmocka_unit_test(a_task_is_no_entry_of_the_table),
		cmocka_unit_test(what_is_too_small_is_no_plan),
		cmocka_unit_test(a_transaction_is_rolled_back),
		cmocka_unit_test(a_child_is_known_or_new),
		cmocka_unit_test(a_new_plan_starts_in_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
