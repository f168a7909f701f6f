#include "action_hint.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inittab.h"

/* A longer word is not a misspelled action (bytes). */
#define NAME_MAX_LENGTH 24

#define ACTIONS                                                                \
	"sysinit, wait, once, respawn, askfirst, ctrlaltdel, shutdown, "       \
	"restart"
#define NO_RUNLEVELS "is sysvinit's, and init has no runlevels: "
#define NO_POWER                                                               \
	"is sysvinit's: init powers off on SIGPWR; leave the rest to the "     \
	"daemon of the UPS"
#define OPENWRT "is of OpenWrt's procd: "

/* Actions of other inits, from inittab(5) of sysvinit and inittab.c of
 * OpenWrt's procd. */
static const struct {
	const char *action;
	const char *hint;
} foreign_actions[] = {
	{"initdefault", NO_RUNLEVELS "delete the line"},
	{"boot", "is sysvinit's: use once"},
	{"bootwait", "is sysvinit's: use sysinit or wait"},
	{"off", "is sysvinit's: delete the line, or put a # before it"},
	{"ondemand", NO_RUNLEVELS "use once or respawn, or delete the line"},
	{"powerfail", NO_POWER},
	{"powerwait", NO_POWER},
	{"powerokwait", NO_POWER},
	{"powerfailnow", NO_POWER},
	{"kbrequest", "is sysvinit's: init does not handle that key"},
	{"askconsole", OPENWRT "use askfirst"},
	{"askconsolelate", OPENWRT "use askfirst"},
	{"respawnlate", OPENWRT "use respawn"},
};

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* The Levenshtein distance: how many bytes must be inserted, deleted or
 * replaced to turn a into b. b has at most NAME_MAX_LENGTH bytes. */
static uint32_t distance(const char *a, const char *b)
{
	uint32_t row[NAME_MAX_LENGTH + 1];
	uint32_t len = (uint32_t)strlen(b);

	for (uint32_t j = 0; j <= len; j++)
		row[j] = j;
	for (; *a; a++) {
		uint32_t diagonal = row[0]++;

		for (uint32_t j = 1; j <= len; j++) {
			uint32_t same = lower(*a) == lower(b[j - 1]);
			uint32_t best = smaller(row[j], row[j - 1]) + 1;

			best = smaller(best, diagonal + !same);
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[len];
}

static const char *foreign_hint(const char *action)
{
	if (strlen(action) > NAME_MAX_LENGTH)
		return NULL;
	for (size_t i = 0;
	     i < sizeof(foreign_actions) / sizeof(foreign_actions[0]); i++)
		if (distance(action, foreign_actions[i].action) == 0)
			return foreign_actions[i].hint;
	return NULL;
}

static const char *nearest_action(const char *action)
{
	size_t len = strlen(action);
	/* one mistake for each three bytes, but at least one */
	uint32_t bound = len < 3 ? 1 : (uint32_t)len / 3;
	const char *best = NULL;

	if (len > NAME_MAX_LENGTH)
		return NULL;
	for (enum action a = 0; a < ACTION_INITTAB_COUNT; a++) {
		uint32_t far = distance(action, inittab_action_name(a));

		if (far > bound)
			continue;
		best = inittab_action_name(a);
		bound = far - (far > 0); /* only a nearer one is better */
	}
	return best;
}

void hint_action(struct lint_line *line, const char *action)
{
	const char *hint = foreign_hint(action);
	const char *near = nearest_action(action);
	struct finding *finding;

	if (hint) {
		finding = add_finding(line, action, "action '", action, "' ");
		finding->parts[3] = hint;
	} else if (near) {
		finding = add_finding(line, action, "unknown action '", action,
				      "'; did you mean '");
		finding->parts[3] = near;
		finding->parts[4] = "'?";
	} else if (*action) {
		add_finding(line, action, "unknown action '", action,
			    "'; known actions: " ACTIONS);
	} else {
		add_finding(line, action, "no action; known actions: " ACTIONS,
			    NULL, NULL);
	}
}
