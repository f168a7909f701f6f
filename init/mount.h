/*
 * mount.h - the filesystems that every system needs, before the first fork.
 * For a machine: in a container nothing is mounted. No failure is fatal; each
 * is one line.
 */
#ifndef MOUNT_H
#define MOUNT_H

/* devtmpfs on /dev, so that there is a console to speak to. */
void mount_dev(void);

/* /proc, /sys, /dev/pts, /dev/shm, /run; what is mounted already stays, and
 * a folder that is missing is made. */
void mount_early(void);

#endif
