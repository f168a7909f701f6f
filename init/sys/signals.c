#define _GNU_SOURCE /* syscall, _NSIG */

#include "signals.h"

#include <stddef.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "types.h"

#define NS_PER_MS 1000000
#define NS_PER_US 1000
#define MS_PER_S 1000

/* A set of signals is 64 bits for the kernel. The C library's own is larger,
 * and filled signal by signal. */
#define BIT(signal) (UINT64_C(1) << ((signal)-1))

/* A fault must not find its signal blocked: the kernel would end PID 1. */
#define FAULTS                                                                 \
	(BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGILL) | BIT(SIGFPE) |              \
	 BIT(SIGABRT) | BIT(SIGTRAP) | BIT(SIGSYS))

/* 32 to 34: the C library wants them for itself. */
#define LIBRARY (7 * BIT(32))

static const uint64_t blocked = ~(FAULTS | LIBRARY);

static void set_mask(uint64_t mask)
{
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL,
		      sizeof(mask));
}

void event_mask(void)
{
	set_mask(blocked);
}

void event_default(int signal)
{
	const struct sigaction by_default = {.sa_handler = SIG_DFL};

	(void)sigaction(signal, &by_default, NULL);
}

void event_block(void)
{
	event_mask();
	for (int signal = 1; signal < _NSIG; signal++)
		if (!(FAULTS & BIT(signal)))
			event_default(signal);
}

void event_unblock(void)
{
	set_mask(0);
}

static int64_t now_ns(void)
{
	struct timespec now;

	/* clock_gettime(2); the C library's knows how to do it without a
	 * system call, for 1 kB */
	(void)syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return now.tv_sec * (int64_t)MS_PER_S * NS_PER_MS + now.tv_nsec;
}

int64_t event_now_us(void)
{
	return now_ns() / NS_PER_US;
}

int64_t event_now(void)
{
	return now_ns() / NS_PER_MS;
}

int event_wait(int64_t until, siginfo_t *arrived)
{
	struct timespec left = {0, 0};
	int64_t ns = until == FOREVER ? 0 : until * NS_PER_MS - now_ns();
	long signal;

	if (ns > 0) {
		left.tv_sec = ns / NS_PER_MS / MS_PER_S;
		left.tv_nsec = ns % ((int64_t)MS_PER_S * NS_PER_MS);
	}
	signal = syscall(SYS_rt_sigtimedwait, &blocked, arrived,
			 until == FOREVER ? NULL : &left, sizeof(blocked));
	return signal > 0 ? (int)signal : 0;
}

enum reaped event_reap(siginfo_t *exited, pid_t told)
{
	if (waitid(told ? P_PID : P_ALL, (id_t)told, exited,
		   WEXITED | WNOHANG) != 0)
		return REAPED_ALONE;
	return exited->si_pid ? REAPED_ONE : REAPED_NONE;
}

int event_status(const siginfo_t *exited)
{
	if (exited->si_code == CLD_EXITED)
		return exited->si_status << 8; /* WEXITSTATUS */
	return exited->si_status;	       /* WTERMSIG */
}
