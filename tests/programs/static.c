/* The first program of a machine whose kernel has no devtmpfs: makes device
 * nodes as a system with a static /dev has them, mounts /proc and /sys, and
 * becomes /sbin/init. From then on mount(2) answers as a kernel does that does
 * not know the filesystem: ENODEV. Built into the kernel, devtmpfs could not be
 * taken away; a seccomp filter refuses it, and all the others beside.
 *
 *   NODES=0     without any node: there is no console
 *   MOUNTED=0   without /proc and /sys
 */

#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* linux/filter.h, linux/seccomp.h, of which the C library has no copy */
#define LOAD_WORD 0x20
#define JUMP_IF_EQUAL 0x15
#define RETURN 0x06
#define NUMBER 0 /* offset in struct seccomp_data */
#define FILTER 2
#define ALLOW 0x7fff0000u
#define FAIL 0x00050000u

struct instruction {
	uint16_t code;
	uint8_t if_so, if_not;
	uint32_t k;
};

struct filter {
	unsigned short len;
	struct instruction *instructions;
};

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

static int refuse_mounts(void)
{
	struct instruction instructions[] = {
		{LOAD_WORD, 0, 0, NUMBER},
		{JUMP_IF_EQUAL, 0, 1, SYS_mount},
		{RETURN, 0, 0, FAIL | ENODEV},
		{RETURN, 0, 0, ALLOW},
	};
	struct filter filter = {4, instructions};

	return prctl(PR_SET_SECCOMP, FILTER, &filter, 0, 0);
}

static int is_wanted(const char *name)
{
	const char *value = getenv(name);

	return !value || strcmp(value, "0") != 0;
}

int main(int argc, char **argv)
{
	(void)argc;
	if (is_wanted("NODES"))
		make_nodes();
	else
		forget_console();
	if (is_wanted("MOUNTED")) {
		mount("proc", "/proc", "proc", 0, NULL);
		mount("sysfs", "/sys", "sysfs", 0, NULL);
	}
	if (refuse_mounts() != 0)
		return 1;
	argv[0] = "init";
	execv("/sbin/init", argv);
	return 1;
}
