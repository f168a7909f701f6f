#define _GNU_SOURCE /* kill, SIGCONT */

#include "process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "format_number.h"
#include "proc_file.h"

/* Buffers for the 52 fields of /proc/PID/stat, and for that path (bytes). */
#define STAT_SIZE 1024
#define STAT_PATH_SIZE 32
/* Fields of it (proc(5)), as the number of spaces between the end of the
 * process name, field 2, and the field. */
#define STAT_PARENT 2	/* ppid, field 4 */
#define STAT_TTY 5	/* tty_nr, field 7 */
#define STAT_IGNORED 31 /* sigignore, field 33 */

/* Buffer for the entries of a directory (bytes). */
#define ENTRIES_SIZE 1024

void signal_all(int signal)
{
	(void)kill(-1, signal); /* ESRCH: there is no other process */
	if (signal == SIGTERM)
		(void)kill(-1, SIGCONT);
}

void signal_group(int pid, int signal)
{
	if (kill(-pid, signal) != 0) /* it leads no group yet */
		(void)kill(pid, signal);
	if (signal != SIGKILL)
		(void)kill(-pid, SIGCONT);
}

/* Reads /proc/PID/stat to text, of STAT_SIZE bytes. Returns the fields after
 * the process name, and that name in *name; both lie in text. Returns NULL if
 * there is no such process. */
static const char *read_stat(const char *pid, char *text, const char **name)
{
	char path[STAT_PATH_SIZE];
	char *end;

	strcpy(path, "/proc/");
	strcat(path, pid);
	strcat(path, "/stat");
	proc_read(path, text, STAT_SIZE);
	*name = strchr(text, '(');
	end = strrchr(text, ')'); /* a name may contain ')' */
	if (!*name || !end)
		return NULL;
	*end = '\0';
	++*name;
	return end + 1;
}

void hangup_interactive_shell(int pid)
{
	char number[FORMAT_SIZE], stat[STAT_SIZE];
	const char *name;
	const char *fields =
		read_stat(format_decimal(number, pid), stat, &name);

	if (fields && proc_field(fields, STAT_TTY) &&
	    proc_field(fields, STAT_IGNORED) & 1ul << (SIGTERM - 1))
		signal_group(pid, SIGHUP);
}

/* struct linux_dirent64 of getdents64(2) */
struct directory_entry {
	uint64_t ino;
	int64_t off;
	uint16_t size;
	uint8_t type;
	char name[];
};

/* Appends "NAME[PID]" to text if the process is a child of PID 1, and if that
 * fits in size bytes. */
static void append_child(const char *pid, char *text, size_t size)
{
	char stat[STAT_SIZE];
	const char *name;
	const char *fields = read_stat(pid, stat, &name);

	if (!fields || proc_field(fields, STAT_PARENT) != 1)
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

void list_children(char *text, size_t size)
{
	_Alignas(uint64_t) char entries[ENTRIES_SIZE];
	int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long n;

	*text = '\0';
	while ((n = syscall(SYS_getdents64, fd, entries, ENTRIES_SIZE)) > 0)
		for (char *at = entries; at < entries + n;) {
			struct directory_entry *entry = (void *)at;

			if (*entry->name >= '1' && *entry->name <= '9')
				append_child(entry->name, text, size);
			at += entry->size;
		}
	if (fd >= 0)
		close(fd);
}
