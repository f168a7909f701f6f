/*
 * System calls of the C library that init uses, as the kernel has them. The
 * library's own work around kernels and machines that there are none of here
 * (a 32-bit time, an O_CLOEXEC that is not known, a thread that is cancelled),
 * for 1.7 kB. Same names, same meaning; errors are -1 and errno.
 */
#define _GNU_SOURCE /* syscall */

#include <fcntl.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where they are 64 bits wide, off_t and struct stat are the kernel's. */
_Static_assert(sizeof(long) == sizeof(off_t), "a 64-bit machine");

/* No mode: init creates no file. */
int open(const char *path, int flags, ...)
{
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags);
}

/* What init asks for takes a number, or nothing, which is not looked at. */
int fcntl(int fd, int command, ...)
{
	va_list rest;
	int argument;

	va_start(rest, command);
	argument = va_arg(rest, int);
	va_end(rest);
	return (int)syscall(SYS_fcntl, fd, command, argument);
}

int fstat(int fd, struct stat *stat)
{
	return (int)syscall(SYS_fstat, fd, stat);
}

int stat(const char *restrict path, struct stat *restrict stat)
{
	return (int)syscall(SYS_newfstatat, AT_FDCWD, path, stat, 0);
}

int isatty(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0;
}

void *mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	return (void *)syscall(SYS_mmap, at, size, prot, flags, fd, offset);
}
