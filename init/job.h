/*
 * job.h - the one thing that a machine or container was started for, if it was:
 * where it is said, and where its exit status goes. Runs nothing.
 */
#ifndef JOB_H
#define JOB_H

#include <stdbool.h>
#include <stdint.h>

struct job {
	const char *text; /* a command as in the inittab, or words; NULL: no
			   * job */
	uint32_t size;	  /* with the NUL at its end, or of each word */
	bool is_words;
	bool is_only; /* there is no inittab beside it */
};

/* Is it all that this container is there for, "--" its first argument? Then
 * what it was born with is the command's. */
bool job_is_container_command(int argc, char **argv, bool machine);

/*
 * Finds it: words after "--" on the kernel's command line, which the kernel
 * makes our last arguments, without the dashes (init/main.c); INIT_RUN=COMMAND
 * there; or "--" as our first argument, as a container has it. Returns how many
 * arguments are left that are not of the job. Needs /proc.
 */
int job_parse(struct job *job, int argc, char **argv, bool machine);

/* Waits until the console has taken what was written to it, for 5 s at most.
 * Then, if INIT_EXIT=isa-debug-exit is given, writes an exit status to the port
 * of that device of QEMU's, which ends it with (status << 1 | 1). A port like
 * any other, so nobody is to be surprised. Returns if there is none. */
void job_report_exit(int status);

#endif
