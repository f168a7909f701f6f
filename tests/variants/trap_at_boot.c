/* A fault at each boot, before there is a state. */
#include "tty.h"
#include "variant.h"

__typeof__(tty_repair) WRAP(tty_repair);

void WRAP(tty_repair)(void)
{
	__builtin_trap();
}
