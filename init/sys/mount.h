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

/*
 * Finds the last line of list that names something to release, among the lines
 * before number `before` (0: among all). A loop passes the number of the line
 * that it got last, so it ends also if nothing can be released. Writes the line
 * that is found to *line, or sets line->number to 0. If the list can't be read
 * (no /proc), the result is the mount "/", and no swap area. Reading a list
 * does not block on a disk (proc(5)), except that a dead btrfs may block it.
 */
void mount_find_last(enum mount_list list, uint32_t before,
		     struct mount_line *line);

/* The next three functions are run by a child, since a hanging disk blocks
 * them. They return the child's exit status: 0 if the object is released, else
 * 1. Nothing is logged. */

/* Detaches loop devices 0 to 63. A device in use is detached at its last close
 * (loop(4), LOOP_CLR_FD). Always returns 0. line is not used. */
int mount_detach_loops(const void *line);

/* Disables a swap area (swapoff(2)). line is a struct mount_line. */
int mount_swapoff(const void *line);

/*
 * Remounts a filesystem read-only, then unmounts it, whether the remount worked
 * or not. line is a struct mount_line. The remount comes first for a filesystem
 * that another mount uses, as the upper layer of an overlay: umount(2) takes
 * its path away, but not the filesystem, which would stay writable and dirty.
 * "/" is never unmounted, so its result is 1.
 */
int mount_release(const void *line);

/* Logs a warning for each mount whose filesystem is still read-write, except
 * /proc. Logs nothing without /proc. */
void mount_log_remaining(void);

#endif
