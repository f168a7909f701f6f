#include "respawn.h"

/* 2^5 s is the last doubling below RESPAWN_MOST. */
#define RESPAWN_DOUBLINGS 5

int64_t respawn_asked(const struct slot *slot, int64_t now)
{
	int64_t apart = slot->started + RESPAWN_APART;

	return slot->starts && apart > now ? apart : now;
}

int64_t respawn_after(struct slot *slot, int status, int64_t now)
{
	uint32_t beyond;

	if (status == 0 || now - slot->started >= RESPAWN_WELL)
		slot->failures = 0;
	else if (slot->failures < UINT32_MAX)
		slot->failures++;
	if (!respawn_is_put_off(slot))
		return respawn_asked(slot, now);
	beyond = slot->failures - RESPAWN_PATIENCE + 1;
	if (beyond > RESPAWN_DOUBLINGS)
		return now + RESPAWN_MOST;
	return now + (RESPAWN_APART << beyond);
}
