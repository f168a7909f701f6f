/* A fault in the parser, of an inittab that begins with "trap". */
#include <string.h>

#include "inittab.h"
#include "variant.h"

__typeof__(inittab_parse) WRAP(inittab_parse);
__typeof__(inittab_parse) REAL(inittab_parse);

void WRAP(inittab_parse)(char *text, uint32_t len,
			 const struct inittab_sink *sink)
{
	if (len > 4 && memcmp(text, "trap", 4) == 0)
		__builtin_trap();
	REAL(inittab_parse)(text, len, sink);
}
