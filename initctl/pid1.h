/*
 * pid1.h - PID 1 as seen from outside: which program it is, which of its file
 * descriptors is the memfd with init's state, and how to signal it. It reads
 * /proc and sends signals; it never changes the state.
 */
#ifndef PID1_H
#define PID1_H

#include <sys/stat.h>

#include "outcome.h"
#include "request.h"
#include "state.h"

#define PID1_FD "/proc/1/fd"

/* Size of a path like /proc/1/fd/2147483647 (bytes). */
#define PID1_PATH_SIZE 40

/* The first members of struct state, which are the same in every version. */
struct pid1_header {
	uint32_t magic;
	uint32_t version;
	size_t size;
	int fd;
};

/* A state of PID 1 that was found. */
struct pid1_state {
	int fd; /* opened by us, read-only; -1: none */
	char path[PID1_PATH_SIZE];
	struct pid1_header header;
	struct stat stat;
};

/*
 * Finds the memfd that holds the state of PID 1. found->fd must be -1 before;
 * on success the caller closes it. Returns how many states PID 1 has: 0 if it
 * is another program, has not created its state yet or has no memfd; 2 for a
 * moment while init replaces its state, and then *found may be either of them.
 * Returns -1 and sets errno if /proc/1/fd can't be read. If the version of the
 * state is not STATE_VERSION, only the header is valid.
 */
int pid1_find_state(struct pid1_state *found);

/* Is PID 1 our init? A guess for the case that it shows no state: our init
 * keeps its own executable open as descriptor FD_IMAGE. */
bool pid1_is_ours(void);

/* Does process pid run the same executable as PID 1? Then it is a child of init
 * before its execve(2). */
bool pid1_runs_same_program(pid_t pid);

/* Reads the name of PID 1 from /proc/1/comm into name, which has size bytes;
 * "" if it can't be read. */
void pid1_read_name(char *name, size_t size);

/* Prints the error that PID 1 is not our init, with its name. */
void pid1_report_other(void);

/* Queue a signal, or a request about an entry (request.h), to PID 1. Return
 * OUTCOME_DONE, or print the error and return OUTCOME_NOT_PERMITTED or
 * OUTCOME_REFUSED. They don't wait until init has acted on it. */
enum outcome pid1_send_signal(int signal);
enum outcome pid1_send_request(enum verb verb, uint32_t number);

#endif
