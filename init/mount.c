#define _GNU_SOURCE /* MS_NOSUID and its like */

#include "mount.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "kmsg.h"

struct place {
	const char *path;
	const char *parent;
	const char *type;
	unsigned long flags;
	const char *options;
};

#define NO_PROGRAMS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* Every user may write to /dev/shm and, through what a service keeps there
 * for him, to /run: neither may eat the memory, in bytes or in inodes. */
#define SMALL "size=20%,nr_inodes=8k"

static const struct place dev = {"/dev", "/", "devtmpfs", MS_NOSUID,
				 "mode=755"};

static const struct place places[] = {
	{"/proc", "/", "proc", NO_PROGRAMS, NULL},
	{"/sys", "/", "sysfs", NO_PROGRAMS, NULL},
	{"/dev/pts", "/dev", "devpts", MS_NOSUID | MS_NOEXEC,
	 "mode=620,gid=5,ptmxmode=666"}, /* 5: the group tty, by custom */
	{"/dev/shm", "/dev", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777," SMALL},
	{"/run", "/", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755," SMALL},
};

/* Something is mounted on a folder when it lies on another device than its
 * parent. mount(2) itself does not tell: proc, devpts and tmpfs go silently on
 * top of themselves. */
static bool is_mounted(const struct place *place)
{
	struct stat here, above;

	return stat(place->path, &here) == 0 &&
	       stat(place->parent, &above) == 0 && here.st_dev != above.st_dev;
}

static void mount_place(const struct place *place)
{
	if (is_mounted(place))
		return;
	(void)mkdir(place->path, 0755); /* mount says why it could not be */
	if (mount(place->type, place->path, place->type, place->flags,
		  place->options) != 0)
		kmsg_say(true, KMSG_WARNING, "can't mount ", place->type,
			 " on ", place->path, ": ", strerror(errno), NULL);
}

void mount_dev(void)
{
	mount_place(&dev);
}

void mount_early(void)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		mount_place(&places[i]);
}
