/* An ordinary user with bad intentions: nobody WHAT ARGUMENT...
 *
 *   signals         sends PID 1 each signal; says which of them went through
 *   look            opens what /proc has of PID 1; says what could be opened
 *   bomb USERS      forks without end, deaf to TERM, as so many users
 *   orphans USERS   the same, but each leaves its children to PID 1, and ends
 *   files           opens as many files as there can be, and keeps them
 *   fill DIR...     fills them with bytes, and then with empty files
 *
 * Says "done" at its end; what has no end says "begun", or that it has it all.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534
#define SIGNALS 64 /* of the kernel; the C library has fewer */

static void become(uid_t user)
{
	(void)setsid(); /* a leader of a group can't */
	if (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(user) != 0)
		_exit(2);
}

static void say(const char *word)
{
	printf("%s\n", word);
	fflush(stdout);
}

static void send_signals(void)
{
	for (int i = 0; i <= SIGNALS; i++)
		if (kill(1, i) == 0 || errno != EPERM)
			printf("sent %d\n", i);
}

static void look(void)
{
	static const char *const names[] = {
		"/proc/1/fd/0",	   "/proc/1/fd/2",
		"/proc/1/mem",	   "/proc/1/maps",
		"/proc/1/environ", "/proc/1/cwd/etc/passwd",
		"/proc/1/exe",	   "/proc/1/syscall",
		"/proc/1/auxv",	   "/proc/1/root/etc/passwd",
		"/proc/1/io",	   "/proc/1/fd",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char byte;
		int fd = open(names[i], O_RDONLY);

		/* some can be opened by all, and read by nobody */
		if (fd >= 0 && (read(fd, &byte, 1) > 0 || errno == EISDIR))
			printf("opened %s\n", names[i]);
	}
}

static void fork_for_ever(int leave)
{
	for (;;) {
		pid_t pid = fork();

		if (pid < 0)
			usleep(100000);
		else if (leave && pid > 0)
			_exit(0); /* our child is PID 1's now, and goes on */
	}
}

/* Each of the first generation has a user of its own. */
static void run_as_many(int users, int leave)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < users; i++)
		if (fork() == 0) {
			become((uid_t)(NOBODY - i));
			for (int j = 0; leave && j < 8 && fork() > 0; j++)
				continue;
			fork_for_ever(leave);
		}
	say("begun");
}

/* Each process opens what it may, and stays; the last one tells why. */
static void open_files(void)
{
	pid_t pid = 0;

	while (pid == 0) {
		for (int i = 3; i < NOBODY; i++) /* those of the parent */
			close(i);
		while (open("/dev/null", O_RDONLY) >= 0)
			continue;
		if (errno == ENFILE || (pid = fork()) < 0)
			printf("all files are open: %s\n", strerror(errno));
		if (errno == ENFILE)
			break;
	}
	fflush(stdout);
	for (;;)
		pause();
}

/* Writes until there is no room for a byte, and none for a name. */
static void fill(const char *directory)
{
	static const char page[65536];
	char name[256];
	size_t size = sizeof(page);
	int fd;

	snprintf(name, sizeof(name), "%s/bytes", directory);
	fd = open(name, O_WRONLY | O_CREAT, 0600);
	if (fd < 0)
		return;
	while (size > 0)
		if (write(fd, page, size) <= 0)
			size /= 2;
	for (int i = 0;; i++) {
		snprintf(name, sizeof(name), "%s/%d", directory, i);
		if (mknod(name, S_IFREG | 0600, 0) != 0)
			break;
	}
	printf("full %s: %s\n", directory, strerror(errno));
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int users = argc > 2 ? atoi(argv[2]) : 1;

	if (strcmp(what, "bomb") == 0 || strcmp(what, "orphans") == 0) {
		run_as_many(users, *what == 'o');
		return 0;
	}
	become(NOBODY);
	if (strcmp(what, "signals") == 0)
		send_signals();
	else if (strcmp(what, "look") == 0)
		look();
	else if (strcmp(what, "files") == 0)
		open_files();
	else if (strcmp(what, "fill") == 0)
		for (int i = 2; i < argc; i++)
			fill(argv[i]);
	else
		return 2;
	say("done");
	return 0;
}
