#define _GNU_SOURCE /* MS_NOSUID and its like */

#include "mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
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

int mount_detach_loops(const void *unused)
{
	char path[] = "/dev/loop\0\0\0\0";
	int fd;

	(void)unused;
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

/* The objects of a list in memory, one behind the other: the path with its NUL,
 * then this, so that the last one is found first. */
struct object {
	uint32_t number, id;
	uint32_t size; /* of the path, with padding (bytes) */
};

struct objects {
	char *bytes;
	size_t used;
};

/* Room for some ten thousand objects (bytes). Pages that are not used cost no
 * memory. */
#define OBJECTS_SIZE (4u << 20)

/* Without room, those that come last are left out: the next pass finds them. */
static void add_object(struct objects *objects, uint32_t number,
		       const struct mountinfo *line)
{
	const struct object object = {number, line->id, (line->len + 4) & ~3u};

	if (objects->used + object.size + sizeof(object) > OBJECTS_SIZE)
		return;
	memcpy(objects->bytes + objects->used, line->path, line->len + 1);
	objects->used += object.size;
	memcpy(objects->bytes + objects->used, &object, sizeof(object));
	objects->used += sizeof(object);
}

static void read_objects(struct objects *objects, enum mount_list list)
{
	struct mountinfo line = {.len = 1, .path = "/"};
	struct reader reader;
	uint32_t number = 0;

	if (open_list(&reader, list)) {
		while (read_line(&reader, &line)) {
			number++;
			if (mountinfo_needs_release(&line))
				add_object(objects, number, &line);
		}
		close(reader.fd);
	} else if (list == MOUNT_MOUNTS) {
		/* without /proc, / can still be made read-only */
		add_object(objects, 1, &line);
	}
}

static bool has_hung(const struct mount_release *release, uint32_t id)
{
	for (uint32_t i = 0; i < release->hung_count; i++)
		if (release->hung_ids[i] == id)
			return true;
	return false;
}

static bool release_object(enum mount_list list, const char *path)
{
	if (list == MOUNT_SWAPS)
		return swapoff(path) == 0;
	(void)mount(NULL, path, NULL, MS_REMOUNT | MS_RDONLY, NULL);
	return strcmp(path, "/") != 0 && umount(path) == 0;
}

int mount_release_all(const void *of)
{
	const struct mount_release *release = of;
	struct release_progress own, *progress = release->progress;
	struct objects objects = {
		.bytes = mmap(NULL, OBJECTS_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			      0)};
	struct object object;

	if (!progress ||
	    mprotect(progress, sizeof(*progress), PROT_READ | PROT_WRITE) != 0)
		progress = &own;
	*progress = (struct release_progress){.owner = getpid()};
	if (objects.bytes != MAP_FAILED)
		read_objects(&objects, release->list);
	while (objects.used && progress->owner == getpid()) {
		const char *path;

		objects.used -= sizeof(object);
		memcpy(&object, objects.bytes + objects.used, sizeof(object));
		objects.used -= object.size;
		path = objects.bytes + objects.used;
		if (has_hung(release, object.id))
			continue;
		memcpy(progress->path, path,
		       object.size < sizeof(progress->path)
			       ? object.size
			       : sizeof(progress->path));
		progress->id = object.id;
		progress->object = object.number;
		progress->released += release_object(release->list, path);
	}
	return progress->released ? 0 : 1;
}

int mount_log_remaining(const void *unused)
{
	struct reader reader;
	struct mountinfo found;

	(void)unused;
	if (!open_list(&reader, MOUNT_MOUNTS))
		return 0;
	while (read_line(&reader, &found))
		if (mountinfo_needs_release(&found) && !found.is_read_only)
			log_line(true, LOG_WARNING, found.path,
				 " stays mounted read-write", NULL);
	close(reader.fd);
	return 0;
}
