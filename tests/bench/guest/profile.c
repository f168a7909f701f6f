/* Looks at a process by ptrace(2), on its own CPU clock. */

#include "profile.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tell.h"

#define CALLS 512    /* more than any number of a system call */
#define SAMPLES 1000 /* calls of the calibration */
#define PROMPT "login: "
#define LOOK 20000 /* us between two looks at the deadline */

struct profile {
	long long user;		 /* ns between calls */
	long long kernel[CALLS]; /* ns in them */
	long count[CALLS];
	long long last; /* the process's CPU time at its last stop */
	int inside;	/* it stopped last as it entered a call */
};

/* Answers at each stop of a call whether to go on. */
typedef int (*stop_fn)(struct profile *profile, pid_t pid);

/* Whether to go on although no stop comes: asked whenever a signal comes. */
typedef int (*wait_fn)(void);

static int note(struct profile *profile, pid_t pid)
{
	struct user_regs_struct registers;
	long long cpu = cpu_of(pid);
	unsigned long call;

	ptrace(PTRACE_GETREGS, pid, 0, &registers);
	call = registers.orig_rax < CALLS ? registers.orig_rax : CALLS - 1;
	if (profile->inside) {
		profile->kernel[call] += cpu - profile->last;
		profile->count[call]++;
	} else {
		profile->user += cpu - profile->last;
	}
	profile->inside = !profile->inside;
	profile->last = cpu;
	return 1;
}

static int await_stop(pid_t pid, wait_fn waits)
{
	int status;

	while (waitpid(pid, &status, __WALL) != pid)
		if (errno != EINTR || (waits && !waits()))
			return -1;
	return WIFSTOPPED(status) ? status : -1;
}

/* Lets the process run from stop to stop, and passes its signals on. It goes on
 * alone when this process ends. */
static void follow(struct profile *profile, pid_t pid, stop_fn stopped,
		   wait_fn waits)
{
	int number = 0;

	profile->last = cpu_of(pid);
	while (ptrace(PTRACE_SYSCALL, pid, 0, number) == 0) {
		int status = await_stop(pid, waits);

		if (status < 0)
			return;
		number = 0;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			if (!stopped(profile, pid))
				break;
		} else if (status >> 16 == 0) {
			number = WSTOPSIG(status);
		}
	}
	ptrace(PTRACE_DETACH, pid, 0, 0);
}

static int attach(pid_t pid)
{
	int status;

	return ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD) != 0 ||
	       ptrace(PTRACE_INTERRUPT, pid, 0, 0) != 0 ||
	       waitpid(pid, &status, __WALL) != pid;
}

/* What being traced costs: a process that makes calls, and nothing else. */
static void calibrate(struct profile *profile)
{
	int pipes[2];
	char byte;
	pid_t pid;

	(void)!pipe(pipes);
	pid = fork();
	if (pid == 0) {
		close(pipes[1]);
		(void)!read(pipes[0], &byte, 1);
		for (int i = 0; i < SAMPLES; i++)
			syscall(SYS_getppid);
		_exit(0);
	}
	attach(pid);
	close(pipes[1]);
	close(pipes[0]);
	follow(profile, pid, note, NULL);
}

static void tell_profile(const struct profile *profile,
			 const struct profile *plain)
{
	long long each = plain->kernel[SYS_getppid] / SAMPLES;
	long long between = plain->user / SAMPLES, kernel = 0;
	long calls = 0;

	for (int call = 0; call < CALLS; call++) {
		long long corrected =
			profile->kernel[call] - profile->count[call] * each;

		if (profile->count[call] == 0)
			continue;
		if (corrected < 0)
			corrected = 0;
		tell("call number=%d count=%ld ns=%lld", call,
		     profile->count[call], corrected);
		kernel += corrected;
		calls += profile->count[call];
	}
	tell("profile user_ns=%lld kernel_ns=%lld calls=%ld call_ns=%lld "
	     "between_ns=%lld",
	     profile->user - calls * between, kernel, calls, each, between);
}

static long long deadline; /* of the profile; 0 while there is no getty */
static long long grace;

static int goes_on(void)
{
	if (deadline == 0 && access(GETTY_UP, F_OK) == 0)
		deadline = now() + grace;
	return deadline == 0 || now() < deadline;
}

static int note_init(struct profile *profile, pid_t pid)
{
	note(profile, pid);
	return goes_on();
}

static void wake(int number)
{
	(void)number;
}

/* An init that sleeps makes no stop, so a timer has the deadline looked at. */
static void watch_init(pid_t pid, int ready)
{
	static struct profile profile, plain;
	struct itimerval timer = {{0, LOOK}, {0, LOOK}};
	struct sigaction action = {.sa_handler = wake};

	calibrate(&plain);
	(void)!attach(pid);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	close(ready);
	follow(&profile, pid, note_init, goes_on);
	tell_profile(&profile, &plain);
}

static int note_prompt(struct profile *profile, pid_t pid)
{
	struct user_regs_struct registers;
	char text[sizeof(long) + 1] = "";
	long word;

	profile->inside = !profile->inside;
	ptrace(PTRACE_GETREGS, pid, 0, &registers);
	if (profile->inside || registers.orig_rax != SYS_write ||
	    registers.rdx < sizeof word)
		return 1;
	word = ptrace(PTRACE_PEEKDATA, pid,
		      registers.rsi + registers.rdx - sizeof word, 0);
	memcpy(text, &word, sizeof word);
	if (!strstr(text, PROMPT))
		return 1;
	tell("prompt ns=%lld", now());
	return 0;
}

static void watch_getty(pid_t pid, int ready)
{
	struct profile profile = {.inside = 0};

	(void)!attach(pid);
	close(ready);
	follow(&profile, pid, note_prompt, NULL);
}

/* The caller goes on when the tracer closes its end of the pipe. */
static void watch(void (*watcher)(pid_t, int))
{
	pid_t traced = getpid(), pid;
	int pipes[2];
	char byte;

	(void)!pipe(pipes);
	pid = fork();
	if (pid == 0) {
		close(pipes[0]);
		setsid();
		watcher(traced, pipes[1]);
		_exit(0);
	}
	close(pipes[1]);
	while (read(pipes[0], &byte, 1) < 0 && errno == EINTR)
		;
	close(pipes[0]);
}

void profile_init(int seconds)
{
	grace = seconds * SECOND;
	watch(watch_init);
}

void profile_prompt(void)
{
	watch(watch_getty);
}
