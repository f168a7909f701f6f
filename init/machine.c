#define _GNU_SOURCE /* kill, sync, SIGCONT */

#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "kmsg.h"

/* No kernel takes a longer command line (asm/setup.h: 256 to 4096). */
#define CMDLINE_SIZE 4096

/* Enough for four numbers (proc(5), /proc/sys/kernel/printk). */
#define LEVELS_SIZE 64

/* /proc/PID/stat: 52 numbers and a name, and two fields of it, counted in
 * blanks from the end of the name (proc(5): tty_nr, sigignore). */
#define STAT_SIZE 1024
#define STAT_PATH_SIZE 32
#define STAT_TTY 5
#define STAT_IGNORED 31

bool machine_take_ctrlaltdel(void)
{
	return reboot(RB_DISABLE_CAD) == 0;
}

void machine_release_ctrlaltdel(void)
{
	(void)reboot((int)RB_ENABLE_CAD); /* a container never had it */
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return; /* not every kernel has it */
	(void)!write(fd, text, strlen(text));
	close(fd);
}

/* Reads what fits; "" if there is no such file. */
static void read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[len > 0 ? len : 0] = '\0';
}

/* Is there a word that is, or for a name with '=' begins with, name? */
static bool has_word(const char *text, const char *name)
{
	size_t len = strlen(name);

	while (*text) {
		size_t word = strcspn(text, " \n");

		if (strncmp(text, name, len) == 0 &&
		    (word == len || name[len - 1] == '='))
			return true;
		text += word;
		text += strspn(text, " \n");
	}
	return false;
}

/* Did whoever wrote the kernel's command line ask for messages himself? */
static bool loglevel_is_given(void)
{
	static const char *const words[] = {"loglevel=", "debug",
					    "ignore_loglevel"};
	char cmdline[CMDLINE_SIZE];

	read_file("/proc/cmdline", cmdline, sizeof(cmdline));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (has_word(cmdline, words[i]))
			return true;
	return false;
}

void machine_set_printk(const char *levels)
{
	char text[LEVELS_SIZE] = "2 4 1 7";

	if (levels && strlen(levels) < sizeof(text)) {
		strcpy(text, levels);
		for (char *c = text; *c; c++)
			if (*c == ',')
				*c = ' ';
	} else if (loglevel_is_given()) {
		return;
	}
	write_file("/proc/sys/kernel/printk", text);
}

void machine_clear_hotplug(void)
{
	write_file("/proc/sys/kernel/hotplug", "\n");
}

void machine_signal_everyone(int signal)
{
	(void)kill(-1, signal); /* ESRCH: nobody is there */
	if (signal == SIGTERM)
		(void)kill(-1, SIGCONT);
}

void machine_signal_group(int pid, int signal)
{
	if (kill(-pid, signal) != 0) /* not yet the leader of its group */
		(void)kill(pid, signal);
	if (signal != SIGKILL)
		(void)kill(-pid, SIGCONT);
}

/* The number after so many blanks. */
static unsigned long field(const char *text, int blanks)
{
	unsigned long number = 0;

	while (blanks > 0 && *text)
		blanks -= *text++ == ' ';
	while (*text >= '0' && *text <= '9')
		number = number * 10 + (unsigned long)(*text++ - '0');
	return number;
}

void machine_hang_up(int pid)
{
	char path[STAT_PATH_SIZE], number[KMSG_NUMBER];
	char stat[STAT_SIZE];
	const char *fields;

	strcpy(path, "/proc/");
	strcat(path, kmsg_number(number, pid));
	strcat(path, "/stat");
	read_file(path, stat, sizeof(stat));
	fields = strrchr(stat, ')'); /* a name may hold anything */
	if (fields && field(fields, STAT_TTY) &&
	    field(fields, STAT_IGNORED) & 1ul << (SIGTERM - 1))
		machine_signal_group(pid, SIGHUP);
}

int machine_sync(int unused)
{
	(void)unused;
	sync();
	return 0;
}

int machine_end(int ending)
{
	static const int commands[] = {
		[ENDING_HALT] = (int)RB_HALT_SYSTEM,
		[ENDING_POWEROFF] = RB_POWER_OFF,
		[ENDING_REBOOT] = RB_AUTOBOOT,
	};

	(void)reboot(commands[ending]);
	return errno;
}
