#define _GNU_SOURCE /* sigtimedwait, _NSIG */

#include "event.h"

#include <stddef.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "entry.h"

#define NS_PER_MS 1000000
#define MS_PER_S 1000

/* A fault must not find its signal blocked: the kernel would end PID 1. */
static void fill_blocked(sigset_t *set)
{
	static const int faults[] = {SIGSEGV, SIGBUS,  SIGILL, SIGFPE,
				     SIGABRT, SIGTRAP, SIGSYS};

	sigfillset(set);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(set, faults[i]);
}

void event_block(void)
{
	/* the kernel's struct sigaction, larger than it is anywhere; all zero
	 * is SIG_DFL */
	static const long by_default[8];
	sigset_t set;

	fill_blocked(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	for (int signal = 1; signal < _NSIG; signal++)
		(void)syscall(SYS_rt_sigaction, signal, by_default, NULL,
			      _NSIG / 8); /* sigaction() keeps 32-34 */
}

void event_unblock(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static int64_t now_ns(void)
{
	struct timespec now;

	/* clock_gettime(2); the C library's knows how to do it without a
	 * system call, for 1 kB */
	(void)syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return now.tv_sec * (int64_t)MS_PER_S * NS_PER_MS + now.tv_nsec;
}

int64_t event_now(void)
{
	return now_ns() / NS_PER_MS;
}

int event_wait(int64_t until, siginfo_t *arrived)
{
	struct timespec left = {0, 0};
	sigset_t set;
	int64_t ns = until == FOREVER ? 0 : until * NS_PER_MS - now_ns();
	int signal;

	fill_blocked(&set);
	if (ns > 0) {
		left.tv_sec = ns / NS_PER_MS / MS_PER_S;
		left.tv_nsec = ns % ((int64_t)MS_PER_S * NS_PER_MS);
	}
	signal = sigtimedwait(&set, arrived, until == FOREVER ? NULL : &left);
	return signal > 0 ? signal : 0;
}

enum reaped event_reap(siginfo_t *exited)
{
	if (waitid(P_ALL, 0, exited, WEXITED | WNOHANG) != 0)
		return REAPED_ALONE;
	return exited->si_pid ? REAPED_ONE : REAPED_NONE;
}

int event_status(const siginfo_t *exited)
{
	if (exited->si_code == CLD_EXITED)
		return exited->si_status << 8; /* WEXITSTATUS */
	return exited->si_status;	       /* WTERMSIG */
}
