#include "respawn.h"

/* Doublings of RESPAWN_MIN_INTERVAL that stay below RESPAWN_MAX_DELAY: 32 s. */
#define RESPAWN_DOUBLINGS 5

int64_t respawn_earliest(const struct slot *slot, int64_t now)
{
	int64_t earliest = slot->history.started + RESPAWN_MIN_INTERVAL;

	return slot->history.starts && earliest > now ? earliest : now;
}

int64_t respawn_on_exit(struct slot *slot, int status, int64_t now)
{
	uint32_t doublings;

	if (status == 0 || now - slot->history.started >= RESPAWN_STABLE)
		slot->history.failures = 0;
	else if (slot->history.failures < UINT32_MAX)
		slot->history.failures++;
	if (!respawn_is_throttled(slot))
		return respawn_earliest(slot, now);
	doublings = slot->history.failures - RESPAWN_MAX_FAILURES + 1;
	if (doublings > RESPAWN_DOUBLINGS)
		return now + RESPAWN_MAX_DELAY;
	return now + (RESPAWN_MIN_INTERVAL << doublings);
}
