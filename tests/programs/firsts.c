/*
 * The first program of a machine, when its init is to be counted: as PID 1 it
 * becomes /sbin/init, and tells what comes of that on the console.
 *
 *   COUNT=calls  the system calls of init before its first fork, by number:
 *                "firsts: 169 262 165"
 *   COUNT=time   what init starts as /firsts says when that was, since the
 *                exec of init, by the clock of rdtsc: "firsts: 1234567"
 */
#define _GNU_SOURCE /* environ */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define INIT 1 /* its pid */

static unsigned long clock_now(void)
{
	unsigned low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (unsigned long)high << 32 | low;
}

static void trace(int request, unsigned long data)
{
	if (ptrace(request, INIT, NULL, data) != 0) {
		printf("firsts: ptrace: %s\n", strerror(errno));
		exit(1);
	}
}

/* Goes on to the next stop. Returns the number of the system call that begins
 * or ends there; -1: it is another stop. */
static long to_call(void)
{
	struct user_regs_struct registers;
	int status;

	trace(PTRACE_SYSCALL, 0);
	waitpid(INIT, &status, __WALL);
	if (WSTOPSIG(status) != (SIGTRAP | 0x80))
		return -1;
	trace(PTRACE_GETREGS, (unsigned long)&registers);
	return (long)registers.orig_rax;
}

static void tell_calls(void)
{
	long call = to_call();

	printf("firsts:");
	while (call != SYS_clone && call != SYS_fork && call != SYS_vfork) {
		if (call >= 0) {
			printf(" %ld", call);
			to_call(); /* its end */
		}
		call = to_call();
	}
	trace(PTRACE_DETACH, 0);
	printf("\n");
	fflush(stdout);
}

/* Traces who waits in read(2) for as long as the pipe is open. */
static void follow(int pipe[2])
{
	int status;

	trace(PTRACE_SEIZE, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC);
	close(pipe[0]);
	close(pipe[1]);
	do {
		waitpid(INIT, &status, __WALL);
		if (status >> 16 != PTRACE_EVENT_EXEC)
			trace(PTRACE_CONT, 0);
	} while (status >> 16 != PTRACE_EVENT_EXEC);
	to_call(); /* the end of execve(2) */
	tell_calls();
}

static void count_calls(void)
{
	int ends[2];
	char byte;

	if (pipe(ends) != 0)
		return;
	if (fork() == 0) {
		follow(ends);
		exit(0);
	}
	close(ends[1]);
	(void)!read(ends[0], &byte, 1);
	close(ends[0]);
}

int main(void)
{
	unsigned long now = clock_now();
	const char *what = getenv("COUNT"), *began = getenv("BEGAN");
	char text[32];

	if (getpid() != INIT) {
		printf("firsts: %lu\n", now - strtoul(began, NULL, 10));
		fflush(stdout);
		pause();
	}
	if (what && strcmp(what, "calls") == 0)
		count_calls();
	snprintf(text, sizeof(text), "%lu", clock_now());
	setenv("BEGAN", text, 1);
	execl("/sbin/init", "init", NULL);
	return 1;
}
