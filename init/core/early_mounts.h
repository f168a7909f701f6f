/*
 * early_mounts.h - the filesystems that init mounts before it starts anything.
 * A table only, which mounts nothing and never changes: mount.c mounts the
 * filesystems in PID 1, and the lint of initctl knows by the table which mounts
 * of an inittab are redundant.
 */
#ifndef EARLY_MOUNTS_H
#define EARLY_MOUNTS_H

#include <stdint.h>

/* mount(8) options, a bit each. */
#define EARLY_NOSUID 1
#define EARLY_NODEV 2
#define EARLY_NOEXEC 4

/* In the order in which they are mounted. */
enum early_mount_index {
	EARLY_DEV,
	EARLY_PROC,
	EARLY_SYS,
	EARLY_RUN,
	EARLY_PTS, /* this and the next one lie below /dev */
	EARLY_SHM,
	EARLY_MOUNT_COUNT
};

/* Arrays, not pointers: pointers would take more room than the strings. */
struct early_mount {
	char path[9];
	char type[9];
	uint8_t flags;
	char options[32]; /* of the filesystem (mount(2), data) */
};

extern const struct early_mount early_mounts[EARLY_MOUNT_COUNT];

#endif
