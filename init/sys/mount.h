/*
 * mount.h - mounts the filesystems that every system needs, before the first
 * fork; at shutdown, releases all mounts, swap areas and loop devices. For a
 * machine only: in a container nothing is mounted or unmounted. No error is
 * fatal. Does not parse the kernel's lists: mountinfo.h. Called by PID 1; the
 * functions that release something, by forked children.
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
 * Finds the last line of list that names something to release, above the line
 * with number `before` (0: in the whole list). Writes that line to *line; if
 * there is none, sets line->number to 0. If the list can't be read (no /proc),
 * the only mount is "/" and there is no swap area. Reading a list waits for no
 * disk (proc(5)), except that a dead btrfs may block it.
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
 * Makes a filesystem read-only, then unmounts it. line is a struct mount_line.
 * Read-only comes first: a filesystem that another mount uses (as the upper
 * layer of an overlay) lives on after umount(2), without a path to reach it by,
 * and would stay dirty. "/" is never unmounted, so its result is 1.
 */
int mount_release(const void *line);

/* Logs a warning for each mount whose filesystem is still read-write, except
 * /proc. Logs nothing without /proc. */
void mount_log_remaining(void);

#endif
