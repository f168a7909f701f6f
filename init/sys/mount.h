/*
 * mount.h - mounts at boot the filesystems that every system needs; releases at
 * shutdown all mounts, swap areas and loop devices. Called on a machine only,
 * which the caller checks: the mounts of a container are not its own. Parses no
 * list of the kernel's (mountinfo.h does). No error is fatal. PID 1 calls the
 * functions that mount, find and log; forked children call those that release
 * something.
 */
#ifndef MOUNT_H
#define MOUNT_H

#include <stdint.h>

#include "mountinfo.h"

/* Mounts devtmpfs on /dev, where the console is. If a filesystem is mounted
 * there already, that stays; a missing directory is made. Errors are logged. */
void mount_dev(void);

/* The same for /proc, /sys, /run, /dev/pts and /dev/shm (early_mounts.h). */
void mount_early(void);

/* The same for /dev and /proc, called at shutdown: "umount -a" in a shutdown
 * entry unmounts them. */
void mount_restore(void);

/* The next two functions are run by a child, since a hanging disk blocks them.
 * They return the child's exit status. Nothing is logged. */

/* Detaches loop devices 0 to 63. A device in use is detached at its last close
 * (loop(4), LOOP_CLR_FD). Always returns 0. unused is not used. */
int mount_detach_loops(const void *unused);

struct mount_release {
	enum mount_list list;
	/* objects that are left out, since an earlier child hangs at them */
	const uint32_t *hung_ids;
	uint32_t hung_count;
	/* a page, which this child makes writable for itself; NULL: none */
	struct release_progress *progress;
};

/*
 * Releases all that a list names, the last first, and writes to the progress
 * what it is at: disables swap areas (swapoff(2)); remounts each filesystem
 * read-only, then unmounts it, whether the remount worked or not. The remount
 * comes first for a filesystem that another mount uses, as the upper layer of
 * an overlay: umount(2) takes its path away, but not the filesystem, which
 * would stay writable and dirty. "/" is never unmounted. If the list can't be
 * read (no /proc), the only mount is "/", and there is no swap area. of is a
 * struct mount_release. Returns 0 if something was released, else 1.
 */
int mount_release_all(const void *of);

/* Run by a child: a dead btrfs may block what reads the list. Logs a warning
 * for each mount whose filesystem is still read-write, except /proc. Logs
 * nothing without /proc. Always returns 0. unused is not used. */
int mount_log_remaining(const void *unused);

#endif
