/*
 * format.h - numbers as text, for messages and paths.
 */
#ifndef FORMAT_H
#define FORMAT_H

/* Room for any number that kmsg_number() writes. */
#define KMSG_NUMBER 21

/* Writes number in decimal to the end of buffer; returns where it begins. */
const char *kmsg_number(char buffer[KMSG_NUMBER], long number);

/* Likewise, in hexadecimal. */
const char *kmsg_address(char buffer[KMSG_NUMBER], unsigned long address);

#endif
