/*
 * mountinfo.h - parses lines of /proc/self/mountinfo and /proc/swaps (proc(5)),
 * byte by byte, since PID 1 has no memory for a list of any length. Opens and
 * reads no file: mount.c does. Pure: may be called in any process. Can't fail.
 */
#ifndef MOUNTINFO_H
#define MOUNTINFO_H

#include <stdbool.h>
#include <stdint.h>

/* The longest path of a system call, with its NUL (bytes; PATH_MAX of
 * linux/limits.h). */
#define MOUNTINFO_PATH 4096

enum mount_list {
	MOUNT_SWAPS, /* /proc/swaps */
	MOUNT_MOUNTS /* /proc/self/mountinfo, in the order of mounting: a mount
		      * comes after the one it lies on, except for / and
		      * mounts that were moved */
};

/* The parser of one line, and its result. */
struct mountinfo {
	/* state of the parser */
	enum mount_list list;
	int field;	  /* current field, from 1 */
	int at;		  /* bytes of the field so far */
	unsigned escaped; /* 0: not in an escape; else a 1 and the octal digits
			   * after the backslash so far */

	/* result */
	bool is_read_only; /* mountinfo: the filesystem, not this mount */
	uint32_t id;	   /* hash of the path of the swap area, or of the
			    * filesystem's device number */
	uint32_t len;	   /* of path (bytes) */
	char path[MOUNTINFO_PATH]; /* cut to fit */
};

/* Begins a line of that list. *line may hold anything, and so may the bytes of
 * the line. */
void mountinfo_begin(struct mountinfo *line, enum mount_list list);

/* Parses the next byte. Returns true if that byte ends the line: the result is
 * complete then, path has its NUL, and mountinfo_begin() must come next. */
bool mountinfo_feed(struct mountinfo *line, unsigned char byte);

/* Does a complete line name something that shutdown has to release? The
 * heading of /proc/swaps does not, nor does /proc, where both lists are. */
bool mountinfo_needs_release(const struct mountinfo *line);

/* Where a child is that releases all of a list. The child writes it, so that it
 * may be anything, and change at any time; path may lack its NUL. */
struct release_progress {
	int32_t owner;	   /* its pid: an earlier one goes no further */
	uint32_t object;   /* number of the line in the list, from 1; 0: none */
	uint32_t id;	   /* as in struct mountinfo; 0: not known */
	uint32_t released; /* objects so far */
	char path[MOUNTINFO_PATH - 16]; /* cut to fit: a page in all */
};

#endif
