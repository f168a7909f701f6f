#include "watchdog.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "proc_file.h"

#define WDIOC_SETOPTIONS ((int)0x80045704) /* linux/watchdog.h */

/* Buffer for the devices in /proc/misc, some 15 bytes each (bytes). */
#define DEVICES_SIZE 2048

/* Without a driver the kernel would load a module for it, by a program on a
 * disk that may be dead, and wait for that (Linux, drivers/char/misc.c). */
static bool has_driver(void)
{
	char devices[DEVICES_SIZE];

	proc_read("/proc/misc", devices, sizeof(devices));
	return proc_has_word(devices, "watchdog");
}

void watchdog_ping(int *fd)
{
	if (*fd > 0)
		(void)!write(*fd, "", 1); /* if it fails, a reset follows */
	else if (has_driver())
		*fd = open("/dev/watchdog", O_WRONLY | O_CLOEXEC);
	if (*fd < 0)
		*fd = 0;
}

void watchdog_disarm(int *fd)
{
	static const int disable = 1; /* WDIOS_DISABLECARD */
	int open_fd = *fd;

	*fd = 0;
	if (open_fd <= 0)
		return;
	(void)!write(open_fd, "V", 1);
	/* a hanging child has it open, too, so this may not be the last close,
	 * which would stop it */
	(void)ioctl(open_fd, WDIOC_SETOPTIONS, &disable);
	close(open_fd);
}
