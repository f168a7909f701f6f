#include "find_entry.h"

#include <string.h>

#include "entry_status.h"

#define WHITESPACE " \t"

/* Returns 0, which no entry has, if word is not a 32-bit number. */
static uint32_t parse_number(const char *word)
{
	uint64_t number = 0;

	for (; *word >= '0' && *word <= '9' && number <= UINT32_MAX; word++)
		number = number * 10 + (uint64_t)(*word - '0');
	return *word || number > UINT32_MAX ? 0 : (uint32_t)number;
}

const char *command_basename(const char *command, size_t *len)
{
	const char *name = command + strspn(command, WHITESPACE);
	const char *end;

	if (*name == '-')
		name++;
	end = name + strcspn(name, WHITESPACE);
	for (const char *at = name; at < end; at++)
		if (*at == '/' && at + 1 < end)
			name = at + 1;
	*len = (size_t)(end - name);
	return name;
}

static bool is_on_tty(const struct table *t, uint32_t slot, const char *word)
{
	if (strncmp(word, "/dev/", 5) == 0)
		word += 5;
	return *word && strcmp(table_tty(t, slot), word) == 0;
}

static bool runs_command(const struct table *t, uint32_t slot, const char *word)
{
	size_t len;
	const char *name = command_basename(table_command(t, slot), &len);

	return len && strlen(word) == len && strncmp(word, name, len) == 0;
}

bool entry_matches(const struct table *t, uint32_t slot, const char *word,
		   enum match_kind kind)
{
	const struct slot *s = table_slot(t, slot);
	bool unlisted =
		kind == MATCH_UNLISTED_TTY || kind == MATCH_UNLISTED_COMMAND;

	if (!entry_is_shown(s))
		return false;
	if (kind == MATCH_NUMBER)
		return s->history.number &&
		       s->history.number == parse_number(word);
	if (unlisted != (s->membership != SLOT_LISTED))
		return false;
	if (kind == MATCH_TTY || kind == MATCH_UNLISTED_TTY)
		return is_on_tty(t, slot, word);
	return runs_command(t, slot, word);
}

struct entry_match find_entry(const struct table *t, const char *word)
{
	struct entry_match match = {MATCH_NUMBER, 0, 0};

	for (; match.kind < MATCH_NONE; match.kind++) {
		for (uint32_t i = 1; i <= t->count; i++) {
			if (!entry_matches(t, i, word, match.kind))
				continue;
			if (!match.count++)
				match.slot = i;
		}
		if (match.count)
			break;
	}
	return match;
}
