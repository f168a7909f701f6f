#define _GNU_SOURCE /* syscall, _NSIG */

#include "signals.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "types.h"

/* The kernel's signal set (bytes). The sigset_t of the C library is larger. */
#define SET_SIZE (_NSIG / 8)

/* Signals of a fault, never blocked: if the signal of a fault is blocked, the
 * kernel kills PID 1 (Linux, kernel/signal.c, force_sig_info_to_task()). */
static const uint8_t faults[] = {SIGSEGV, SIGBUS,  SIGILL, SIGFPE,
				 SIGABRT, SIGTRAP, SIGSYS};

static bool is_fault(int signal)
{
	for (size_t i = 0; i < sizeof(faults); i++)
		if (faults[i] == signal)
			return true;
	return false;
}

/* All signals except those of a fault; sigfillset(3) leaves out those that the
 * C library reserves. */
static sigset_t signals_to_block(void)
{
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < sizeof(faults); i++)
		sigdelset(&set, faults[i]);
	return set;
}

void signals_block(void)
{
	const sigset_t set = signals_to_block();

	(void)sigprocmask(SIG_SETMASK, &set, NULL);
}

/* By system call, since sigaction(3) refuses the signals that the C library
 * reserves, 32 to 34. All bytes 0 is the default disposition in the struct
 * sigaction of every architecture. */
void signal_reset(int signal)
{
	static const unsigned long default_action[8];

	(void)syscall(SYS_rt_sigaction, signal, default_action, NULL, SET_SIZE);
}

void signals_init(void)
{
	signals_block();
	for (int signal = 1; signal < _NSIG; signal++)
		if (!is_fault(signal))
			signal_reset(signal);
}

void signals_handle_faults(void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = {
		.sa_sigaction = handler,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART,
	};

	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(faults); i++)
		(void)sigaction(faults[i], &action, NULL);
}

void signals_unblock(void)
{
	sigset_t none;

	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/*
 * By system call, since sigtimedwait(3) of the C library begins the whole wait
 * anew after EINTR. The kernel returns EINTR without a signal when a process is
 * stopped and continued, traced, or frozen (a paused container, a suspended
 * machine).
 */
int signals_wait(int64_t until, siginfo_t *arrived)
{
	const struct timespec left = clock_left(until);
	const sigset_t set = signals_to_block();
	long signal = syscall(SYS_rt_sigtimedwait, &set, arrived,
			      until == FOREVER ? NULL : &left, SET_SIZE);

	return signal > 0 ? (int)signal : 0;
}

enum reaped reap_child(siginfo_t *exited, pid_t pid)
{
	if (waitid(pid ? P_PID : P_ALL, (id_t)pid, exited, WEXITED | WNOHANG) !=
	    0)
		return REAPED_NO_CHILDREN;
	return exited->si_pid ? REAPED_ONE : REAPED_NONE;
}

int wait_status(const siginfo_t *exited)
{
	if (exited->si_code == CLD_EXITED)
		return exited->si_status << 8; /* WEXITSTATUS */
	return exited->si_status;	       /* WTERMSIG */
}
