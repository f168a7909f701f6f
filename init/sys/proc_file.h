/*
 * proc_file.h - reads and writes small files of the kernel, in /proc and /sys,
 * by one read(2) or write(2) each. May be called in any process. Errors are
 * ignored, and errno is not kept: not every kernel has every file.
 */
#ifndef PROC_FILE_H
#define PROC_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Reads at most size - 1 bytes into text, and ends them with a NUL; size is at
 * least 1. text is "" if the file can't be read. */
void proc_read(const char *path, char *text, size_t size);

/* Writes text to the file if it can be opened. */
void proc_write(const char *path, const char *text);

/* Does text have the word name or, if name ends in '=', a word that begins with
 * name? Words are separated by spaces and newlines. Pure. */
bool proc_has_word(const char *text, const char *name);

/* The decimal number after the given number of spaces; 0 if there is none.
 * Pure. A number that is too large wraps. */
unsigned long proc_field(const char *text, int spaces);

#endif
