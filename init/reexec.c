#define _GNU_SOURCE /* dup3, environ */

#include "reexec.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "memory_file.h"
#include "signals.h"
#include "state_file.h"

/* A larger file is no init (bytes). */
#define FILE_MAX (4u * 1024 * 1024)

/* Tries to read the state, and their interval (ms): PID 1 may change the state
 * meanwhile. */
#define CHECK_TRIES 5
#define CHECK_INTERVAL 20

/* Longer than the program or the stack (bytes): mlock2() locks up to the end of
 * the mapping, then fails with ENOMEM, which is fine. */
#define WHOLE_MAPPING (1 << 20)
/* Stack in use below the caller's variables (bytes). */
#define STACK_IN_USE 256
/* Page size (bytes). Where pages are larger, madvise(2) fails, and no stack is
 * given back. */
#define PAGE ((uintptr_t)4096)

/* argv[2] of an image that another one has executed: the path of init's file,
 * since the kernel tells none (AT_EXECFN) of what is executed by a descriptor.
 */
enum { ARGV_FILE = 2 };

/* What the kernel executed: a path, or "/dev/fd/" and a descriptor
 * (getauxval(3)). */
static const char *executed_path(void)
{
	return (const char *)getauxval(AT_EXECFN);
}

bool reexec_is_resumed(char *const *argv)
{
	return argv[1] && strcmp(argv[1], REEXEC_RESUME) == 0 &&
	       argv[ARGV_FILE] && strncmp(executed_path(), "/dev/fd/", 8) == 0;
}

const char *reexec_file(char *const *argv)
{
	return reexec_is_resumed(argv) ? argv[ARGV_FILE] : executed_path();
}

void reexec_open_self(char *const *argv)
{
	int fd;

	if (reexec_is_resumed(argv)) {
		(void)fcntl(FD_IMAGE, F_SETFD, FD_CLOEXEC);
		(void)fcntl(FD_FILE, F_SETFD, FD_CLOEXEC);
		return;
	}
	close(FD_STATE); /* may be inherited from a container manager */
	close(FD_IMAGE);
	close(FD_PREVIOUS_IMAGE);
	close(FD_FILE);
	fd = open(executed_path(), O_RDONLY | O_CLOEXEC);
	(void)dup3(fd, FD_IMAGE, O_CLOEXEC);
	close(fd);
}

/* Locks so many bytes from this address on, or to the end of the mapping, each
 * page when it is first touched (mlock2(2), since Linux 4.4; ENOSYS before). */
static void lock_on_fault(const void *from, size_t size)
{
	(void)mlock2(from, size, MLOCK_ONFAULT);
}

void memory_lock(const struct state *state)
{
	extern const char __executable_start[]; /* ld(1) */
	char *here = (char *)(((uintptr_t)&state - STACK_IN_USE) & -PAGE);

	(void)madvise(here - WHOLE_MAPPING, WHOLE_MAPPING, MADV_DONTNEED);
	/* without MCL_CURRENT, which would fault the vdso in */
	(void)mlockall(MCL_FUTURE | MCL_ONFAULT);
	lock_on_fault(__executable_start, WHOLE_MAPPING);
	lock_on_fault(state, state->size);
	lock_on_fault(here, WHOLE_MAPPING);
}

/* Executes an open file (execveat(2), since Linux 3.19; a seccomp filter may
 * forbid it). Returns only on failure, with errno. */
static void execute_file(int fd, const void *argv)
{
	(void)syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
}

bool reexec_is_supported(const struct state *state)
{
	/* EFAULT: the call is allowed, and failed because the path is NULL */
	(void)syscall(SYS_execveat, -1, NULL, NULL, NULL, 0);
	return errno == EFAULT && state->fd >= 0 &&
	       fcntl(FD_IMAGE, F_GETFD) >= 0;
}

/* Sets the flags of the descriptors that the next image needs: 0 keeps them
 * open at exec, FD_CLOEXEC closes them. */
static void set_exec_flags(const struct state *state, int flags)
{
	(void)fcntl(FD_IMAGE, F_SETFD, flags);
	(void)fcntl(FD_FILE, F_SETFD, flags);
	if (state && state->watchdog > 0) /* the next image pings it */
		(void)fcntl(state->watchdog, F_SETFD, flags);
}

void reexec_with_state(const struct state *state)
{
	const char *const argv[] = {"init", REEXEC_RESUME, state->settings.file,
				    NULL};

	if (dup2(state->fd, FD_STATE) < 0)
		return;
	set_exec_flags(state, 0);
	execute_file(FD_IMAGE, argv);
	set_exec_flags(state, FD_CLOEXEC);
	close(FD_STATE);
}

void reexec_fresh(char *const *argv)
{
	set_exec_flags(NULL, 0);
	if (reexec_is_resumed(argv))
		execute_file(FD_IMAGE, argv);
	else /* by path, which an upgrade finds in AT_EXECFN */
		(void)execve(executed_path(), argv, environ);
	set_exec_flags(NULL, FD_CLOEXEC);
}

/* Executes the previous image, which gets the state back. That image has
 * no previous image, so this can't repeat. Returns only on failure. */
static void execute_previous(const char *file)
{
	const char *const argv[] = {"init", REEXEC_RESUME, file, "back", NULL};

	if (dup2(FD_PREVIOUS_IMAGE, FD_IMAGE) < 0)
		return;
	close(FD_PREVIOUS_IMAGE);
	execute_file(FD_IMAGE, argv);
	set_exec_flags(NULL, FD_CLOEXEC);
}

bool reexec_adopt_state(struct state **live, char *const *argv, int64_t now)
{
	struct state *state = state_map(FD_STATE, true, now);

	(void)prctl(PR_SET_NAME, "init"); /* execveat() made it "101" */
	if (!state)
		execute_previous(argv[ARGV_FILE]);
	if (state && (state->watchdog <= STDERR_FILENO ||
		      fcntl(state->watchdog, F_SETFD, FD_CLOEXEC) != 0))
		state->watchdog = 0;
	if (state && argv[ARGV_FILE + 1]) {
		close(FD_FILE);
		log_line(state->plan.is_machine, LOG_ERROR,
			 "no upgrade: the new file rejected the state", NULL);
	}
	/* after a fault before this store, the next image adopts the state */
	*live = state;
	close(FD_PREVIOUS_IMAGE);
	close(FD_STATE);
	return state;
}

int reexec_check_state(void)
{
	for (int i = 0; i < CHECK_TRIES; i++) {
		if (state_map(FD_STATE, false, clock_ms()))
			return PLAN_STATE_ACCEPTED;
		(void)poll(NULL, 0, CHECK_INTERVAL);
	}
	return EXIT_FAILURE;
}

int reexec_read_upgrade(const void *file)
{
	bool is_executable;
	uint32_t size;
	int fd;

	signals_unblock();
	fd = file_open(file, FILE_MAX, &size, &is_executable);
	if (fd < 0)
		return errno;
	return is_executable ? file_copy(FD_FILE, fd, size) : EACCES;
}

int reexec_check_upgrade(const void *state)
{
	static const char *const argv[] = {"init", REEXEC_CHECK_STATE, NULL};

	signals_unblock();
	if (dup2(*(const int *)state, FD_STATE) >= 0)
		execute_file(FD_FILE, argv);
	return EXIT_NOT_RUN;
}

/* Makes FD_FILE the image, and leaves it open: after a fault here the next
 * image does the same again. Returns false and errno if that is impossible. */
static bool take_file(void)
{
	return dup3(FD_FILE, FD_IMAGE, O_CLOEXEC) >= 0;
}

void reexec_new_file(const struct state *state)
{
	if (dup2(FD_IMAGE, FD_PREVIOUS_IMAGE) >= 0) {
		if (take_file())
			reexec_with_state(state);
		(void)dup3(FD_PREVIOUS_IMAGE, FD_IMAGE, O_CLOEXEC);
		close(FD_PREVIOUS_IMAGE);
	}
	log_line(state->plan.is_machine, LOG_ERRNO,
		 "no upgrade: ", state->settings.file, NULL);
}

int reexec_copy_self(const void *unused)
{
	struct stat stat;

	(void)unused;
	if (fstat(FD_IMAGE, &stat) != 0 || stat.st_nlink > 0 ||
	    fcntl(FD_IMAGE, F_GET_SEALS) >= 0 || /* it is in memory already */
	    lseek(FD_IMAGE, 0, SEEK_SET) != 0)	 /* another child read it */
		return EXIT_FAILURE;
	return file_copy(FD_FILE, FD_IMAGE, FILE_MAX);
}

void reexec_copy(const struct state *state)
{
	if (state->fd >= 0 && take_file())
		reexec_with_state(state);
	log_line(state->plan.is_machine, LOG_ERRNO,
		 "can't execute a copy in memory", NULL);
}
