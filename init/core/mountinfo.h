/*
 * mountinfo.h - what a line of /proc/self/mountinfo or /proc/swaps says. Is
 * given its bytes one by one, as PID 1 has no memory for a list of any length;
 * opens and reads nothing.
 */
#ifndef MOUNTINFO_H
#define MOUNTINFO_H

#include <stdbool.h>
#include <stdint.h>

/* A path that system calls take, with its NUL (PATH_MAX of linux/limits.h). */
#define MOUNTINFO_PATH 4096

/* Lists of the kernel, in the order in which things were added. */
enum mount_list {
	MOUNT_SWAPS, /* /proc/swaps */
	MOUNT_MOUNTS /* /proc/self/mountinfo: all but / come after what they
		      * lie on, unless somebody moved them */
};

struct mountinfo {
	/* how far the line is */
	enum mount_list list;
	int field;	  /* from 1 */
	int at;		  /* bytes of it so far */
	unsigned escaped; /* after a backslash: 1, and its digits so far */

	bool is_read_only; /* mountinfo: the filesystem, not this mount */
	uint32_t id;	   /* of swap area or filesystem, to know it again */
	uint32_t len;	   /* of path, which is cut to fit */
	char path[MOUNTINFO_PATH];
};

/* Begins a line of that list. Any bytes at all may follow. */
void mountinfo_begin(struct mountinfo *line, enum mount_list list);

/* Takes the next byte. True if it ends the line: only then the line tells what
 * it is, and path is NUL-ended; mountinfo_begin() comes next. */
bool mountinfo_feed(struct mountinfo *line, unsigned char byte);

/* Does a complete line name something that has to go before the end? Not so
 * the head of /proc/swaps, and what these lists are read from. */
bool mountinfo_needs_release(const struct mountinfo *line);

/* A line of such a list, as far as a plan has to know it. */
struct mount_line {
	uint32_t number; /* from 1; 0: there is none */
	uint32_t id;	 /* of swap area or filesystem, to know it again */
	char path[MOUNTINFO_PATH];
};

#endif
