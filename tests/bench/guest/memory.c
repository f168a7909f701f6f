/* What PID 1 holds, and what it keeps running. */

#include "memory.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tell.h"

#define OWN "/proc/1/smaps_rollup"

/* Of a file of lines as "VmRSS:   123 kB"; -1 when it is not there. */
static int field(const char *path, const char *name)
{
	char text[8192], key[64];
	const char *found;

	if (slurp(path, text, sizeof text) <= 0)
		return -1;
	snprintf(key, sizeof key, "\n%s:", name);
	found = strstr(text, key);
	return found ? atoi(found + strlen(key)) : -1;
}

/* A kernel thread has no command line. */
static int is_its_own(const char *pid)
{
	static const char *const others[] = {
		"/h/", "/sbin/getty", "/bin/sh", "sh", "-sh", "/bin/login"};
	char path[300], command[256];

	snprintf(path, sizeof path, "/proc/%s/cmdline", pid);
	if (strcmp(pid, "1") == 0 || slurp(path, command, sizeof command) <= 0)
		return 0;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strncmp(command, others[i], strlen(others[i])) == 0)
			return 0;
	return 1;
}

int memory_tell(void)
{
	DIR *directory = opendir("/proc");
	const struct dirent *entry;
	int count = 0, anonymous = 0;

	while (directory && (entry = readdir(directory))) {
		char path[300];

		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    !is_its_own(entry->d_name))
			continue;
		snprintf(path, sizeof path, "/proc/%s/smaps_rollup",
			 entry->d_name);
		anonymous += field(path, "Anonymous");
		count++;
	}
	if (directory)
		closedir(directory);
	/* Not of /proc/1/status: that lags by up to 64 pages a task. */
	tell("memory rss=%d anon=%d dirty=%d processes=%d others_anon=%d",
	     field(OWN, "Rss"), field(OWN, "Anonymous"),
	     field(OWN, "Private_Dirty"), count, anonymous);
	return 0;
}
