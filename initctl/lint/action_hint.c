#include "action_hint.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inittab.h"

/* No action is that long, nor is what was meant to be one (bytes). */
#define NAME_MAX_LENGTH 24

#define ACTIONS                                                                \
	"sysinit, wait, once, respawn, askfirst, ctrlaltdel, shutdown and "    \
	"restart"
#define NO_RUNLEVELS "is sysvinit's, and there are no runlevels here: "
#define NO_POWER                                                               \
	"is sysvinit's: here SIGPWR is a poweroff; leave the rest to the "     \
	"daemon of the UPS"
#define OPENWRT "is of OpenWrt's procd: "

/* inittab(5) of sysvinit, and inittab.c of OpenWrt's procd. */
static const struct {
	const char *action;
	const char *advice;
} foreign[] = {
	{"initdefault", NO_RUNLEVELS "delete the line"},
	{"boot", "is sysvinit's: use once"},
	{"bootwait", "is sysvinit's: use sysinit or wait"},
	{"off", "is sysvinit's: delete the line, or put a # before it"},
	{"ondemand", NO_RUNLEVELS "use once or respawn, or delete the line"},
	{"powerfail", NO_POWER},
	{"powerwait", NO_POWER},
	{"powerokwait", NO_POWER},
	{"powerfailnow", NO_POWER},
	{"kbrequest", "is sysvinit's: that key is not listened to here"},
	{"askconsole", OPENWRT "use askfirst"},
	{"askconsolelate", OPENWRT "use askfirst"},
	{"respawnlate", OPENWRT "use respawn"},
};

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Bytes to put in, leave out or change to make b of a (Levenshtein). */
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
			uint32_t best = least(row[j], row[j - 1]) + 1;

			best = least(best, diagonal + !same);
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[len];
}

static const char *foreign_advice(const char *action)
{
	if (strlen(action) > NAME_MAX_LENGTH)
		return NULL;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (distance(action, foreign[i].action) == 0)
			return foreign[i].advice;
	return NULL;
}

static const char *nearest(const char *action)
{
	size_t len = strlen(action);
	/* One mistake in three bytes, at least one ("onc", "respwan"). */
	uint32_t bound = len < 3 ? 1 : (uint32_t)len / 3;
	const char *best = NULL;

	if (len > NAME_MAX_LENGTH)
		return NULL;
	for (enum action a = 0; a < ACTION_INITTAB_COUNT; a++) {
		uint32_t far = distance(action, inittab_action_name(a));

		if (far > bound)
			continue;
		best = inittab_action_name(a);
		bound = far - (far > 0); /* the next has to be nearer */
	}
	return best;
}

void advice_say(struct look *look, const char *action)
{
	const char *advice = foreign_advice(action);
	const char *near = nearest(action);
	struct found *found;

	if (advice) {
		found = rule_say(look, action, "action '", action, "' ");
		found->part[3] = advice;
	} else if (near) {
		found = rule_say(look, action, "unknown action '", action,
				 "'; did you mean '");
		found->part[3] = near;
		found->part[4] = "'?";
	} else if (*action) {
		rule_say(look, action, "unknown action '", action,
			 "'; there are " ACTIONS);
	} else {
		rule_say(look, action, "no action; there are " ACTIONS, NULL,
			 NULL);
	}
}
