/*
 * kernel.h - what acts on the whole machine: kernel settings, sync(2), the end.
 * Decides nothing.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "types.h"

/* No kernel takes a longer command line (asm/setup.h: 256 to 4096). */
#define KERNEL_CMDLINE_SIZE 4096

/* Makes Ctrl-Alt-Del a SIGINT to PID 1 instead of a reset. Returns whether
 * this is a machine: in a container reboot(2) answers EINVAL or EPERM. */
bool cad_disable(void);

/* Gives Ctrl-Alt-Del back to the kernel, for an init that comes after us. */
void cad_enable(void);

/*
 * Sets kernel.printk, so that kernel messages do not garble a shell, unless
 * the kernel's command line speaks of it (loglevel=, debug).
 * levels is "A,B,C,D" to be set in any case, or NULL. Needs /proc.
 */
void kernel_set_printk(const char *levels);

/* So that the kernel starts no hotplug helper any more. */
void kernel_clear_hotplug(void);

/* A number that grows as disks are read and written (proc(5), vmstat). */
int64_t disk_io_counter(void);

/* For a child: sync(2). Returns 0 at the end. The argument is not used. */
int kernel_sync(const void *unused);

/* For a child, since reboot(2) may end its caller: ends the machine. Returns
 * only when that was refused: errno. ending is an enum shutdown_kind. */
int kernel_reboot(const void *ending);

#endif
