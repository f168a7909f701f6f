#include "finding.h"

#include <stddef.h>

struct found *rule_say(struct look *look, const char *at, const char *before,
		       const char *shown, const char *after)
{
	struct found *found = &look->found[look->count];

	*found = (struct found){at, {before, shown, after}, ""};
	if (look->count < RULE_FINDINGS - 1)
		look->count++; /* else the last place is used again */
	return found;
}
