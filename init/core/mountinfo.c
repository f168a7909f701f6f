#include "mountinfo.h"

#include <string.h>

/* Fields of each list (proc(5)), from 1. The id of a mount is the device number
 * of its filesystem: one that hangs does so at each of its mount points. */
static const struct {
	uint8_t path;
	uint8_t id;
} fields[] = {
	[MOUNT_SWAPS] = {1, 1},
	[MOUNT_MOUNTS] = {5, 3},
};

void mountinfo_begin(struct mountinfo *line, enum mount_list list)
{
	line->is_read_only = false;
	line->id = 0;
	line->len = 0;
	line->list = list;
	line->field = 1;
	line->at = 0;
	line->escaped = 0;
}

/* In a path, whitespace and backslashes are written as a backslash and three
 * octal digits. */
static void take_path(struct mountinfo *line, unsigned byte)
{
	if (line->escaped || byte == '\\') {
		byte = line->escaped ? line->escaped * 8 + (byte & 7) : 1;
		line->escaped = byte < 8 * 8 * 8 ? byte : 0;
		if (line->escaped)
			return;
	}
	if (line->len < sizeof(line->path) - 1)
		line->path[line->len++] = (char)byte;
}

bool mountinfo_feed(struct mountinfo *line, unsigned char byte)
{
	if (byte == '\n') {
		line->path[line->len] = '\0';
		return true;
	}
	if (byte == ' ' || byte == '\t') {
		line->field++;
		line->at = 0;
		return false;
	}
	if (line->field == fields[line->list].id)
		line->id = line->id * 33 + byte;
	/* The last field, the options of the filesystem, begins with ro or rw;
	 * what other fields set is overwritten. */
	if (line->at <= 1)
		line->is_read_only = line->at == 1 && byte == 'o';
	if (line->field == fields[line->list].path)
		take_path(line, byte);
	line->at++;
	return false;
}

bool mountinfo_needs_release(const struct mountinfo *line)
{
	return line->path[0] == '/' && strcmp(line->path, "/proc") != 0;
}
