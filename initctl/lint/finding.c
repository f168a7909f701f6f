#include "finding.h"

#include <stddef.h>

struct finding *add_finding(struct lint_line *line, const char *at,
			    const char *before, const char *shown,
			    const char *after)
{
	struct finding *finding = &line->findings[line->count];

	*finding = (struct finding){at, {before, shown, after}, ""};
	if (line->count < FINDINGS_MAX - 1)
		line->count++; /* else the next one overwrites this one */
	return finding;
}
