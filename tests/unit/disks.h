/*
 * disks.h - what a machine has to let go of on its shutdown, as a test
 * describes it in words: loop devices, swap areas and mounts, in the order in
 * which the kernel lists them.
 *
 *   "loop0 after /img; swap 300; /; /data after loop0; /img"
 *
 * A name tells what it is: loop, swap, or the place of a mount. The words
 * after it tell how it goes:
 *   300      it takes 300 ms (else 10)
 *   hung     it never ends
 *   gone     it is off the list as soon as its end is begun, not when it came
 *   after X  it is in use as long as X is there
 *   by X     a mount: likewise, as long as the process X lives
 *   writing  disks are at work as long as that takes
 *   busy     it is in use for ever; / always is
 * Loop devices end all at once, each when its user has ended.
 */
#ifndef DISKS_H
#define DISKS_H

#include "plan.h"

#define DISKS_MAX 40

struct disk {
	char name[24];
	char after[24];
	char by[24];
	enum task task; /* that takes it away */
	int64_t takes;	/* FOREVER: it hangs */
	bool vanishes;
	bool is_off; /* the list, but still there */
	bool writes;
	bool is_busy;
	bool is_detached; /* a loop device: it ends with its user */
	bool is_gone;
	bool given_up;
	uint32_t tried; /* in which pass, last */
};

struct disks {
	struct disk disks[DISKS_MAX];
	uint32_t count;
};

void disks_set(struct disks *disks, const char *words);

/* The last one before that line (0: of all) that this task takes away, or
 * NULL. *line is its own, as others go before it. */
struct disk *disks_find(struct disks *disks, enum task task, uint32_t before,
			uint32_t *line);

/* Tells disks apart by their names. */
uint32_t disks_id(const struct disk *disk);

/* How long TASK_LOOPS takes; FOREVER: it hangs. */
int64_t disks_loops_take(const struct disks *disks);

/* Lets go of all loop devices. */
void disks_detach(struct disks *disks);

/* Takes it away, and whatever ends along with it. Returns whether it could. */
bool disks_take(struct disks *disks, struct disk *disk);

/* Whether one of this name is there. */
bool disks_have(const struct disks *disks, const char *name);

#endif
