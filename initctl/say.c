#include "say.h"

#include <stdarg.h>
#include <stddef.h>

#include "out.h"

void say(const char *first, ...)
{
	const char *part = first;
	va_list rest;

	out_error("initctl: ");
	va_start(rest, first);
	do
		out_error(part);
	while ((part = va_arg(rest, const char *)));
	va_end(rest);
	out_error("\n");
}
