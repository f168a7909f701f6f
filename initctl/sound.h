/*
 * sound.h - is a copy of a plan fit to be looked at? Whatever bytes it is made
 * of, who reads one that is steps nowhere out of it.
 */
#ifndef SOUND_H
#define SOUND_H

#include "plan.h"

/* Can the file of a plan have that many bytes, and a table of this size? What
 * the plan says of its table's arrays is put right; its lists and indexes are
 * emptied. The text and the slots need not be there yet. */
bool sound_size(struct plan *plan, size_t size);

/* The same of all else that readers rely on, when all is there. */
bool sound_plan(const struct plan *plan);

#endif
