/*
 * proc_file.h - small files of the kernel's, in /proc and /sys: read and
 * written whole, by one call.
 */
#ifndef PROC_FILE_H
#define PROC_FILE_H

#include <stddef.h>

/* Reads what fits, and ends it with a NUL; "" if there is no such file. */
void proc_read(const char *path, char *text, size_t size);

/* Writes text, if there is such a file; not every kernel has it. */
void proc_write(const char *path, const char *text);

/* The number after so many spaces; 0: there is none. */
unsigned long proc_field(const char *text, int spaces);

#endif
