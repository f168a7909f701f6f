/*
 * job.h - the job: the one command that a machine or container was started for,
 * if it was. Where the job is given, and where its exit status goes. Runs
 * nothing.
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

/* Is the first argument "--", and this a container? Then the job is the whole
 * container: descriptors, environment and terminal are left as they are. */
bool job_is_container_command(int argc, char **argv, bool is_machine);

/*
 * Finds the job: words after "--" on the kernel's command line, which the
 * kernel appends to our arguments without the dashes (init/main.c of Linux);
 * INIT_RUN=COMMAND there; or "--" as our first argument, as in a container.
 * *job points into argv and the environment. Returns how many arguments do not
 * belong to the job. Needs /proc.
 */
int job_parse(struct job_source *job, int argc, char **argv, bool is_machine);

/*
 * Waits until the console has transmitted what was written to it, for 5 s at
 * most. Then, if INIT_EXIT=isa-debug-exit is given, writes status to the port
 * of that device of QEMU, which ends QEMU with (status << 1 | 1). Only if it is
 * given, since any hardware may have something at this port. Returns if there
 * is no such device.
 */
void job_report_exit(int status);

#endif
