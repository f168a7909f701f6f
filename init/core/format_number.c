#include "format_number.h"

static char *write_digits(char buffer[FORMAT_SIZE], unsigned long rest,
			  unsigned base)
{
	char *at = buffer + FORMAT_SIZE - 1;

	*at = '\0';
	do
		*--at = "0123456789abcdef"[rest % base];
	while (rest /= base);
	return at;
}

const char *format_decimal(char buffer[FORMAT_SIZE], long number)
{
	unsigned long rest =
		number < 0 ? -(unsigned long)number : (unsigned long)number;
	char *at = write_digits(buffer, rest, 10);

	if (number < 0)
		*--at = '-';
	return at;
}

const char *format_hex(char buffer[FORMAT_SIZE], unsigned long address)
{
	return write_digits(buffer, address, 16);
}
