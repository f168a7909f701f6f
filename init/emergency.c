#define _GNU_SOURCE /* environ */

#include "emergency.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "format.h"
#include "kernel.h"
#include "log.h"
#include "mount.h"
#include "plan.h"
#include "process.h"
#include "request.h"
#include "signals.h"
#include "spawn.h"
#include "tty.h"

/* ms: between two messages; before it begins anew; between two shells; for
 * everybody to end when told, when killed; for the disks */
#define SAY_APART 60000
#define ANEW_AFTER 1000
#define SHELL_APART 1000
#define END_WAIT 5000
#define DISKS_WAIT 60000

/* In memory that outlives longjmp(). */
static jmp_buf anew;
static bool is_running;
static bool is_machine;
static bool are_more; /* ended children may be left */
static pid_t shell;
static int64_t shell_due, say_due;
static int fault; /* signal of the last one, and where it was */
static uintptr_t fault_at;

static void start_shell(void)
{
	const struct spawn spawn = {
		.tty = "",
		.console = "",
		.command = "-/bin/sh",
		.is_shell = true,
		.machine = is_machine,
		.environment = environ,
		.runlevel = "",
	};

	shell_due = event_now() + SHELL_APART;
	if (spawn_entry(&spawn, &shell) < 0)
		shell = 0;
}

/* Takes all children that have ended. True: none is left. */
static bool reap(void)
{
	siginfo_t exited;
	enum reaped reaped = REAPED_ONE;

	for (int i = 0; i < EVENT_REAP_AT_ONCE && reaped == REAPED_ONE; i++) {
		reaped = event_reap(&exited, 0);
		if (reaped == REAPED_ONE && exited.si_pid == shell)
			shell = 0;
	}
	are_more = reaped == REAPED_ONE;
	return reaped == REAPED_ALONE;
}

static void wait_for_all(int64_t wait)
{
	int64_t until = event_now() + wait;
	siginfo_t ignored;

	while (!reap() && event_now() < until)
		(void)event_wait(until, &ignored);
}

/* For a child. */
static int leave_disks(const void *unused)
{
	struct mount_line line = {0};

	(void)machine_sync(unused);
	do {
		mount_find(MOUNT_MOUNTS, line.number, &line);
		if (line.number)
			(void)mount_unmount(&line);
	} while (line.number);
	return 0;
}

static void end(enum ending ending)
{
	const struct spawn unguarded = {0};
	pid_t pid;

	machine_signal_everyone(SIGTERM);
	wait_for_all(END_WAIT);
	machine_signal_everyone(SIGKILL);
	wait_for_all(END_WAIT);
	if (is_machine)
		(void)spawn_task(&unguarded, leave_disks, NULL, &pid);
	wait_for_all(DISKS_WAIT);
	if (spawn_task(&unguarded, machine_end, &ending, &pid) < 0)
		(void)machine_end(&ending);
	wait_for_all(END_WAIT);
	if (!is_machine) /* its end can't be had */
		_exit(EXIT_SUCCESS);
}

static void say(void)
{
	char number[KMSG_NUMBER], address[KMSG_NUMBER];

	say_due = event_now() + SAY_APART;
	kmsg_say(is_machine, KMSG_ERROR, "can't go on after signal ",
		 kmsg_number(number, fault), " at 0x",
		 kmsg_address(address, fault_at),
		 ": a shell, poweroff, reboot and halt are all that is left",
		 NULL);
}

static void go_on(void)
{
	int64_t due = shell ? say_due : shell_due;
	siginfo_t arrived;
	int signal = event_wait(are_more ? 0 : due, &arrived);
	enum ending ending =
		signal == SIGINT ? ENDING_REBOOT : plan_ending_of(signal);

	(void)reap();
	if (ending && ending != ENDING_RESTART)
		end(ending);
	if (!shell && event_now() >= shell_due)
		start_shell();
	if (event_now() >= say_due)
		say();
}

_Noreturn void smallest_loop(int signal, uintptr_t at)
{
	fault = signal;
	fault_at = at;
	if (is_running)
		longjmp(anew, 1);
	if (setjmp(anew) == 0) {
		is_running = true;
		is_machine = machine_take_ctrlaltdel();
	} else {
		(void)poll(NULL, 0, ANEW_AFTER);
	}
	for (;;)
		go_on();
}
