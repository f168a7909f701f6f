#include "lint_lines.h"

#include <string.h>

#include "action_hint.h"
#include "rules.h"

static void tell(const struct check *c, struct point p,
		 const char *const *parts)
{
	c->sink->finding(c->sink->arg, p.line, p.at - p.start + 1, parts);
}

void inspect_say(const struct check *c, struct point p, const char *text)
{
	const char *const parts[] = {text, NULL};

	tell(c, p, parts);
}

static bool is_blank(const struct check *c, uint32_t at)
{
	return point_is_at(&c->source, at, ' ') ||
	       point_is_at(&c->source, at, '\t') ||
	       point_is_at(&c->source, at, '\r');
}

/* From the last byte that the parser took of a line to the next line. */
static void finish_line(const struct check *c, struct point *p)
{
	point_pass_joints(&c->source, p);
	while (is_blank(c, p->at)) {
		p->at++;
		point_pass_joints(&c->source, p);
	}
	if (point_is_at(&c->source, p->at, '\0'))
		inspect_say(c, *p,
			    "a NUL byte: the rest of this line is ignored");
	point_next_line(&c->source, p);
}

/* What the parser made of a byte of the joined line. */
static char *parsed(const struct check *c, const struct item *item, size_t byte)
{
	return table_text(c->table) + item->start.at + byte;
}

/* Goes to a colon of the joined line, and returns how far that is. */
static size_t find_colon(const struct check *c, struct point *p)
{
	size_t bytes = 0;

	for (;; bytes++) {
		point_pass_joints(&c->source, p);
		if (p->at >= c->source.len || c->source.text[p->at] == ':')
			return bytes;
		p->at++;
	}
}

/* The second field, without blanks; the parser keeps nothing of it. */
static void read_levels(const struct check *c, const struct item *item,
			char levels[RULE_LEVELS])
{
	struct point p = item->start;
	size_t len = 0;

	(void)find_colon(c, &p);
	p.at++;
	while (len < RULE_LEVELS - 1 && p.at < c->source.len) {
		point_pass_joints(&c->source, &p);
		if (point_is_at(&c->source, p.at, ':'))
			break;
		if (!is_blank(c, p.at))
			levels[len++] = c->source.text[p.at];
		p.at++;
	}
	levels[len] = '\0';
}

/* Tells what was found in a line, from left to right. */
static void tell_found(const struct check *c, const struct item *item,
		       struct look *look)
{
	struct point points[RULE_FINDINGS];
	const char *text = parsed(c, item, 0);

	for (uint32_t i = 0; i < look->count; i++)
		points[i] = point_of_joined(&c->source, item->start,
					    (size_t)(look->found[i].at - text));
	for (uint32_t told = 0; told < look->count; told++) {
		uint32_t first = 0;

		for (uint32_t i = 1; i < look->count; i++)
			if (points[i].at < points[first].at)
				first = i;
		tell(c, points[first], look->found[first].part);
		points[first].at = UINT32_MAX;
	}
}

/* Looks at an entry; returns where its command ends. */
static const char *look_at_entry(const struct check *c, const struct item *item,
				 struct look *look)
{
	const struct slot *slot = table_slot(c->table, item->slot);
	const struct entry *entry = &slot->entry;

	look->tty = table_text(c->table) + entry->tty;
	look->is_path = look->tty > parsed(c, item, 0) && look->tty[-1] == '/';
	look->command = table_text(c->table) + entry->command;
	look->action = entry->action;
	look->same = item->same;
	look->twin = item->twin;
	look->restart = 0;
	if (entry->action == ACTION_RESTART &&
	    slot->membership != SLOT_REPEATED && item->start.line != c->restart)
		look->restart = c->restart;
	look->is_dead_end = item->start.line == c->dead_end;
	read_levels(c, item, look->levels);
	rule_apply(look);
	return look->command + strlen(look->command);
}

/* Says what is wrong with a line; returns where the parser's copy ends. */
static const char *look_at_fault(const struct check *c, const struct item *item,
				 struct look *look)
{
	size_t byte = item->column - 1;
	const char *bad = parsed(c, item, byte);
	struct point p = item->start;

	if (strcmp(item->why, "unknown action") != 0) {
		rule_say(look, bad, item->why, NULL, NULL);
		return bad + strlen(bad);
	}
	advice_say(look, bad);
	point_walk(&c->source, &p, byte);
	bad = parsed(c, item, byte + find_colon(c, &p) + 1);
	while (*bad == ' ' || *bad == '\t')
		bad++;
	return bad + strlen(bad);
}

static void look_at_line(const struct check *c, const struct item *item,
			 struct point *next)
{
	struct look look;
	const char *end;

	look.count = 0;
	end = item->slot ? look_at_entry(c, item, &look)
			 : look_at_fault(c, item, &look);
	tell_found(c, item, &look);
	*next = item->start;
	point_walk(&c->source, next, (size_t)(end - parsed(c, item, 0)));
	finish_line(c, next);
}

/* Every line: the parser's, and those between, of which it took nothing. */
void inspect_lines(const struct check *c)
{
	struct point p = {0, 1, 0};

	for (uint32_t i = 0; i < c->count; i++) {
		while (p.at < c->items[i].start.at)
			finish_line(c, &p);
		look_at_line(c, &c->items[i], &p);
	}
	while (p.at < c->source.len)
		finish_line(c, &p);
}
