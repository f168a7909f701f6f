#define _GNU_SOURCE /* sync */

#include "kernel.h"

#include <errno.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "proc_file.h"

/* Buffer for the four numbers of kernel.printk (bytes). */
#define LEVELS_SIZE 64

/* Buffer for /proc/vmstat (bytes). One read(2) returns no more than a page; the
 * counters that are needed come early. */
#define VMSTAT_SIZE 4096

bool cad_disable(void)
{
	return reboot(RB_DISABLE_CAD) == 0;
}

void cad_enable(void)
{
	(void)reboot((int)RB_ENABLE_CAD); /* fails in a container */
}

/* Does the kernel's command line set which messages reach the console? */
static bool loglevel_is_given(void)
{
	char cmdline[KERNEL_CMDLINE_SIZE];

	proc_read("/proc/cmdline", cmdline, sizeof(cmdline));
	return proc_has_word(cmdline, "loglevel=") ||
	       proc_has_word(cmdline, "debug");
}

void kernel_set_printk(const char *levels)
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
	proc_write("/proc/sys/kernel/printk", text);
}

void kernel_clear_hotplug(void)
{
	proc_write("/proc/sys/kernel/hotplug", "\n");
}

static bool counts_disk_io(const char *line)
{
	return strncmp(line, "pgpg", strlen("pgpg")) == 0 ||
	       strncmp(line, "nr_written", strlen("nr_written")) == 0;
}

int64_t disk_io_counter(void)
{
	char text[VMSTAT_SIZE];
	const char *line = text;
	int64_t sum = 0;

	proc_read("/proc/vmstat", text, sizeof(text));
	while (line) {
		if (counts_disk_io(line))
			sum += (int64_t)proc_field(line, 1);
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	return sum;
}

int kernel_sync(const void *unused)
{
	(void)unused;
	sync();
	return 0;
}

int kernel_reboot(const void *kind)
{
	static const int commands[] = {
		[SHUTDOWN_HALT] = (int)RB_HALT_SYSTEM,
		[SHUTDOWN_POWEROFF] = RB_POWER_OFF,
		[SHUTDOWN_REBOOT] = RB_AUTOBOOT,
	};

	_Static_assert(sizeof(commands) / sizeof(commands[0]) ==
			       SHUTDOWN_RESTART,
		       "all kinds that end the machine");
	(void)reboot(commands[*(const enum shutdown_kind *)kind]);
	return errno;
}
