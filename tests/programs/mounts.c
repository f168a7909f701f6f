/*
 * mounts COUNT DIRECTORY: mounts so many tmpfs, each on a directory of its own
 * in this one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
	char path[256];

	for (int i = 0; argc == 3 && i < atoi(argv[1]); i++) {
		snprintf(path, sizeof(path), "%s/%d", argv[2], i);
		if (mkdir(path, 0755) != 0 ||
		    mount("none", path, "tmpfs", 0, NULL) != 0) {
			perror(path);
			return 1;
		}
	}
	return argc != 3;
}
