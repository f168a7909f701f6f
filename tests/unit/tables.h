/*
 * tables.h - tables for tests: made of an inittab as a string, in memory of
 * the exact size, so that the address sanitizer sees a step too far.
 */
#ifndef TABLES_H
#define TABLES_H

#include <stddef.h>

#include "plan.h"

/* Puts text into an empty table and adds its entries; faults are ignored. */
void tables_fill(struct table *t, const char *text);

/* A filled table with room for the children of old (NULL: none), not yet
 * adopted. To be freed. */
struct table *tables_filled(const char *text, const struct table *old);

/* The same, adopted. old stays. To be freed. */
struct table *tables_made(const char *text, struct table *old);

/* A plan for a filled table, not yet adopted; *size is its bytes. What comes
 * after a "!" in the text is the command of a job. To be freed. */
struct plan *tables_plan(const char *text, bool machine,
			 const struct table *old, size_t *size);

/* The commands of a list, in its order, joined by commas. Static memory. */
const char *tables_listed(const struct table *t, enum list list);

/* The one slot that has this command and this membership; 0: none. */
uint32_t tables_find(const struct table *t, const char *command,
		     enum slot_membership membership);

#endif
