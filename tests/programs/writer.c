/* A service that never stops writing: it makes, appends to, syncs, renames and
 * deletes files in DIR. Once it has printed "safe DIR N", record N must survive
 * a power cut, as the last line of DIR/log and the content of DIR/state.
 *
 *   writer [-s] [-d] [-p MS] [-m MARK] DIR
 *
 * -s prints each safe record, -d ignores SIGTERM and SIGHUP, -p waits between
 * records, -m makes the file MARK after the second round. A full disk does not
 * end it. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JUNK 8		   /* files that come and go */
#define LOOSE (256 * 1024) /* bytes of one that stays, at the most */

static bool say_safe;

static bool put(const char *path, int flags, const char *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | flags, 0644);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, data, size) == (ssize_t)size && fsync(fd) == 0;
	close(fd);
	return done;
}

static bool sync_directory(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY);
	bool done = fsync(fd) == 0;

	close(fd);
	return done;
}

static bool record(long number)
{
	char line[32];
	size_t size = (size_t)snprintf(line, sizeof(line), "%ld\n", number);

	return put("log", O_APPEND, line, size) &&
	       put("state.new", O_TRUNC, line, size) &&
	       rename("state.new", "state") == 0 && sync_directory();
}

/* What keeps the journal busy; nobody asks for it to be synced. */
static void stir(long number, int loose)
{
	static char data[65536];
	char name[32], directory[32];
	int junk;

	snprintf(name, sizeof(name), "junk-%ld", number % JUNK);
	snprintf(directory, sizeof(directory), "directory-%ld", number % JUNK);
	mkdir(directory, 0755);
	junk = open(name, O_WRONLY | O_CREAT, 0644);
	if (write(junk, data, (size_t)random() % sizeof(data)) < 0)
		unlink(name);
	close(junk);
	if (lseek(loose, 0, SEEK_CUR) > LOOSE && ftruncate(loose, 0) == 0)
		lseek(loose, 0, SEEK_SET);
	if (write(loose, data, (size_t)random() % (sizeof(data) / 4)) < 0)
		lseek(loose, 0, SEEK_SET);
	snprintf(name, sizeof(name), "junk-%ld", (number + 3) % JUNK);
	snprintf(directory, sizeof(directory), "directory-%ld",
		 (number + 3) % JUNK);
	unlink(name);
	rmdir(directory);
}

/* The number to go on with: the writer is respawned, and the disk remains. */
static long last(void)
{
	FILE *file = fopen("state", "r");
	long number = 0;

	if (file) {
		if (fscanf(file, "%ld", &number) != 1)
			number = 0;
		fclose(file);
	}
	return number;
}

static void be_deaf(void)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
}

int main(int argc, char **argv)
{
	useconds_t pause = 1000;
	const char *mark = NULL;
	int option, loose;
	long number;

	while ((option = getopt(argc, argv, "sdp:m:")) != -1) {
		if (option == 's')
			say_safe = true;
		else if (option == 'd')
			be_deaf();
		else if (option == 'p')
			pause = (useconds_t)atoi(optarg) * 1000;
		else if (option == 'm')
			mark = optarg;
		else
			return 2;
	}
	if (optind != argc - 1 || chdir(argv[optind]) < 0)
		return 2;
	loose = open("loose", O_WRONLY | O_CREAT, 0644);
	number = last();
	for (long round = 1;; round++) {
		if (record(number + 1)) {
			number++;
			if (say_safe)
				dprintf(1, "safe %s %ld\n", argv[optind],
					number);
		}
		stir(number, loose);
		if (round == 2 && mark)
			close(open(mark, O_WRONLY | O_CREAT, 0644));
		usleep(pause);
	}
}
