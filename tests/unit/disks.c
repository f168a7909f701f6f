#include "disks.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

#define TAKES 10 /* ms, what nothing else is said of */

/* Cuts the next word off *words, up to one of these bytes. */
static const char *cut(const char **words, const char *ends, char *word,
		       size_t size)
{
	size_t len = strcspn(*words, ends);

	assert_true(len > 0 && len < size);
	memcpy(word, *words, len);
	word[len] = '\0';
	*words += len;
	*words += strspn(*words, " ");
	return word;
}

static void read_words(struct disk *disk, const char **words)
{
	char word[24];

	while (**words && **words != ';') {
		cut(words, " ;", word, sizeof(word));
		if (word[0] >= '0' && word[0] <= '9')
			disk->takes = strtol(word, NULL, 10);
		else if (strcmp(word, "hung") == 0)
			disk->takes = FOREVER;
		else if (strcmp(word, "gone") == 0)
			disk->vanishes = true;
		else if (strcmp(word, "writing") == 0)
			disk->writes = true;
		else if (strcmp(word, "after") == 0)
			cut(words, " ;", disk->after, sizeof(disk->after));
		else if (strcmp(word, "by") == 0)
			cut(words, " ;", disk->by, sizeof(disk->by));
		else if (strcmp(word, "busy") == 0)
			disk->is_busy = true;
		else
			fail_msg("what is '%s'?", word);
	}
}

static enum task task_of(const char *name)
{
	if (name[0] == '/')
		return TASK_UNMOUNT;
	return strncmp(name, "swap", 4) == 0 ? TASK_SWAPOFF : TASK_LOOPS;
}

void disks_set(struct disks *disks, const char *words)
{
	disks->count = 0;
	while (*words) {
		struct disk *disk = &disks->disks[disks->count++];

		assert_in_range(disks->count, 1, DISKS_MAX);
		memset(disk, 0, sizeof(*disk));
		disk->takes = TAKES;
		cut(&words, " ;", disk->name, sizeof(disk->name));
		disk->task = task_of(disk->name);
		disk->is_busy = strcmp(disk->name, "/") == 0;
		read_words(disk, &words);
		words += strspn(words, "; ");
	}
}

struct disk *disks_find(struct disks *disks, enum task task, uint32_t before,
			uint32_t *line)
{
	/* /proc/swaps has a head */
	uint32_t number = task == TASK_SWAPOFF ? 1 : 0;
	struct disk *found = NULL;

	*line = 0;
	for (uint32_t i = 0; i < disks->count; i++) {
		struct disk *disk = &disks->disks[i];

		if (disk->task != task || disk->is_gone || disk->is_off)
			continue;
		number++;
		if (before && number >= before)
			break;
		found = disk;
		*line = number;
	}
	return found;
}

uint32_t disks_id(const struct disk *disk)
{
	uint32_t id = 0;

	for (const char *byte = disk->name; *byte; byte++)
		id = id * 31 + (unsigned char)*byte;
	return id;
}

bool disks_have(const struct disks *disks, const char *name)
{
	for (uint32_t i = 0; i < disks->count; i++)
		if (!disks->disks[i].is_gone &&
		    strcmp(disks->disks[i].name, name) == 0)
			return true;
	return false;
}

int64_t disks_loops_take(const struct disks *disks)
{
	int64_t takes = 0;

	for (uint32_t i = 0; i < disks->count; i++)
		if (disks->disks[i].task == TASK_LOOPS &&
		    !disks->disks[i].is_gone && disks->disks[i].takes > takes)
			takes = disks->disks[i].takes;
	return takes;
}

static bool is_in_use(const struct disks *disks, const struct disk *disk)
{
	return disk->is_busy || disks_have(disks, disk->after);
}

/* One that ends may have been another's user. */
static void end_detached(struct disks *disks)
{
	for (uint32_t i = 0; i < disks->count; i++) {
		struct disk *disk = &disks->disks[i];

		if (disk->is_gone || !disk->is_detached ||
		    is_in_use(disks, disk))
			continue;
		disk->is_gone = true;
		end_detached(disks);
	}
}

void disks_detach(struct disks *disks)
{
	for (uint32_t i = 0; i < disks->count; i++)
		if (disks->disks[i].task == TASK_LOOPS)
			disks->disks[i].is_detached = true;
	end_detached(disks);
}

bool disks_take(struct disks *disks, struct disk *disk)
{
	if (is_in_use(disks, disk))
		return false;
	disk->is_gone = true;
	end_detached(disks);
	return true;
}
