/* Makes orphans: each parent ends before its children are waited for.
 * A shell does so too, but its fork takes ten times as long under TCG. */

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH 500 /* zombies at a time: each holds kernel memory */

static void leave_children(int count)
{
	while (count-- > 0)
		if (fork() == 0)
			_exit(0);
	_exit(0);
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0;

	for (; count > 0; count -= BATCH) {
		pid_t parent = fork();

		if (parent == 0)
			leave_children(BATCH);
		if (parent < 0 || waitpid(parent, NULL, 0) != parent)
			return 1;
	}
	return 0;
}
