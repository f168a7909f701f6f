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

#include "early_mounts.h"
#include "format_number.h"
#include "log.h"

#define LOOP_CLR_FD 0x4C01 /* linux/loop.h */
#define LOOPS_MAX 64	   /* /dev/loop0 to /dev/loop63 */

static unsigned long mount_flags(uint8_t early)
{
	return (early & EARLY_NOSUID ? MS_NOSUID : 0ul) |
	       (early & EARLY_NODEV ? MS_NODEV : 0ul) |
	       (early & EARLY_NOEXEC ? MS_NOEXEC : 0ul);
}

/* A directory is a mount point if its device is not that of its parent. An
 * error of mount(2) does not show it: proc, devpts and tmpfs may be mounted on
 * themselves. */
static void mount_early_one(const struct early_mount *early,
			    const struct stat *parent)
{
	struct stat here;

	if (stat(early->path, &here) != 0)
		(void)mkdir(early->path, 0755); /* else mount() fails */
	else if (here.st_dev != parent->st_dev)
		return;
	if (mount(early->type, early->path, early->type,
		  mount_flags(early->flags), early->options) != 0)
		log_line(true, LOG_ERRNO, "can't mount ", early->type, " on ",
			 early->path, NULL);
}

/* Mounts early_mounts[first] to early_mounts[end - 1], all in the directory
 * parent. */
static void mount_range(int first, int end, const char *parent)
{
	struct stat parent_stat;

	(void)stat(parent, &parent_stat); /* not used if it fails */
	while (first < end)
		mount_early_one(&early_mounts[first++], &parent_stat);
}

void mount_dev(void)
{
	mount_range(EARLY_DEV, EARLY_PROC, "/");
}

void mount_restore(void)
{
	mount_range(EARLY_DEV, EARLY_SYS, "/");
}

void mount_early(void)
{
	mount_range(EARLY_PROC, EARLY_PTS, "/");
	mount_range(EARLY_PTS, EARLY_MOUNT_COUNT, "/dev");
}

static const char *const list_paths[] = {
	[MOUNT_SWAPS] = "/proc/swaps",
	[MOUNT_MOUNTS] = "/proc/self/mountinfo",
};

/* Reads one of these files in pieces, since they may be of any length. */
struct reader {
	enum mount_list list;
	int fd;
	size_t used, at;
	unsigned char bytes[1024];
};

/* -1: end of file, or an error. */
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
	r->fd = open(list_paths[list], O_RDONLY | O_CLOEXEC);
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
		/* without /proc, / can still be made read-only */
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
			continue;	      /* device numbers may have gaps */
		(void)ioctl(fd, LOOP_CLR_FD); /* ENXIO: not in use */
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
