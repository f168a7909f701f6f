/*
 * deaf: minds no signal, and never ends by itself.
 */
#define _GNU_SOURCE /* SIGRTMAX */

#include <signal.h>
#include <unistd.h>

int main(void)
{
	for (int number = 1; number < SIGRTMAX; number++)
		(void)signal(number, SIG_IGN);
	for (;;)
		(void)pause();
}
