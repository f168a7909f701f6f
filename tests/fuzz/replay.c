/* Gives a fuzzer's function what is kept for it, a unit test each. */

#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>

#include "check.h"

#define FILES_MAX 64
#define FILE_MAX (64 * 1024)

static char paths[FILES_MAX][512];
static struct CMUnitTest tests[FILES_MAX];

/* In memory of the exact size, so that the address sanitizer sees a step too
 * far. */
static void replay(void **state)
{
	static uint8_t room[FILE_MAX];
	FILE *file = fopen(*state, "rb");
	size_t size;
	uint8_t *data;

	assert_non_null(file);
	size = fread(room, 1, sizeof(room), file);
	fclose(file);
	assert_true(size < sizeof(room));
	data = malloc(size);
	memcpy(data, room, size);
	assert_int_equal(LLVMFuzzerTestOneInput(data, size), 0);
	free(data);
}

static size_t list_tests(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	size_t count = 0;

	while (dir && (entry = readdir(dir)) && count < FILES_MAX) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(paths[count], sizeof(paths[count]), "%s/%s", directory,
			 entry->d_name);
		tests[count] = (struct CMUnitTest){paths[count], replay, NULL,
						   NULL, paths[count]};
		count++;
	}
	if (dir)
		closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	size_t count = argc == 2 ? list_tests(argv[1]) : 0;

	if (count == 0 || count == FILES_MAX) {
		fprintf(stderr, "usage: %s DIRECTORY, of 1 to %d files\n",
			argv[0], FILES_MAX - 1);
		return 2;
	}
	return _cmocka_run_group_tests(argv[1], tests, count, NULL, NULL);
}
