/*
 * A file of init that says that it knows every state, and then knows none:
 * goes back to the image before it (init/recover.h).
 */
#define _GNU_SOURCE /* execveat by syscall */

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv, char **environment)
{
	char *back[] = {"init", "--resume", NULL};

	if (argc > 1 && strcmp(argv[1], "--check-state") == 0)
		return 107;
	dup2(102, 101);
	syscall(SYS_execveat, 101, "", back, environment, AT_EMPTY_PATH);
	return 1;
}
