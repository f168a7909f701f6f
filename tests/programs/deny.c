/*
 * deny NAME... -- PROGRAM ARG...: becomes the program, for which, and for all
 * that come of it, these system calls are not there, as in an older kernel; or,
 * of mount, no filesystem is known to it.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALLS_MAX 8

static const struct {
	const char *name;
	unsigned number;
	unsigned error;
} known[] = {
	{"memfd_create", SYS_memfd_create, ENOSYS},
	{"execveat", SYS_execveat, ENOSYS},
	{"mount", SYS_mount, ENODEV},
};

/* One answer for one system call: two instructions. */
static size_t add(struct sock_filter *filter, const char *name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name) != 0)
			continue;
		filter[0] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, known[i].number, 0, 1);
		filter[1] = (struct sock_filter)BPF_STMT(
			BPF_RET | BPF_K, SECCOMP_RET_ERRNO | known[i].error);
		return 2;
	}
	fprintf(stderr, "deny: what is %s?\n", name);
	_exit(2);
}

int main(int argc, char **argv)
{
	struct sock_filter filter[2 * CALLS_MAX + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = {1, filter};
	int i = 1;

	for (; i < argc - 1 && strcmp(argv[i], "--") != 0; i++)
		program.len +=
			(unsigned short)add(filter + program.len, argv[i]);
	filter[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
							     SECCOMP_RET_ALLOW);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		perror("deny");
		return 2;
	}
	execv(argv[i + 1], argv + i + 2);
	perror(argv[i + 1]);
	return 127;
}
