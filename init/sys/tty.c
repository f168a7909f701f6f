#define _GNU_SOURCE /* CRTSCTS, ECHOCTL */

#include "tty.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define VT_OPENQRY 0x5600   /* linux/vt.h: works on a virtual terminal only */
#define CBAUDEX_ALL 0010000 /* asm-generic/termbits.h: CBAUDEX */

/* While a tty is being hung up, open(2) fails with EIO for a moment: number of
 * tries, and their interval. */
#define OPEN_TRIES 5
#define OPEN_INTERVAL 20 /* ms */

static const char prompt[] = "\nPlease press Enter to activate this console. ";

/* Moves fd to descriptors 0-2, and clears O_NONBLOCK, which was set only so
 * that open(2) did not wait for carrier. */
static void move_to_stdio(int fd)
{
	(void)fcntl(fd, F_SETFL, O_RDWR);
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
		if (i != fd)
			(void)dup2(fd, i);
	if (fd > STDERR_FILENO)
		close(fd);
}

void stdio_ensure_open(void)
{
	int fd;

	if (fcntl(STDIN_FILENO, F_GETFD) >= 0 &&
	    fcntl(STDOUT_FILENO, F_GETFD) >= 0 &&
	    fcntl(STDERR_FILENO, F_GETFD) >= 0)
		return;
	do { /* open(2) takes the lowest free descriptor */
		fd = open("/dev/console", O_RDWR | O_NONBLOCK | O_NOCTTY);
		if (fd >= 0)
			(void)fcntl(fd, F_SETFL, O_RDWR);
		else
			fd = open("/dev/null", O_RDWR);
		if (fd < 0)
			fd = open("/", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

bool tty_set_stdio(const char *path)
{
	int fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return false;
	move_to_stdio(fd);
	return true;
}

bool tty_open_stdio(const char *name)
{
	char path[PATH_MAX] = "/dev/";
	int fd = -1;

	if (strlen(path) + strlen(name) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	strcat(path, name);
	for (int i = 0; i < OPEN_TRIES && fd < 0; i++) {
		if (i > 0)
			(void)poll(NULL, 0, OPEN_INTERVAL);
		fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY);
		if (fd < 0 && errno != EIO)
			return false;
	}
	if (fd < 0)
		return false;
	move_to_stdio(fd);
	return true;
}

bool tty_open_console(void)
{
	char active[128]; /* a few short names */
	int fd = open("/sys/class/tty/console/active", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, active, sizeof(active) - 1);
	const char *last;

	if (fd >= 0)
		close(fd);
	if (len <= 0)
		return false;
	active[len - 1] = '\0'; /* was a newline */
	last = strrchr(active, ' ');
	return tty_open_stdio(last ? last + 1 : active);
}

void tty_make_controlling(void)
{
	/* EPERM: another session has the tty */
	(void)ioctl(STDIN_FILENO, TIOCSCTTY, 0);
}

void tty_foreground(void)
{
	pid_t self = getpid();

	(void)setpgid(0, 0);
	(void)ioctl(STDIN_FILENO, TIOCSPGRP, &self); /* SIGTTOU is blocked */
}

void tty_make_sane(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t) != 0)
		return;
	t.c_cc[VINTR] = 3;  /* Ctrl-C */
	t.c_cc[VQUIT] = 28; /* Ctrl-backslash */
	t.c_cc[VERASE] = 127;
	t.c_cc[VKILL] = 21;  /* Ctrl-U */
	t.c_cc[VEOF] = 4;    /* Ctrl-D */
	t.c_cc[VSTART] = 17; /* Ctrl-Q */
	t.c_cc[VSTOP] = 19;  /* Ctrl-S */
	t.c_cc[VSUSP] = 26;  /* Ctrl-Z */
	t.c_line = 0;
	t.c_cflag &= CBAUD | CBAUDEX_ALL | CSIZE | CSTOPB | PARENB | PARODD |
		     CRTSCTS;
	t.c_cflag |= CREAD | HUPCL | CLOCAL;
	t.c_iflag = ICRNL | IXON | IXOFF;
	t.c_oflag = OPOST | ONLCR;
	t.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE |
		    IEXTEN;
	(void)tcsetattr(fd, TCSANOW, &t);
}

const char *tty_term_type(int fd)
{
	int free_vt;

	return ioctl(fd, VT_OPENQRY, &free_vt) == 0 ? "linux" : "vt102";
}

void tty_wait_for_enter(void)
{
	char c = 0;

	(void)!write(STDOUT_FILENO, prompt, sizeof(prompt) - 1);
	while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
		continue;
}
