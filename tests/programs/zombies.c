/*
 * zombies COUNT PROGRAM ARG...: becomes the program, which has so many zombies
 * as children then.
 */
#define _GNU_SOURCE

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	siginfo_t child;

	if (argc < 3)
		return 1;
	for (int i = atoi(argv[1]); i > 0; i--) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (waitid(P_PID, (id_t)pid, &child, WEXITED | WNOWAIT) != 0)
			return 1;
	}
	execv(argv[2], argv + 2);
	return 1;
}
