#include "source_pos.h"

#include <string.h>

bool source_has_byte(const struct source *s, uint32_t at, char byte)
{
	return at < s->len && s->text[at] == byte;
}

/* By the same rule as joint_length() in init/core/inittab.c. */
void pos_skip_continuations(const struct source *s, struct pos *p)
{
	while (source_has_byte(s, p->at, '\\')) {
		uint32_t end = p->at + 1;

		end += source_has_byte(s, end, '\r') &&
		       source_has_byte(s, end + 1, '\n');
		if (end < s->len && s->text[end] != '\n')
			return;
		if (end < s->len)
			pos_next_line(s, p);
		else
			p->at = s->len; /* a backslash at the end of the text */
	}
}

void pos_next_line(const struct source *s, struct pos *p)
{
	const char *end = memchr(s->text + p->at, '\n', s->len - p->at);

	p->at = end ? (uint32_t)(end - s->text) + 1 : s->len;
	p->line++;
	p->start = p->at;
}

void pos_advance(const struct source *s, struct pos *p, size_t bytes)
{
	for (; bytes > 0 && p->at < s->len; bytes--) {
		pos_skip_continuations(s, p);
		p->at += p->at < s->len;
	}
}

static bool ends_line(const struct source *s, uint32_t at)
{
	return at >= s->len || s->text[at] == '\n' || s->text[at] == '\0' ||
	       (s->text[at] == '\r' && source_has_byte(s, at + 1, '\n'));
}

struct pos pos_of_joined(const struct source *s, struct pos p, size_t byte)
{
	struct pos next;

	pos_advance(s, &p, byte);
	next = p;
	pos_skip_continuations(s, &next);
	return ends_line(s, next.at) ? p : next;
}
