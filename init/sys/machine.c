#define _GNU_SOURCE /* kill, sync, SIGCONT */

#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "log.h"

/* Enough for four numbers (proc(5), /proc/sys/kernel/printk). */
#define LEVELS_SIZE 64

/* /proc/PID/stat: 52 numbers and a name, and three fields of it, counted in
 * blanks from the end of the name (proc(5): ppid, tty_nr, sigignore). */
#define STAT_SIZE 1024
#define STAT_PATH_SIZE 32
#define STAT_PARENT 2
#define STAT_TTY 5
#define STAT_IGNORED 31

/* As much of it as one read(2) gives; what is looked for comes early. */
#define VMSTAT_SIZE 4096

#define WDIOC_SETOPTIONS ((int)0x80045704) /* linux/watchdog.h */

/* Read at once of a folder (bytes). */
#define FOLDER_SIZE 1024

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

void machine_read_file(const char *path, char *text, size_t size)
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
	char cmdline[MACHINE_CMDLINE];

	machine_read_file("/proc/cmdline", cmdline, sizeof(cmdline));
	return has_word(cmdline, "loglevel=") || has_word(cmdline, "debug");
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

/* What stands behind the name in /proc/PID/stat, and where that begins; text
 * is STAT_SIZE bytes. NULL: there is no such process. */
static const char *read_stat(const char *pid, char *text, const char **name)
{
	char path[STAT_PATH_SIZE];
	char *end;

	strcpy(path, "/proc/");
	strcat(path, pid);
	strcat(path, "/stat");
	machine_read_file(path, text, STAT_SIZE);
	*name = strchr(text, '(');
	end = strrchr(text, ')'); /* a name may hold anything */
	if (!*name || !end)
		return NULL;
	*end = '\0';
	++*name;
	return end + 1;
}

void machine_hang_up(int pid)
{
	char number[KMSG_NUMBER], stat[STAT_SIZE];
	const char *name;
	const char *fields = read_stat(kmsg_number(number, pid), stat, &name);

	if (fields && field(fields, STAT_TTY) &&
	    field(fields, STAT_IGNORED) & 1ul << (SIGTERM - 1))
		machine_signal_group(pid, SIGHUP);
}

/* getdents(2) */
struct entry_of_folder {
	uint64_t ino;
	int64_t off;
	uint16_t size;
	uint8_t type;
	char name[];
};

static void name_child(const char *pid, char *text, size_t size)
{
	char stat[STAT_SIZE];
	const char *name;
	const char *fields = read_stat(pid, stat, &name);

	if (!fields || field(fields, STAT_PARENT) != 1)
		return;
	if (strlen(text) + strlen(name) + strlen(pid) + sizeof(" []") > size)
		return;
	if (*text)
		strcat(text, " ");
	strcat(text, name);
	strcat(text, "[");
	strcat(text, pid);
	strcat(text, "]");
}

void machine_name_children(char *text, size_t size)
{
	_Alignas(uint64_t) char entries[FOLDER_SIZE];
	int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long n;

	*text = '\0';
	while ((n = syscall(SYS_getdents64, fd, entries, FOLDER_SIZE)) > 0)
		for (char *at = entries; at < entries + n;) {
			struct entry_of_folder *entry = (void *)at;

			if (*entry->name >= '1' && *entry->name <= '9')
				name_child(entry->name, text, size);
			at += entry->size;
		}
	if (fd >= 0)
		close(fd);
}

static bool counts_disk_work(const char *line)
{
	return strncmp(line, "pgpg", strlen("pgpg")) == 0 ||
	       strncmp(line, "nr_written", strlen("nr_written")) == 0;
}

int64_t machine_disk_work(void)
{
	char text[VMSTAT_SIZE];
	const char *line = text;
	int64_t work = 0;

	machine_read_file("/proc/vmstat", text, sizeof(text));
	while (line) {
		if (counts_disk_work(line))
			work += (int64_t)field(line, 1);
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	return work;
}

void machine_watch(int *fd)
{
	if (*fd > 0)
		(void)!write(*fd, "", 1); /* it would bark soon enough */
	else
		*fd = open("/dev/watchdog", O_WRONLY | O_CLOEXEC);
	if (*fd < 0)
		*fd = 0;
}

void machine_unwatch(int *fd)
{
	static const int disable = 1; /* WDIOS_DISABLECARD */
	int held = *fd;

	*fd = 0;
	if (held <= 0)
		return;
	(void)!write(held, "V", 1);
	/* a child that hangs has it, too: ours is not the last close */
	(void)ioctl(held, WDIOC_SETOPTIONS, &disable);
	close(held);
}

int machine_sync(const void *unused)
{
	(void)unused;
	sync();
	return 0;
}

int machine_end(const void *ending)
{
	static const int commands[] = {
		[ENDING_HALT] = (int)RB_HALT_SYSTEM,
		[ENDING_POWEROFF] = RB_POWER_OFF,
		[ENDING_REBOOT] = RB_AUTOBOOT,
	};

	(void)reboot(commands[*(const enum ending *)ending]);
	return errno;
}
