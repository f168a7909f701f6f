/* The tool that measures PID 1 from inside, by several names in one directory.
 *
 *   preinit, profileN   the kernel's init= : note the time, become /sbin/init
 *   getty, prompt       the getty entry: tell that it came, become a getty
 *   nop                 an entry that ends at once
 *   tool VERB ...       all else, as VERBS has it
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "memory.h"
#include "orphans.h"
#include "profile.h"
#include "service.h"
#include "tell.h"

#define STAMP_SIZE 64

static char init[] = "/sbin/init";

/* The file is there and open before, so that little is counted in. */
static int preinit(char **argv)
{
	char text[STAMP_SIZE] = "";
	int fd = open(STAMP, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	(void)!write(fd, text, sizeof text);
	argv[0] = init;
	snprintf(text, sizeof text, "%lld %lld", now(), cpu_of(1));
	(void)!pwrite(fd, text, sizeof text, 0);
	execv(argv[0], argv);
	return 1;
}

/* Tells once, of the first, what was noted before init. */
static void tell_getty(long long time, long long cpu)
{
	char text[STAMP_SIZE];
	long long time_before, cpu_before;

	if (access(GETTY_UP, F_OK) == 0)
		return;
	if (slurp(STAMP, text, sizeof text) > 0 &&
	    sscanf(text, "%lld %lld", &time_before, &cpu_before) == 2)
		tell("getty ns=%lld cpu_ns=%lld start_ns=%lld "
		     "start_cpu_ns=%lld",
		     time - time_before, cpu - cpu_before, time_before,
		     cpu_before);
	else
		tell("getty at_ns=%lld", time);
	put(GETTY_UP, "up\n");
}

static int getty(int prompt)
{
	long long time = now(), cpu = cpu_of(1);

	tell_getty(time, cpu);
	if (prompt)
		profile_prompt();
	execl("/sbin/getty", "/sbin/getty", "-L", "0", "ttyS0", "vt100",
	      (char *)NULL);
	return 1;
}

/* Tells PID 1's CPU time so far, and the time. */
static int tell_cpu(const char *name)
{
	long long time = now();

	tell("%s cpu_ns=%lld ns=%lld", name, cpu_of(1), time);
	return 0;
}

static int tell_mark(const char *text)
{
	mark("%s", text);
	return 0;
}

static int wait_for_tasks(int most)
{
	while (tasks() > most)
		nap(SECOND / 100);
	return 0;
}

static int run(char **argv)
{
	const char *verb = argv[1], *first = argv[2], *second = argv[3];
	struct verb {
		const char *name;
		int (*text)(const char *);
		int (*number)(int);
		int (*two)(int, int);
	} verbs[] = {
		{"service", service_run, NULL, NULL},
		{"up", service_up, NULL, NULL},
		{"reload", service_reload, NULL, NULL},
		{"mark", tell_mark, NULL, NULL},
		{"cpu", tell_cpu, NULL, NULL},
		{"slow", NULL, service_slow, NULL},
		{"storm", NULL, service_storm, NULL},
		{"sequence", NULL, orphans_sequence, NULL},
		{"mass", NULL, orphans_mass, NULL},
		{"settle", NULL, wait_for_tasks, NULL},
		{"steady", NULL, NULL, orphans_steady},
	};

	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		if (strcmp(verb, verbs[i].name) != 0)
			continue;
		if (verbs[i].text)
			return verbs[i].text(first);
		if (verbs[i].number)
			return verbs[i].number(atoi(first));
		return verbs[i].two(atoi(first), atoi(second));
	}
	if (strcmp(verb, "fail") == 0)
		return service_fail();
	if (strcmp(verb, "fault") == 0)
		return fault_cause();
	if (strcmp(verb, "memory") == 0)
		return memory_tell();
	if (strcmp(verb, "writer") == 0)
		return service_writer(first, second);
	if (strcmp(verb, "kill") == 0)
		return service_kill(first, atoi(second), atoi(argv[4]));
	if (strcmp(verb, "slots") == 0)
		return service_slots(first, atoi(second));
	return 2;
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash ? slash + 1 : argv[0];

	if (strncmp(name, "profile", 7) == 0) {
		profile_init(atoi(name + 7));
		return preinit(argv);
	}
	if (strcmp(name, "preinit") == 0)
		return preinit(argv);
	if (strcmp(name, "getty") == 0 || strcmp(name, "prompt") == 0)
		return getty(name[0] == 'p');
	if (strcmp(name, "nop") == 0)
		return 0;
	return argc > 1 ? run(argv) : 2;
}
