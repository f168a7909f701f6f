/* The input is an inittab. */

#include "fuzz.h"

#include "echo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct echo echo;

	if (size <= ECHO_MAX)
		echo_check((const char *)data, size, &echo);
	return 0;
}
