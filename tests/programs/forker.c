/* Forks without end and ignores SIGTERM: COUNT chains of processes, each of
 * which lives a moment and leaves a child in its place, so that there is always
 * somebody whom no list of processes names. Each appends to FILE. Once they are
 * there, so is MARK. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define LIFE 20000 /* microseconds of each link; the boot goes on beside it */

static void chain(int fd)
{
	for (;;) {
		if (write(fd, "link\n", 5) < 0)
			usleep(LIFE);
		usleep(LIFE);
		if (fork() > 0)
			_exit(0);
	}
}

int main(int argc, char **argv)
{
	int count = argc == 4 ? atoi(argv[1]) : 0;
	int fd =
		count ? open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0644) : -1;

	if (fd < 0)
		return 2;
	signal(SIGTERM, SIG_IGN);
	while (count-- > 0)
		if (fork() == 0)
			chain(fd);
	if (open(argv[3], O_WRONLY | O_CREAT, 0644) < 0)
		return 1;
	for (;;)
		pause();
}
