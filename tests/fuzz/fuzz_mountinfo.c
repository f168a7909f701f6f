/* The input is lines of /proc/swaps if its first byte is an s or S, else of
 * /proc/self/mountinfo. With S or M all paths are as if they had begun with
 * slashes, of which there are nearly too many. */

#include "fuzz.h"

#include <stdbool.h>

#include "mountinfo.h"

#define NEARLY_TOO_MANY (MOUNTINFO_PATH - 16)
#define INPUT_MAX 4096

struct field {
	const char *at;
	size_t len;
};

/* The bytes up to the first of this kind; all if there is none. */
static size_t length_to(char c, const char *at, size_t len)
{
	const char *end = memchr(at, c, len);

	return end ? (size_t)(end - at) : len;
}

/* The nth field of line[0..len), from 1; 0: the last one. Empty if there are
 * not so many. */
static struct field find_field(const char *line, size_t len, int n)
{
	const char *end = line + len;
	struct field field = {line, 0};

	for (int i = 1;; i++) {
		size_t left = (size_t)(end - field.at);

		field.len = length_to(' ', field.at, left);
		field.len = length_to('\t', field.at, field.len);
		if (i == n || (n == 0 && field.len == left))
			return field;
		if (field.len == left)
			return (struct field){end, 0};
		field.at += field.len + 1;
	}
}

/* Decodes the kernel's octal escapes; returns the length. */
static size_t unescape(struct field field, char *out)
{
	const char *at = field.at;
	size_t left = field.len, len = 0;

	for (;;) {
		size_t run = length_to('\\', at, left);

		memcpy(out + len, at, run);
		len += run;
		at += run;
		left -= run;
		if (left < 4)
			return len; /* nothing, or cut short */
		out[len++] = (char)((at[1] & 7) << 6 | (at[2] & 7) << 3 |
				    (at[3] & 7));
		at += 4;
		left -= 4;
	}
}

static uint32_t hash_of(struct field field)
{
	uint32_t hash = 0;

	for (size_t i = 0; i < field.len; i++)
		hash = hash * 33 + (unsigned char)field.at[i];
	return hash;
}

/* Of two bytes or more: an empty one leaves what the field before it said. */
static bool is_read_only(struct field field)
{
	return field.len > 1 && field.at[1] == 'o';
}

static void begin(struct mountinfo *found, enum mount_list list, size_t slashes)
{
	mountinfo_begin(found, list);
	found->len = (uint32_t)slashes;
	memset(found->path, '/', slashes);
}

static void check_line(const struct mountinfo *found, const char *line,
		       size_t len, size_t slashes)
{
	static char path[NEARLY_TOO_MANY + INPUT_MAX];
	bool swaps = found->list == MOUNT_SWAPS, is_path;
	struct field last = find_field(line, len, 0);
	struct field written = find_field(line, len, swaps ? 1 : 5);
	size_t path_len = slashes + unescape(written, path + slashes);

	memset(path, '/', slashes);
	if (path_len > MOUNTINFO_PATH - 1)
		path_len = MOUNTINFO_PATH - 1;
	MUST(found->len == path_len);
	MUST(memcmp(found->path, path, path_len) == 0);
	MUST(found->path[path_len] == '\0');
	path[path_len] = '\0';
	is_path = path[0] == '/' && strcmp(path, "/proc") != 0;
	MUST(mountinfo_needs_release(found) == is_path);
	MUST(found->id == hash_of(find_field(line, len, swaps ? 1 : 3)));
	MUST(last.len == 0 || found->is_read_only == is_read_only(last));
}

static void check_text(const char *text, size_t len, enum mount_list list,
		       size_t slashes)
{
	struct mountinfo *found = malloc(sizeof(*found));
	const char *line = text;

	begin(found, list, slashes);
	for (size_t i = 0; i < len; i++) {
		bool ended = mountinfo_feed(found, (unsigned char)text[i]);

		MUST(ended == (text[i] == '\n'));
		MUST(found->len < MOUNTINFO_PATH);
		if (!ended)
			continue;
		check_line(found, line, (size_t)(text + i - line), slashes);
		line = text + i + 1;
		begin(found, list, slashes);
	}
	free(found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int kind = size > 0 ? data[0] : 0;
	bool swaps = kind == 's' || kind == 'S';
	bool is_long = kind == 'S' || kind == 'M';

	if (size > 0 && size <= INPUT_MAX)
		check_text((const char *)data + 1, size - 1,
			   swaps ? MOUNT_SWAPS : MOUNT_MOUNTS,
			   is_long ? NEARLY_TOO_MANY : 0);
	return 0;
}
