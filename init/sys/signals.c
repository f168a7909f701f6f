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

/* A set of signals as the kernel takes it (bytes); the C library's is larger.
 */
#define SET_SIZE (_NSIG / 8)

/* A fault must not find its signal blocked: the kernel would end PID 1. */
static const uint8_t faults[] = {SIGSEGV, SIGBUS,  SIGILL, SIGFPE,
				 SIGABRT, SIGTRAP, SIGSYS};

static bool is_fault(int signal)
{
	for (size_t i = 0; i < sizeof(faults); i++)
		if (faults[i] == signal)
			return true;
	return false;
}

/* All but those of a fault, and those that the C library wants for itself. */
static sigset_t blocked(void)
{
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < sizeof(faults); i++)
		sigdelset(&set, faults[i]);
	return set;
}

void signals_block(void)
{
	const sigset_t set = blocked();

	(void)sigprocmask(SIG_SETMASK, &set, NULL);
}

/* By system call, since the C library refuses its own signals, 32 to 34. With
 * all fields 0, struct sigaction of every kernel is the default. */
void signal_reset(int signal)
{
	static const unsigned long by_default[8];

	(void)syscall(SYS_rt_sigaction, signal, by_default, NULL, SET_SIZE);
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
 * By system call: the C library's begins the whole wait anew after EINTR, which
 * comes without any signal when a process is stopped and goes on, is traced, or
 * is frozen (a container that is paused, a machine that sleeps).
 */
int signals_wait(int64_t until, siginfo_t *arrived)
{
	const struct timespec left = clock_left(until);
	const sigset_t set = blocked();
	long signal = syscall(SYS_rt_sigtimedwait, &set, arrived,
			      until == FOREVER ? NULL : &left, SET_SIZE);

	return signal > 0 ? (int)signal : 0;
}

enum reaped reap_child(siginfo_t *exited, pid_t told)
{
	if (waitid(told ? P_PID : P_ALL, (id_t)told, exited,
		   WEXITED | WNOHANG) != 0)
		return REAPED_NO_CHILDREN;
	return exited->si_pid ? REAPED_ONE : REAPED_NONE;
}

int wait_status(const siginfo_t *exited)
{
	if (exited->si_code == CLD_EXITED)
		return exited->si_status << 8; /* WEXITSTATUS */
	return exited->si_status;	       /* WTERMSIG */
}
