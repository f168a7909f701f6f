#include "mountinfo.h"

#include <string.h>

/* In which field of a list, counted from 1, what stands (proc(5)). A
 * filesystem that hangs does so at each place where it is mounted: its device
 * is the mark. */
static const struct {
	uint8_t path;
	uint8_t mark;
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

/* Blanks, newlines and backslashes in a path are \\ and three octal digits. */
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
	if (line->field == fields[line->list].mark)
		line->id = line->id * 33 + byte;
	/* What holds for a whole filesystem begins its last field: ro or rw. */
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
