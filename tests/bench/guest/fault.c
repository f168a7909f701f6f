/* Changes the registers of PID 1 by ptrace(2). A SIGSEGV of kill(2) would not
 * do: the kernel discards it for a PID 1 without a handler. */

#include "fault.h"

#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

#define NOT_MAPPED 1	/* an address: below vm.mmap_min_addr */
#define NO_CALL (~0ULL) /* of orig_rax: no system call to restart */

int fault_cause(void)
{
	struct user_regs_struct registers;
	int status;

	if (ptrace(PTRACE_SEIZE, 1, 0, 0) != 0 ||
	    ptrace(PTRACE_INTERRUPT, 1, 0, 0) != 0 ||
	    waitpid(1, &status, __WALL) != 1 ||
	    ptrace(PTRACE_GETREGS, 1, 0, &registers) != 0)
		return 1;
	registers.rip = NOT_MAPPED;
	registers.orig_rax = NO_CALL;
	return ptrace(PTRACE_SETREGS, 1, 0, &registers) != 0 ||
	       ptrace(PTRACE_DETACH, 1, 0, 0) != 0;
}
