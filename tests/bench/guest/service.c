/* What init runs, and what is done to it. */

#include "service.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tell.h"

#define RECORD 64
#define RECORD_PAUSE 5000000   /* ns between two records */
#define LOOK 200000	       /* ns between two looks at a file, at first */
#define RARE_LOOK 20000000     /* and after a while */
#define PATIENCE (40 * SECOND) /* after a fault sysvinit sleeps for 30 */
#define LONG_PATIENCE (300 * SECOND) /* for very many entries */
#define FAILURES "/run/h.fail"
#define MOST_FAILURES 4096
#define FREE_SLOTS 30 /* task slots that are left before they are taken */
#define THREADS_MAX "/proc/sys/kernel/threads-max"

static void path_of(char *path, size_t size, const char *name)
{
	snprintf(path, size, "/run/h.svc.%s", name);
}

/* The pid of a service and when it started; 0 when it has not yet. */
static pid_t started(const char *name, long long *when)
{
	char path[64], text[64];
	int pid;

	path_of(path, sizeof path, name);
	if (slurp(path, text, sizeof text) <= 0 ||
	    sscanf(text, "%d %lld", &pid, when) != 2)
		return 0;
	return pid;
}

/* Waits until the service has another pid than old; when it started, or -1. It
 * has said when itself, so looks may become rare: under icount each takes time.
 */
static long long await(const char *name, pid_t old, long long deadline)
{
	long long pause = LOOK;

	do {
		long long when;
		pid_t pid = started(name, &when);

		if (pid != 0 && pid != old)
			return when;
		nap(pause);
		if (pause < RARE_LOOK)
			pause *= 2;
	} while (now() < deadline);
	return -1;
}

int service_run(const char *name)
{
	char path[64], text[64];

	snprintf(text, sizeof text, "%d %lld\n", getpid(), now());
	path_of(path, sizeof path, name);
	put(path, text);
	for (;;)
		pause();
}

static volatile sig_atomic_t signalled;

static void hear(int number)
{
	signalled = number;
}

int service_slow(int seconds)
{
	struct sigaction action = {.sa_handler = hear};

	sigaction(SIGTERM, &action, NULL);
	put("/run/h.svc.slow", "1 1\n");
	while (!signalled)
		pause();
	mark("slow signalled");
	nap(seconds * SECOND);
	mark("slow saved");
	return 0;
}

int service_writer(const char *name, const char *path)
{
	char record[RECORD + 1];
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return 1;
	for (int i = 0;; i++) {
		snprintf(record, sizeof record, "%062d\n", i);
		record[RECORD - 1] = '\n';
		if (write(fd, record, RECORD) != RECORD)
			return 1;
		tell("wrote %s=%d", name, i);
		nap(RECORD_PAUSE);
	}
}

int service_fail(void)
{
	char line[64];
	int length =
		snprintf(line, sizeof line, "%lld %lld\n", now(), cpu_of(1));
	int fd = open(FAILURES, O_WRONLY | O_CREAT | O_APPEND, 0644);

	(void)!write(fd, line, (size_t)length);
	return 1;
}

int service_up(const char *name)
{
	while (access(GETTY_UP, F_OK) != 0)
		nap(RARE_LOOK);
	return await(name, 0, now() + LONG_PATIENCE) < 0;
}

int service_kill(const char *name, int times, int seconds)
{
	for (int i = 0; i < times; i++) {
		long long begin, when;
		pid_t pid = started(name, &when);

		nap(seconds * SECOND);
		begin = now();
		if (pid == 0 || kill(pid, SIGKILL) != 0)
			return 1;
		when = await(name, pid, begin + PATIENCE);
		tell("respawn ns=%lld", when < 0 ? -1 : when - begin);
		if (when < 0)
			return 1;
	}
	return 0;
}

/* Each failure as a pair: when, and PID 1's CPU time then. */
static int read_failures(long long (*failures)[2])
{
	FILE *file = fopen(FAILURES, "r");
	int count = 0;

	if (!file)
		return 0;
	while (count < MOST_FAILURES &&
	       fscanf(file, "%lld %lld", &failures[count][0],
		      &failures[count][1]) == 2)
		count++;
	fclose(file);
	return count;
}

static int within(long long (*failures)[2], int count, int seconds)
{
	int found = 0;

	while (found < count &&
	       failures[found][0] - failures[0][0] < seconds * SECOND)
		found++;
	return found;
}

int service_storm(int seconds)
{
	static long long failures[MOST_FAILURES][2];
	int count = read_failures(failures);
	long long cpu;

	if (count > 0)
		nap(failures[0][0] + seconds * SECOND - now());
	cpu = cpu_of(1);
	count = read_failures(failures);
	tell("storm first_10s=%d all=%d cpu_ns=%lld",
	     within(failures, count, 10), within(failures, count, seconds),
	     cpu - failures[0][1]);
	return count == 0;
}

int service_reload(const char *name)
{
	long long cpu = cpu_of(1), start = now(), when;

	kill(1, SIGHUP);
	when = await(name, 0, start + LONG_PATIENCE);
	nap(SECOND / 10);
	tell("reload ns=%lld cpu_ns=%lld", when < 0 ? -1 : when - start,
	     cpu_of(1) - cpu);
	return when < 0;
}

static void allow_tasks(int count)
{
	char text[32];
	int fd = open(THREADS_MAX, O_WRONLY | O_CLOEXEC);

	snprintf(text, sizeof text, "%d\n", count);
	(void)!write(fd, text, strlen(text));
	close(fd);
}

/* Takes a slot until the other end of the pipe is closed. */
static int hold(const int pipes[2])
{
	pid_t pid = fork();
	char byte;

	if (pid == 0) {
		close(pipes[1]);
		(void)!read(pipes[0], &byte, 1);
		_exit(0);
	}
	return pid > 0;
}

int service_slots(const char *name, int seconds)
{
	long long when, back;
	int pipes[2], base = tasks(), held = 0;
	pid_t pid = started(name, &when);

	if (pid == 0 || pipe(pipes) != 0)
		return 1;
	allow_tasks(base + FREE_SLOTS);
	while (hold(pipes))
		held++;
	/* Nor is the slot free that the service leaves. */
	allow_tasks(base + FREE_SLOTS - 1);
	kill(pid, SIGKILL);
	nap(seconds * SECOND);
	when = await(name, pid, now());
	tell("slots held=%d early=%d", held, when >= 0);
	back = now();
	allow_tasks(base + 100 * FREE_SLOTS);
	close(pipes[1]);
	while (wait(NULL) > 0)
		;
	when = await(name, pid, back + PATIENCE);
	tell("slots ns=%lld", when < 0 ? -1 : when - back);
	return when < 0;
}
