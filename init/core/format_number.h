/*
 * format_number.h - writes numbers as text, for messages and paths. Allocates
 * nothing. Pure: may be called in any process, also in a signal handler. Can't
 * fail.
 */
#ifndef FORMAT_NUMBER_H
#define FORMAT_NUMBER_H

/* Buffer for any long in decimal, with sign and NUL (bytes). */
#define FORMAT_SIZE 21

/* Writes number in decimal to the end of buffer, with a NUL. Returns the first
 * character of the number, which lies in buffer. */
const char *format_decimal(char buffer[FORMAT_SIZE], long number);

/* The same in hexadecimal, without "0x". */
const char *format_hex(char buffer[FORMAT_SIZE], unsigned long address);

#endif
