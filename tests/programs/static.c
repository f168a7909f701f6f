/* The first program of a machine whose kernel has no devtmpfs: makes device
 * nodes as a system with a static /dev has them, mounts /proc and /sys, and
 * becomes /sbin/init, by way of /deny (deny.c): from then on mount(2) answers
 * as a kernel does that does not know the filesystem. Built into the kernel,
 * devtmpfs could not be taken away; this refuses it, and all the others beside.
 *
 *   NODES=0     without any node: there is no console
 *   MOUNTED=0   without /proc and /sys
 */

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const struct {
	const char *path;
	unsigned int major, minor;
} nodes[] = {
	{"/dev/console", 5, 1}, {"/dev/null", 1, 3},   {"/dev/kmsg", 1, 11},
	{"/dev/tty", 5, 0},	{"/dev/ttyS0", 4, 64}, {"/dev/tty0", 4, 0},
};

static void make_nodes(void)
{
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		mknod(nodes[i].path, S_IFCHR | 0600,
		      makedev(nodes[i].major, nodes[i].minor));
}

/* The kernel brings that node itself, and has opened it for us. */
static void forget_console(void)
{
	unlink("/dev/console");
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
		close(i);
}

static int is_wanted(const char *name)
{
	const char *value = getenv(name);

	return !value || strcmp(value, "0") != 0;
}

int main(void)
{
	if (is_wanted("NODES"))
		make_nodes();
	else
		forget_console();
	if (is_wanted("MOUNTED")) {
		mount("proc", "/proc", "proc", 0, NULL);
		mount("sysfs", "/sys", "sysfs", 0, NULL);
	}
	execl("/deny", "deny", "mount", "--", "/sbin/init", "init", NULL);
	return 1;
}
