#include "format.h"

static char *write_digits(char buffer[KMSG_NUMBER], unsigned long rest,
			  unsigned base)
{
	char *at = buffer + KMSG_NUMBER - 1;

	*at = '\0';
	do
		*--at = "0123456789abcdef"[rest % base];
	while (rest /= base);
	return at;
}

const char *kmsg_number(char buffer[KMSG_NUMBER], long number)
{
	unsigned long rest =
		number < 0 ? -(unsigned long)number : (unsigned long)number;
	char *at = write_digits(buffer, rest, 10);

	if (number < 0)
		*--at = '-';
	return at;
}

const char *kmsg_address(char buffer[KMSG_NUMBER], unsigned long address)
{
	return write_digits(buffer, address, 16);
}
