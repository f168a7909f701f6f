#include "source_pos.h"

#include <string.h>

bool point_is_at(const struct source *s, uint32_t at, char byte)
{
	return at < s->len && s->text[at] == byte;
}

/* The same rule as that of joint_length() in inittab.c. */
void point_pass_joints(const struct source *s, struct point *p)
{
	while (point_is_at(s, p->at, '\\')) {
		uint32_t end = p->at + 1;

		end += point_is_at(s, end, '\r') &&
		       point_is_at(s, end + 1, '\n');
		if (end < s->len && s->text[end] != '\n')
			return;
		if (end < s->len)
			point_next_line(s, p);
		else
			p->at = s->len; /* a backslash at the very end */
	}
}

void point_next_line(const struct source *s, struct point *p)
{
	const char *end = memchr(s->text + p->at, '\n', s->len - p->at);

	p->at = end ? (uint32_t)(end - s->text) + 1 : s->len;
	p->line++;
	p->start = p->at;
}

void point_walk(const struct source *s, struct point *p, size_t bytes)
{
	for (; bytes > 0 && p->at < s->len; bytes--) {
		point_pass_joints(s, p);
		p->at += p->at < s->len;
	}
}

static bool ends_line(const struct source *s, uint32_t at)
{
	return at >= s->len || s->text[at] == '\n' || s->text[at] == '\0' ||
	       (s->text[at] == '\r' && point_is_at(s, at + 1, '\n'));
}

struct point point_of_joined(const struct source *s, struct point p,
			     size_t byte)
{
	struct point next;

	point_walk(s, &p, byte);
	next = p;
	point_pass_joints(s, &next);
	return ends_line(s, next.at) ? p : next;
}
