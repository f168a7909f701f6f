#include "telinit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pid1_signal.h"
#include "request.h"

/* Returns status. */
static int print(int fd, const char *text, int status)
{
	(void)!write(fd, text, strlen(text)); /* the status tells, too */
	return status;
}

static const struct {
	char word[3];
	uint8_t signal;
} requests[] = {
	{"q", SIGHUP},	       {"Q", SIGHUP},  {"-q", SIGHUP},
	{"0", SIGUSR2},	       {"6", SIGTERM}, {"u", SIGNAL_REQUEST},
	{"U", SIGNAL_REQUEST},
};

/* Only SIGNAL_REQUEST has a use for the value. */
static int request(int signal)
{
	if (pid1_queue_signal(signal, VERB_UPGRADE << REQUEST_VERB_SHIFT))
		return EXIT_SUCCESS;
	return print(STDERR_FILENO, "init: can't signal PID 1\n", EXIT_FAILURE);
}

int telinit(const char *word)
{
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (strcmp(word, requests[i].word) == 0)
			return request(requests[i].signal);
	if (strcmp(word, "--version") == 0)
		return print(STDOUT_FILENO, "kindling init " VERSION "\n",
			     EXIT_SUCCESS);
	return print(STDERR_FILENO,
		     "usage: init q|0|6|u|--version: reload, poweroff,"
		     " reboot, upgrade (init runs as PID 1 only)\n",
		     EXIT_FAILURE);
}
