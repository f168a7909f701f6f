#include "find_entry.h"

#include <string.h>

#include "entry_status.h"

#define BLANKS " \t"

/* 0 if it is no number, or none that an entry can have. */
static uint32_t number_of(const char *word)
{
	uint64_t number = 0;

	for (; *word >= '0' && *word <= '9' && number <= UINT32_MAX; word++)
		number = number * 10 + (uint64_t)(*word - '0');
	return *word || number > UINT32_MAX ? 0 : (uint32_t)number;
}

const char *pick_name(const char *command, size_t *len)
{
	const char *name = command + strspn(command, BLANKS);
	const char *end;

	if (*name == '-')
		name++;
	end = name + strcspn(name, BLANKS);
	for (const char *at = name; at < end; at++)
		if (*at == '/' && at + 1 < end)
			name = at + 1;
	*len = (size_t)(end - name);
	return name;
}

static bool is_on(const struct table *t, uint32_t slot, const char *word)
{
	if (strncmp(word, "/dev/", 5) == 0)
		word += 5;
	return *word && strcmp(table_tty(t, slot), word) == 0;
}

static bool is_named(const struct table *t, uint32_t slot, const char *word)
{
	size_t len;
	const char *name = pick_name(table_command(t, slot), &len);

	return len && strlen(word) == len && strncmp(word, name, len) == 0;
}

bool pick_names(const struct table *t, uint32_t slot, const char *word,
		enum pick_by by)
{
	const struct slot *s = table_slot(t, slot);
	bool is_left = by == PICK_LEFT_TTY || by == PICK_LEFT_NAME;

	if (!entrystate_is_shown(s))
		return false;
	if (by == PICK_NUMBER)
		return s->history.number &&
		       s->history.number == number_of(word);
	if (is_left != (s->membership != SLOT_LISTED))
		return false;
	if (by == PICK_TTY || by == PICK_LEFT_TTY)
		return is_on(t, slot, word);
	return is_named(t, slot, word);
}

struct pick pick_entry(const struct table *t, const char *word)
{
	struct pick pick = {PICK_NUMBER, 0, 0};

	for (; pick.by < PICK_NOTHING; pick.by++) {
		for (uint32_t i = 1; i <= t->count; i++) {
			if (!pick_names(t, i, word, pick.by))
				continue;
			if (!pick.count++)
				pick.slot = i;
		}
		if (pick.count)
			break;
	}
	return pick;
}
