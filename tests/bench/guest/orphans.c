/* How PID 1 reaps what it inherits. */

#include "orphans.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tell.h"

#define PATIENCE (60 * SECOND)
#define LOOK 200000 /* ns between two looks at what is left */

/* All that orphans share with who made them. */
struct crowd {
	_Atomic int ended;
	_Atomic int most;
	int before; /* tasks when all were there and none had ended */
};

static struct crowd *crowd;

static void share(void)
{
	crowd = mmap(NULL, sizeof *crowd, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (crowd == MAP_FAILED)
		exit(1);
}

/* Who ends looks how many have ended, and how many of these are gone: a count
 * of zombies, this one included, at the only moments when it grows. */
static void count_zombies(void)
{
	int ended = atomic_fetch_add(&crowd->ended, 1) + 1;
	int zombies = ended - (crowd->before - tasks());
	int most = atomic_load(&crowd->most);

	while (zombies > most &&
	       !atomic_compare_exchange_weak(&crowd->most, &most, zombies))
		;
}

/* Waits until no orphan is left, and tells what that took. */
static void tell_end(const char *name, int base, int made, int most,
		     long long from, long long cpu)
{
	long long end = now() + PATIENCE;

	while (tasks() > base && now() < end)
		nap(LOOK);
	tell("%s made=%d most=%d left=%d clean_ns=%lld cpu_ns=%lld", name, made,
	     most, tasks() - base, now() - from, cpu_of(1) - cpu);
}

/* So many a second: most counts what is not yet gone, alive or not. */
int orphans_steady(int rate, int seconds)
{
	int base = tasks(), made = 0, most = 0;
	long long start = now(), cpu = cpu_of(1);

	for (int i = 0; i < rate * seconds; i++) {
		long long left;

		made += orphan(-1, NULL) == 0;
		left = start + (i + 1) * SECOND / rate - now();
		if (left > 0)
			nap(left);
		if (tasks() - base > most)
			most = tasks() - base;
	}
	tell_end("steady", base, made, most, now(), cpu);
	return 0;
}

/* One after another, as fast as they can be made. */
int orphans_sequence(int count)
{
	int base = tasks(), made = 0, most = 0;
	long long cpu = cpu_of(1);

	for (int i = 0; i < count; i++) {
		made += orphan(-1, NULL) == 0;
		if (tasks() - base > most)
			most = tasks() - base;
	}
	tell_end("sequence", base, made, most, now(), cpu);
	return 0;
}

/* In a process without the writing end of the pipe, which the orphan would
 * otherwise wait for in vain: it would hold that itself. */
static int held_orphan(const int pipes[2])
{
	int status = -1;
	pid_t parent = fork();

	if (parent == 0) {
		close(pipes[1]);
		_exit(orphan(pipes[0], count_zombies) != 0);
	}
	if (parent > 0)
		waitpid(parent, &status, 0);
	return status == 0;
}

/* All end at once. */
int orphans_mass(int count)
{
	int pipes[2], base = tasks(), made = 0;
	long long start, cpu;

	share();
	if (pipe(pipes) != 0)
		return 1;
	for (int i = 0; i < count; i++)
		made += held_orphan(pipes);
	crowd->before = tasks();
	cpu = cpu_of(1);
	start = now();
	close(pipes[1]);
	close(pipes[0]);
	while (atomic_load(&crowd->ended) < made && now() < start + PATIENCE)
		nap(LOOK);
	tell_end("mass", base, made, atomic_load(&crowd->most), start, cpu);
	return 0;
}
