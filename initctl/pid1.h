/*
 * pid1.h - PID 1 as /proc shows it: what program it is, and which of its
 * descriptors holds a state of our init.
 */
#ifndef PID1_H
#define PID1_H

#include <sys/stat.h>

#include "state.h"

#define PROC_FOLDER "/proc/1/fd"
#define PROC_PATH_SIZE 40

/* What a state begins with; that never changes. */
struct proc_head {
	uint32_t magic;
	uint32_t version;
	size_t size;
	int fd;
};

struct proc_state {
	int fd; /* ours, open to be read; -1: none */
	char path[PROC_PATH_SIZE];
	struct proc_head head;
	struct stat stat;
};

/*
 * Finds the state of PID 1: sets *found, whose fd is -1 before, and returns how
 * many there are. Two, while init makes a new one; then the one that is found
 * need not be the one in use. Of a version that is not ours only the head is
 * looked at. -1: errno.
 */
int proc_find(struct proc_state *found);

/* Is PID 1 our init, as far as can be known of one that shows no state? */
bool proc_is_ours(void);

/* Is the program of this process that of PID 1: a child of init's that is not
 * its command yet? */
bool proc_is_init(pid_t pid);

/* The name of PID 1 (/proc/1/comm), or "": size bytes at most. */
void proc_name(char *name, size_t size);

/* Says that PID 1 is another program than our init, and its name. */
void proc_say_other(void);

#endif
