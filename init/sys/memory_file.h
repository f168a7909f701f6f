/*
 * memory_file.h - files in memory (memfd_create(2)), and a copy of a file of a
 * disk in one. Knows nothing of what they hold. PID 1 makes and seals them; a
 * child fills them, since a disk may block it for ever.
 */
#ifndef MEMORY_FILE_H
#define MEMORY_FILE_H

#include <stdbool.h>
#include <stdint.h>

/* Makes an empty file that can be sealed, and executed only if is_executable,
 * as far as the kernel can tell (since Linux 6.3). Returns its descriptor,
 * which exec closes, or -1 and errno. */
int memory_file_create(const char *name, bool is_executable);

/* Nobody can change the file any more. Errors are ignored: without the seals,
 * only root could change it, through /proc/1/fd. */
void memory_file_seal(int fd);

/* Opens a regular file of at most max bytes to read it; *size is its size, and
 * *is_executable whether its owner may execute it. Does not wait for the writer
 * of a FIFO. Returns the descriptor, or -1 and errno: EFBIG, EISDIR, EINVAL (no
 * regular file), or as open(2). */
int file_open(const char *path, uint32_t max, uint32_t *size,
	      bool *is_executable);

/* Copies at most max bytes. Returns 0 or an errno. */
int file_copy(int to, int from, uint32_t max);

/* Reads up to size bytes. Returns their number, or -1 and errno. */
int64_t file_read(int fd, char *bytes, uint32_t size);

#endif
