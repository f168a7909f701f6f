#include "early_mounts.h"

#define NO_PROGRAMS (EARLY_NOSUID | EARLY_NODEV | EARLY_NOEXEC)

/* Every user may write to /dev/shm and, through what a service keeps there for
 * them, to /run: neither may use up the memory, in bytes or in inodes. */
#define LIMITED "size=20%,nr_inodes=8k"

const struct early_mount early_mounts[EARLY_MOUNT_COUNT] = {
	[EARLY_DEV] = {"/dev", "devtmpfs", EARLY_NOSUID, "mode=755"},
	[EARLY_PROC] = {"/proc", "proc", NO_PROGRAMS, ""},
	[EARLY_SYS] = {"/sys", "sysfs", NO_PROGRAMS, ""},
	[EARLY_RUN] = {"/run", "tmpfs", EARLY_NOSUID | EARLY_NODEV,
		       "mode=755," LIMITED},
	[EARLY_PTS] = {"/dev/pts", "devpts", EARLY_NOSUID | EARLY_NOEXEC,
		       "mode=620,gid=5,ptmxmode=666"}, /* 5: tty, by custom */
	[EARLY_SHM] = {"/dev/shm", "tmpfs", EARLY_NOSUID | EARLY_NODEV,
		       "mode=1777," LIMITED},
};
