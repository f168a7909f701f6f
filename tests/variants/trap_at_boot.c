/* A fault at each boot, before there is a state. */
#include "tty.h"
#include "variant.h"

__typeof__(stdio_ensure_open) WRAP(stdio_ensure_open);

void WRAP(stdio_ensure_open)(void)
{
	__builtin_trap();
}
