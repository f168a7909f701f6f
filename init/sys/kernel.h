/*
 * kernel.h - operations on the whole machine: Ctrl-Alt-Del, kernel settings in
 * /proc, sync(2) and reboot(2). Decides nothing and logs nothing. Called by
 * PID 1; kernel_sync() and kernel_reboot() by forked children.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "types.h"

/* Buffer for /proc/cmdline (bytes). The kernel's limit COMMAND_LINE_SIZE is 256
 * to 4096, depending on the architecture (asm/setup.h). */
#define KERNEL_CMDLINE_SIZE 4096

/* Makes Ctrl-Alt-Del send SIGINT to PID 1 instead of resetting the machine
 * (reboot(2)). Returns true on a machine. Returns false in a container, where
 * reboot(2) fails with EINVAL or EPERM. */
bool cad_disable(void);

/* Makes Ctrl-Alt-Del reset the machine again, as at boot: for another init that
 * replaces this one. Errors are ignored: a container can't do this. */
void cad_enable(void);

/*
 * Sets kernel.printk (proc(5)), so that kernel messages do not garble a shell.
 * levels is the value, as "A,B,C,D". If levels is NULL or longer than 63 bytes,
 * the value is "2 4 1 7", and is set only if the kernel's command line has
 * neither loglevel= nor debug. Needs /proc. Errors are ignored, also an invalid
 * value: the kernel keeps its own.
 */
void kernel_set_printk(const char *levels);

/* Clears the path of the kernel's hotplug helper (/proc/sys/kernel/hotplug), so
 * that the kernel starts no helper process any more. Needs /proc. Errors are
 * ignored: most kernels have no such helper. */
void kernel_clear_hotplug(void);

/* A counter that grows when disks are read or written: the sum of pgpgin,
 * pgpgout and nr_written (proc(5), /proc/vmstat), so without a unit. 0 without
 * /proc. */
int64_t disk_io_counter(void);

/* Calls sync(2). Run by a child, since a hanging disk blocks it. Returns the
 * child's exit status, 0. The argument is not used. */
int kernel_sync(const void *unused);

/*
 * Halts, powers off or reboots the machine by reboot(2). kind points to an enum
 * shutdown_kind other than SHUTDOWN_NONE and SHUTDOWN_RESTART. Returns errno if
 * reboot(2) was refused: the child's exit status. Does not sync.
 *
 * Run by a child: after a halt the kernel ends the caller (kernel/reboot.c,
 * do_exit()), and panics if the caller is PID 1. So PID 1 calls this only if
 * fork(2) fails.
 */
int kernel_reboot(const void *kind);

#endif
