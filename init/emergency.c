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
		.is_machine = is_machine,
		.environment = environ,
		.runlevel = "",
	};

	shell_due = clock_ms() + SHELL_APART;
	if (spawn_entry(&spawn, &shell) < 0)
		shell = 0;
}

/* Takes all children that have ended. True: none is left. */
static bool reap(void)
{
	siginfo_t exited;
	enum reaped reaped = REAPED_ONE;

	for (int i = 0; i < REAP_BATCH && reaped == REAPED_ONE; i++) {
		reaped = reap_child(&exited, 0);
		if (reaped == REAPED_ONE && exited.si_pid == shell)
			shell = 0;
	}
	are_more = reaped == REAPED_ONE;
	return reaped == REAPED_NO_CHILDREN;
}

static void wait_for_all(int64_t wait)
{
	int64_t until = clock_ms() + wait;
	siginfo_t ignored;

	while (!reap() && clock_ms() < until)
		(void)signals_wait(until, &ignored);
}

/* For a child. */
static int leave_disks(const void *unused)
{
	struct mount_line line = {0};

	(void)kernel_sync(unused);
	do {
		mount_find_last(MOUNT_MOUNTS, line.number, &line);
		if (line.number)
			(void)mount_release(&line);
	} while (line.number);
	return 0;
}

static void end(enum shutdown_kind ending)
{
	const struct spawn unguarded = {0};
	pid_t pid;

	signal_all(SIGTERM);
	wait_for_all(END_WAIT);
	signal_all(SIGKILL);
	wait_for_all(END_WAIT);
	if (is_machine)
		(void)spawn_task(&unguarded, leave_disks, NULL, &pid);
	wait_for_all(DISKS_WAIT);
	if (spawn_task(&unguarded, kernel_reboot, &ending, &pid) < 0)
		(void)kernel_reboot(&ending);
	wait_for_all(END_WAIT);
	if (!is_machine) /* its end can't be had */
		_exit(EXIT_SUCCESS);
}

static void say(void)
{
	char number[FORMAT_SIZE], address[FORMAT_SIZE];

	say_due = clock_ms() + SAY_APART;
	log_line(is_machine, LOG_ERROR, "can't go on after signal ",
		 format_decimal(number, fault), " at 0x",
		 format_hex(address, fault_at),
		 ": a shell, poweroff, reboot and halt are all that is left",
		 NULL);
}

static void go_on(void)
{
	int64_t due = shell ? say_due : shell_due;
	siginfo_t arrived;
	int signal = signals_wait(are_more ? 0 : due, &arrived);
	enum shutdown_kind ending = signal == SIGINT
					    ? SHUTDOWN_REBOOT
					    : shutdown_kind_of_signal(signal);

	(void)reap();
	if (ending && ending != SHUTDOWN_RESTART)
		end(ending);
	if (!shell && clock_ms() >= shell_due)
		start_shell();
	if (clock_ms() >= say_due)
		say();
}

_Noreturn void emergency_loop(int signal, uintptr_t at)
{
	fault = signal;
	fault_at = at;
	if (is_running)
		longjmp(anew, 1);
	if (setjmp(anew) == 0) {
		is_running = true;
		is_machine = cad_disable();
	} else {
		(void)poll(NULL, 0, ANEW_AFTER);
	}
	for (;;)
		go_on();
}
