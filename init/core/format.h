/*
 * format.h - numbers as text, for messages and paths.
 */
#ifndef FORMAT_H
#define FORMAT_H

/* Room for any number that format_decimal() writes. */
#define FORMAT_SIZE 21

/* Writes number in decimal to the end of buffer; returns where it begins. */
const char *format_decimal(char buffer[FORMAT_SIZE], long number);

/* Likewise, in hexadecimal. */
const char *format_hex(char buffer[FORMAT_SIZE], unsigned long address);

#endif
