/*
 * job.h - the job: the one command that a machine or container was started for,
 * if it was. Finds the job, and reports its exit status to QEMU. Runs nothing,
 * and logs nothing. Called by PID 1; job_report_exit() by a forked child.
 */
#ifndef JOB_H
#define JOB_H

#include <stdbool.h>

#include "types.h"

struct job_source {
	const char *text; /* a command line as in the inittab, or words with a
			   * NUL after each; NULL: there is no job */
	struct job job;
};

/* Is this a container whose first argument is "--", with a word after it? Then
 * the job is the whole container: descriptors, environment and terminal are
 * left as they are. Pure. */
bool job_is_container_command(int argc, char **argv, bool is_machine);

/*
 * Finds the job, in this order: the words after "--" as first argument; on a
 * machine, the words after "--" on the kernel's command line, which the kernel
 * appends to our arguments without the dashes (init/main.c of Linux);
 * INIT_RUN=COMMAND in the environment. Writes *job, which points into argv and
 * the environment; job->text is NULL if there is no job. Returns how many
 * arguments, argv[0] included, come before the job's words; argc if there are
 * none. On a machine needs /proc: without it only the first and the last are
 * found.
 */
int job_parse(struct job_source *job, int argc, char **argv, bool is_machine);

/*
 * Waits until the console, descriptor 2, has transmitted what was written to
 * it, for 5 s at most. Then, if INIT_EXIT=isa-debug-exit is in the environment,
 * writes status (0 to 255) to the port of that device of QEMU, which ends QEMU
 * with (status << 1 | 1). Not otherwise, since any hardware may have something
 * at this port. Errors are ignored: returns if there is no such device. Called
 * by a child, as it waits; by PID 1 only if fork(2) fails.
 */
void job_report_exit(int status);

#endif
