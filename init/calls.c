/*
 * System calls that init makes, as the kernel has them. The C library's work
 * around threads, 32-bit times, and kernels that do not know O_CLOEXEC, none of
 * which there is here, for 2 kB. Same names, same meaning; errors are -1 and
 * errno. Without this file init is the same and larger: a 32-bit machine, where
 * the kernel's calls are others, has to leave it out.
 */
#define _GNU_SOURCE /* syscall */

#include <fcntl.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where they are 64 bits wide, off_t and struct stat are the kernel's. */
_Static_assert(sizeof(long) == sizeof(off_t), "a 64-bit machine");

/* No mode: init creates no file. */
int open(const char *path, int flags, ...)
{
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags);
}

int close(int fd)
{
	return (int)syscall(SYS_close, fd);
}

ssize_t read(int fd, void *bytes, size_t size)
{
	return syscall(SYS_read, fd, bytes, size);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	return syscall(SYS_write, fd, bytes, size);
}

/* What init asks for takes a number, or nothing, which is not looked at. */
int fcntl(int fd, int command, ...)
{
	va_list rest;
	int argument;

	va_start(rest, command);
	argument = va_arg(rest, int);
	va_end(rest);
	return (int)syscall(SYS_fcntl, fd, command, (long)argument);
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
	return (void *)syscall(SYS_mmap, at, size, (long)prot, (long)flags,
			       (long)fd, offset);
}

int mprotect(void *at, size_t size, int prot)
{
	return (int)syscall(SYS_mprotect, at, size, (long)prot);
}

int munmap(void *at, size_t size)
{
	return (int)syscall(SYS_munmap, at, size);
}

int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	return (int)syscall(SYS_waitid, type, id, info, options, NULL);
}
