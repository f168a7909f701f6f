#define _GNU_SOURCE /* memfd_create, F_ADD_SEALS */

#include "memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* linux/memfd.h, since 6.3 */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

#define COPY_SIZE 4096

int memory_file_create(const char *name, bool is_executable)
{
	const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create(
		name, flags | (is_executable ? MFD_EXEC : MFD_NOEXEC_SEAL));

	if (fd < 0 && errno == EINVAL) /* Linux before 6.3 */
		fd = memfd_create(name, flags);
	return fd;
}

void memory_file_seal(int fd)
{
	(void)fcntl(fd, F_ADD_SEALS,
		    F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
}

int file_open(const char *path, uint32_t max, uint32_t *size,
	      bool *is_executable)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat stat;

	if (fd < 0)
		return -1;
	if (fstat(fd, &stat) == 0) {
		*size = (uint32_t)stat.st_size;
		*is_executable = stat.st_mode & S_IXUSR;
		if (S_ISREG(stat.st_mode) && stat.st_size <= max)
			return fd;
		errno = S_ISREG(stat.st_mode)	? EFBIG
			: S_ISDIR(stat.st_mode) ? EISDIR
						: EINVAL;
	}
	close(fd);
	return -1;
}

int64_t file_read(int fd, char *bytes, uint32_t size)
{
	size_t used = 0;
	ssize_t n = 1;

	while (n > 0 && used < size) {
		n = read(fd, bytes + used, size - used);
		if (n > 0)
			used += (size_t)n;
	}
	return n < 0 ? -1 : (int64_t)used;
}

int file_copy(int to, int from, uint32_t max)
{
	char bytes[COPY_SIZE];
	int64_t n = 1;

	for (; n > 0 && max > 0; max -= (uint32_t)n) {
		n = file_read(from, bytes, max < COPY_SIZE ? max : COPY_SIZE);
		if (n < 0)
			return errno;
		errno = ENOSPC; /* of a write that is cut short */
		if (write(to, bytes, (size_t)n) != n)
			return errno;
	}
	return 0;
}
