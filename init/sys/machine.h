/*
 * machine.h - what acts on the whole machine: kernel settings, every process
 * at once, the end. Decides nothing.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "types.h"

/* No kernel takes a longer command line (asm/setup.h: 256 to 4096). */
#define MACHINE_CMDLINE 4096

/* Reads what fits, and ends it with a NUL; "" if there is no such file. */
void machine_read_file(const char *path, char *text, size_t size);

/* Makes Ctrl-Alt-Del a SIGINT to PID 1 instead of a reset. Returns whether
 * this is a machine: in a container reboot(2) answers EINVAL or EPERM. */
bool machine_take_ctrlaltdel(void);

/* Gives Ctrl-Alt-Del back to the kernel, for an init that comes after us. */
void machine_release_ctrlaltdel(void);

/*
 * Sets kernel.printk, so that kernel messages do not garble a shell, unless
 * the kernel's command line speaks of it (loglevel=, debug).
 * levels is "A,B,C,D" to be set in any case, or NULL. Needs /proc.
 */
void machine_set_printk(const char *levels);

/* So that the kernel starts no hotplug helper any more. */
void machine_clear_hotplug(void);

/* Signals every process but us; SIGTERM also wakes the stopped ones. */
void machine_signal_everyone(int signal);

/* Signals the process group of a child, stopped or not. */
void machine_signal_group(int pid, int signal);

/*
 * Hangs up an interactive shell that a child may have become (a getty does,
 * when its login execs the shell): sends SIGHUP to its group if it has a
 * controlling terminal and ignores SIGTERM. Needs /proc (proc(5), stat).
 */
void machine_hang_up(int pid);

/* Writes the names of our children to text, "a[12] b[345]", as many as fit.
 * Needs /proc. */
void machine_name_children(char *text, size_t size);

/* A number that grows as disks are read and written (proc(5), vmstat). */
int64_t machine_disk_work(void);

/*
 * Keeps the watchdog, if there is one that nobody holds (watchdog(7) has the
 * reasons): opens it, *fd being 0, which starts it, or pats it. From then on
 * it is to be patted every MACHINE_PAT ms at the least.
 */
void machine_watch(int *fd);
#define MACHINE_PAT 4000

/* Stops and closes it; *fd is 0 then. */
void machine_unwatch(int *fd);

/* For a child: sync(2). Returns 0 at the end. The argument is not used. */
int machine_sync(const void *unused);

/* For a child, since reboot(2) may end its caller: ends the machine. Returns
 * only when that was refused: errno. ending is an enum ending. */
int machine_end(const void *ending);

#endif
