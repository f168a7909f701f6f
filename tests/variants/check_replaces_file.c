/* The file has another name when it has accepted the state, and /other is what
 * has its own. */
#define _GNU_SOURCE /* siginfo_t */

#include <stdio.h>

#include "reexec.h"
#include "variant.h"

__typeof__(reexec_check_state) WRAP(reexec_check_state);
__typeof__(reexec_check_state) REAL(reexec_check_state);

int WRAP(reexec_check_state)(void)
{
	(void)rename("/other", "/init");
	return REAL(reexec_check_state)();
}
