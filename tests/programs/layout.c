/*
 * layout: where things are in the state, "NAME OFFSET" a line, for tests that
 * look into a running init or write there.
 */
#define _GNU_SOURCE /* siginfo_t */

#include <stddef.h>
#include <stdio.h>

#include "state.h"

static void tell(const char *name, size_t offset)
{
	printf("%s %zu\n", name, offset);
}

int main(void)
{
	tell("version", offsetof(struct state, version));
	tell("sequence", offsetof(struct state, undo.sequence));
	tell("faults", offsetof(struct state, faults.count));
	tell("table", offsetof(struct state, plan.table));
	tell("slots_at", offsetof(struct state, plan.table.slots_at));
	/* of slot 1, from slots_at on */
	tell("starts",
	     sizeof(struct slot) + offsetof(struct slot, history.starts));
	return 0;
}
