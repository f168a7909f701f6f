#define _GNU_SOURCE /* environ */

#include "emergency.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "format_number.h"
#include "kernel.h"
#include "log.h"
#include "mount.h"
#include "plan.h"
#include "process.h"
#include "shutdown_kind.h"
#include "signals.h"
#include "spawn.h"
#include "tty.h"

/* Intervals and time limits, in ms. */
#define MESSAGE_INTERVAL 60000
#define SHELL_INTERVAL 1000
#define RETRY_AFTER_FAULT 1000
#define END_TIMEOUT 5000 /* after SIGTERM, after SIGKILL, and for reboot(2) */
#define DISKS_TIMEOUT 60000

/* Static, because longjmp() leaves automatic variables undefined. start_over is
 * the start of the loop; shell is the shell's pid, 0: none. Times in ms. */
static jmp_buf start_over;
static bool is_running;
static bool is_machine;
static bool unreaped; /* children may have ended that were not reaped */
static pid_t shell;
static int64_t shell_due, message_due;
static int fault_signal;
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

	shell_due = clock_ms() + SHELL_INTERVAL;
	if (spawn_entry(&spawn, &shell) < 0)
		shell = 0;
}

/* Returns whether no child is left. */
static bool reap_children(void)
{
	siginfo_t child;
	enum reaped reaped = REAPED_ONE;

	for (int i = 0; i < REAP_BATCH && reaped == REAPED_ONE; i++) {
		reaped = reap_child(&child, 0);
		if (reaped == REAPED_ONE && child.si_pid == shell)
			shell = 0;
	}
	unreaped = reaped == REAPED_ONE;
	return reaped == REAPED_NO_CHILDREN;
}

static void wait_for_children(int64_t timeout)
{
	int64_t until = clock_ms() + timeout;
	siginfo_t ignored;

	while (!reap_children() && clock_ms() < until)
		(void)signals_wait(until, &ignored);
}

/* Run by a child: syncs, then releases every mount, the last one first. */
static int release_disks(const void *unused)
{
	const struct mount_release all = {.list = MOUNT_MOUNTS};

	(void)kernel_sync(unused);
	return mount_release_all(&all);
}

static void shut_down(enum shutdown_kind kind)
{
	const struct spawn no_state = {0};
	pid_t pid;

	signal_all(SIGTERM);
	wait_for_children(END_TIMEOUT);
	signal_all(SIGKILL);
	wait_for_children(END_TIMEOUT);
	if (is_machine)
		(void)spawn_task(&no_state, release_disks, NULL, &pid);
	wait_for_children(DISKS_TIMEOUT);
	if (spawn_task(&no_state, kernel_reboot, &kind, &pid) < 0)
		(void)kernel_reboot(&kind);
	wait_for_children(END_TIMEOUT);
	if (!is_machine) /* a container that reboot(2) does not end */
		_exit(EXIT_SUCCESS);
}

static void log_fault(void)
{
	char number[FORMAT_SIZE], address[FORMAT_SIZE];

	message_due = clock_ms() + MESSAGE_INTERVAL;
	log_line(is_machine, LOG_ERROR, "can't continue after signal ",
		 format_decimal(number, fault_signal), " at 0x",
		 format_hex(address, fault_at),
		 ": only a shell, poweroff, reboot and halt are left", NULL);
}

static void serve(void)
{
	int64_t due = shell ? message_due : shell_due;
	siginfo_t info;
	int signal = signals_wait(unreaped ? 0 : due, &info);
	enum shutdown_kind kind = signal == SIGINT
					  ? SHUTDOWN_REBOOT
					  : shutdown_kind_of_signal(signal);

	(void)reap_children();
	if (kind && kind != SHUTDOWN_RESTART)
		shut_down(kind);
	if (!shell && clock_ms() >= shell_due)
		start_shell();
	if (clock_ms() >= message_due)
		log_fault();
}

_Noreturn void emergency_loop(int signal, uintptr_t at)
{
	fault_signal = signal;
	fault_at = at;
	if (is_running)
		longjmp(start_over, 1);
	if (setjmp(start_over) == 0) {
		is_running = true;
		is_machine = cad_disable();
	} else {
		(void)poll(NULL, 0, RETRY_AFTER_FAULT);
	}
	for (;;)
		serve();
}
