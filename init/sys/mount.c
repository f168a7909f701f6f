#define _GNU_SOURCE /* MS_NOSUID and its like */

#include "mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <unistd.h>

#include "format.h"
#include "log.h"

#define LOOP_CLR_FD 0x4C01 /* linux/loop.h */
#define LOOPS_MAX 64	   /* looked for by name */

/* No pointers: they would take more room than what they point to. */
struct place {
	char path[9];
	char type[9];
	uint8_t flags;
	char options[32];
};

#define NO_PROGRAMS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* Every user may write to /dev/shm and, through what a service keeps there
 * for him, to /run: neither may eat the memory, in bytes or in inodes. */
#define SMALL "size=20%,nr_inodes=8k"

/* In the order in which they are mounted. */
static const struct place places[] = {
	{"/dev", "devtmpfs", MS_NOSUID, "mode=755"},
	{"/proc", "proc", NO_PROGRAMS, ""},
	{"/sys", "sysfs", NO_PROGRAMS, ""},
	{"/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755," SMALL},
	{"/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
	 "mode=620,gid=5,ptmxmode=666"}, /* 5: the group tty, by custom */
	{"/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777," SMALL},
};

enum { DEV, PROC, SYS, PTS = SYS + 2, END = PTS + 2 };

/* Something is mounted on a folder when it lies on another device than its
 * parent. mount(2) itself does not tell: proc, devpts and tmpfs go silently on
 * top of themselves. */
static void mount_place(const struct place *place, const struct stat *parent)
{
	struct stat here;

	if (stat(place->path, &here) != 0)
		(void)mkdir(place->path, 0755); /* mount says why it was not */
	else if (here.st_dev != parent->st_dev)
		return;
	if (mount(place->type, place->path, place->type, place->flags,
		  place->options) != 0)
		log_line(true, LOG_ERRNO, "can't mount ", place->type, " on ",
			 place->path, NULL);
}

/* Those from one to before another, all of one parent. */
static void mount_places(int from, int to, const char *parent)
{
	struct stat above;

	(void)stat(parent, &above); /* it is there, or nothing is in it */
	while (from < to)
		mount_place(&places[from++], &above);
}

void mount_dev(void)
{
	mount_places(DEV, PROC, "/");
}

void mount_restore(void)
{
	mount_places(DEV, SYS, "/");
}

void mount_early(void)
{
	mount_places(PROC, PTS, "/");
	mount_places(PTS, END, "/dev");
}

static const char *const files[] = {
	[MOUNT_SWAPS] = "/proc/swaps",
	[MOUNT_MOUNTS] = "/proc/self/mountinfo",
};

/* One of these, read piece by piece: it may be of any length. */
struct reader {
	enum mount_list list;
	int fd;
	size_t used, at;
	unsigned char bytes[1024];
};

static int next_byte(struct reader *r)
{
	ssize_t n;

	if (r->at == r->used) {
		n = read(r->fd, r->bytes, sizeof(r->bytes));
		if (n <= 0)
			return -1;
		r->used = (size_t)n;
		r->at = 0;
	}
	return r->bytes[r->at++];
}

static bool read_line(struct reader *r, struct mountinfo *line)
{
	int byte;

	mountinfo_begin(line, r->list);
	while ((byte = next_byte(r)) >= 0)
		if (mountinfo_feed(line, (unsigned char)byte))
			return true;
	return false;
}

static bool open_list(struct reader *r, enum mount_list list)
{
	r->list = list;
	r->fd = open(files[list], O_RDONLY | O_CLOEXEC);
	r->used = r->at = 0;
	return r->fd >= 0;
}

void mount_find_last(enum mount_list list, uint32_t before,
		     struct mount_line *line)
{
	struct reader reader;
	struct mountinfo found;

	line->number = 0;
	if (!open_list(&reader, list)) {
		/* without /proc at least the root can be made read-only */
		line->number = list == MOUNT_MOUNTS && !before;
		line->id = 0;
		strcpy(line->path, "/");
		return;
	}
	for (uint32_t i = 1;
	     (i < before || !before) && read_line(&reader, &found); i++) {
		if (!mountinfo_needs_release(&found))
			continue;
		line->number = i;
		line->id = found.id;
		memcpy(line->path, found.path, found.len + 1);
	}
	close(reader.fd);
}

int mount_detach_loops(const void *line)
{
	char path[] = "/dev/loop\0\0\0\0";
	int fd;

	(void)line;
	for (int i = 0; i < LOOPS_MAX; i++) {
		char number[FORMAT_SIZE];

		strcpy(path + strlen("/dev/loop"), format_decimal(number, i));
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;	      /* numbers may have gaps */
		(void)ioctl(fd, LOOP_CLR_FD); /* ENXIO: it is free */
		close(fd);
	}
	return 0;
}

int mount_swapoff(const void *line)
{
	const struct mount_line *swap = line;

	return swapoff(swap->path) == 0 ? 0 : 1;
}

int mount_release(const void *line)
{
	const char *path = ((const struct mount_line *)line)->path;

	(void)mount(NULL, path, NULL, MS_REMOUNT | MS_RDONLY, NULL);
	return strcmp(path, "/") != 0 && umount(path) == 0 ? 0 : 1;
}

void mount_log_remaining(void)
{
	struct reader reader;
	struct mountinfo found;

	if (!open_list(&reader, MOUNT_MOUNTS))
		return;
	while (read_line(&reader, &found))
		if (mountinfo_needs_release(&found) && !found.is_read_only)
			log_line(true, LOG_WARNING, found.path,
				 " stays mounted read-write", NULL);
	close(reader.fd);
}
