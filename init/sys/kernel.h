/*
 * kernel.h - operations on the whole machine: Ctrl-Alt-Del, kernel settings in
 * /proc, sync(2) and reboot(2). Decides nothing and logs nothing.
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
 * replaces this one. */
void cad_enable(void);

/*
 * Sets kernel.printk (proc(5)), so that kernel messages do not garble a shell.
 * levels is the value, as "A,B,C,D". If it is NULL or longer than 63 bytes, the
 * value is "2 4 1 7", and is set only if the kernel's command line has neither
 * loglevel= nor debug. Needs /proc.
 */
void kernel_set_printk(const char *levels);

/* Clears the path of the kernel's hotplug helper (/proc/sys/kernel/hotplug), so
 * that the kernel starts no helper process any more. */
void kernel_clear_hotplug(void);

/* A counter that grows when disks are read or written: the sum of pgpgin,
 * pgpgout and nr_written (proc(5), /proc/vmstat), so without a unit. 0 without
 * /proc. */
int64_t disk_io_counter(void);

/* Calls sync(2). Run by a child, since a hanging disk blocks it. Returns the
 * child's exit status, 0. The argument is not used. */
int kernel_sync(const void *unused);

/*
 * Halts, powers off or reboots the machine by reboot(2). Run by a child, since
 * the kernel ends the caller after a halt (kernel/reboot.c, do_exit()), and
 * panics if that is PID 1, which calls this only if fork(2) fails. Returns
 * errno if reboot(2) was refused, which is the child's exit status. kind
 * points to an enum shutdown_kind other than SHUTDOWN_NONE and
 * SHUTDOWN_RESTART.
 */
int kernel_reboot(const void *kind);

#endif
