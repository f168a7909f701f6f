/*
 * System calls that init makes, as the kernel has them. The C library's work
 * around threads, 32-bit times, and kernels that do not know O_CLOEXEC, none of
 * which there is here, for 2 kB. Same names, same meaning; errors are -1 and
 * errno. Without this file init is the same and larger: a 32-bit machine, where
 * the kernel's calls are others, has to leave it out.
 */
#define _GNU_SOURCE /* syscall */

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
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

int dup2(int from, int to)
{
	return (int)syscall(SYS_dup3, from, to, 0);
}

int dup3(int from, int to, int flags)
{
	return (int)syscall(SYS_dup3, from, to, flags);
}

/* sigaction(2), "C library/kernel differences": a handler returns by way of the
 * restorer, which the C library has. Whatever sa_mask says, which is larger
 * here than there, all signals are blocked in a handler. */
void __restore_rt(void);

int sigaction(int signal, const struct sigaction *restrict action,
	      struct sigaction *restrict old)
{
	const struct {
		void (*handler)(int, siginfo_t *, void *);
		unsigned long flags;
		void (*restorer)(void);
		uint64_t mask;
	} kernels = {action->sa_sigaction,
		     (unsigned long)action->sa_flags | SA_RESTORER,
		     __restore_rt, UINT64_MAX};

	(void)old;
	return (int)syscall(SYS_rt_sigaction, signal, &kernels, NULL,
			    sizeof(kernels.mask));
}

unsigned alarm(unsigned seconds)
{
	const struct itimerval timer = {.it_value.tv_sec = seconds};

	return (unsigned)syscall(SYS_setitimer, ITIMER_REAL, &timer, NULL);
}

int sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
	return (int)syscall(SYS_sigaltstack, stack, old);
}

/* These take one argument, or none, which is not looked at. */
int ioctl(int fd, int request, ...)
{
	va_list rest;
	void *argument;

	va_start(rest, request);
	argument = va_arg(rest, void *);
	va_end(rest);
	return (int)syscall(SYS_ioctl, fd, (long)(unsigned)request, argument);
}

int prctl(int option, ...)
{
	va_list rest;
	void *argument;

	va_start(rest, option);
	argument = va_arg(rest, void *);
	va_end(rest);
	return (int)syscall(SYS_prctl, option, argument);
}
