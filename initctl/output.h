/*
 * output.h - text for people: columns on standard output, error messages on
 * standard error, and numbers, times and wait statuses as text. Text from an
 * inittab or from /proc may hold any bytes; this module never passes control
 * characters of it on to the terminal. JSON is in json.h.
 *
 * The functions that print return nothing: output_flush() reports a write that
 * failed.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stddef.h>
#include <stdint.h>

/* Size of the buffer that the format_*() functions write to, with the NUL
 * (bytes). */
#define FORMAT_SIZE 40

/* Prints one byte: a tab as `tab`, any other byte that is not printable ASCII
 * as '?'. */
void output_safe_char(char c, char tab);

/* Prints at most max bytes of text, each as output_safe_char() does, tabs as
 * '?'. */
void output_safe(const char *text, size_t max);

/* Print the whole text, padded with spaces to width: left-aligned and
 * right-aligned. */
void output_left(const char *text, size_t width);
void output_right(const char *text, size_t width);

/* Flushes standard output. Returns 0, or the errno of the first write that
 * failed, in this call or in an earlier one. */
int output_flush(void);

/* Flushes standard output, then prints "initctl: ", the message and a newline
 * on standard error. Preserves errno. */
void error_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The format_*() functions return the buffer, which has FORMAT_SIZE bytes. */

/* A span of time in its two largest units: "12s", "3m12s", "2h03m", "4d12h" or
 * "12 s", "3 min 12 s" and so on. The span is rounded down to seconds; a
 * negative one counts as 0. */
const char *format_span_short(char *buffer, int64_t ms);
const char *format_span_long(char *buffer, int64_t ms);

/* Seconds with 3 decimals (of ms) or 6 (of us): "12.345". A negative time
 * counts as 0. */
const char *format_ms(char *buffer, int64_t ms);
const char *format_us(char *buffer, int64_t us);

/* The name of the signal, "SIGKILL"; "signal 34" if it has no name. */
const char *format_signal(char *buffer, int signal);

/* The exit status ("127") or the signal ("SIGKILL") of a status of wait(2). */
const char *format_status(char *buffer, int status);

/* Copies text to a buffer of size bytes, truncated if necessary and always
 * NUL-terminated. Bytes that are not printable ASCII become '?'. Returns the
 * buffer. */
const char *format_safe(char *buffer, size_t size, const char *text);

#endif
