/*
 * mount.h - filesystems: those that every system needs, before the first
 * fork, and all of them, the last to be let go. For a machine: in a container
 * nothing is mounted, nor unmounted. Nothing here is fatal. What the kernel's
 * lists look like is known to mountinfo.h alone.
 */
#ifndef MOUNT_H
#define MOUNT_H

#include <stdint.h>

#include "mountinfo.h"

/* devtmpfs on /dev, so that there is a console to speak to. */
void mount_dev(void);

/* /proc, /sys, /dev/pts, /dev/shm, /run; what is mounted already stays, and
 * a folder that is missing is made. What fails is said. */
void mount_early(void);

/* /dev and /proc once more: "umount -a" of a shutdown entry takes them. */
void mount_restore(void);

/* The last line before that number (0: of all) that names something to be
 * undone. Waits for no disk (proc(5)); btrfs may, when it is dead. */
void mount_find_last(enum mount_list list, uint32_t before,
		     struct mount_line *line);

/* For a child each: may block for as long as a disk hangs. They return its
 * exit status: 0 if the thing is gone. */

/* Detaches every loop device, or, where it is mounted, when that ends
 * (loop(4), LOOP_CLR_FD). line is not used. */
int mount_detach_loops(const void *line);

/* swapoff(2) of a struct mount_line. */
int mount_swapoff(const void *line);

/*
 * Makes the filesystem of a struct mount_line read-only, and unmounts it.
 * Read-only comes first: what is used through another mount (an overlay's
 * upper layer) would live on without a name, and dirty. / is never gone.
 */
int mount_release(const void *line);

/* Names the disks that are still mounted to be written to, a line each. */
void mount_log_remaining(void);

#endif
