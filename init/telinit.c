#define _GNU_SOURCE /* kill */

#include "telinit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int say_and_exit(int fd, const char *text, int status)
{
	(void)!write(fd, text, strlen(text)); /* the status says it too */
	return status;
}

int telinit(const char *word)
{
	if (strcmp(word, "--version") == 0)
		return say_and_exit(STDOUT_FILENO,
				    "kindling init " VERSION "\n",
				    EXIT_SUCCESS);
	if (strcmp(word, "-q") != 0)
		return say_and_exit(STDERR_FILENO,
				    "usage: init -q | --version"
				    " (init runs as PID 1 only)\n",
				    EXIT_FAILURE);
	if (kill(1, SIGHUP) != 0)
		return say_and_exit(STDERR_FILENO, "init: can't signal PID 1\n",
				    EXIT_FAILURE);
	return EXIT_SUCCESS;
}
