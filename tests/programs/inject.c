/*
 * inject PID KIND: a fault of an init where it is now: mostly, asleep.
 *
 * inject PID KIND WAKES STEPS: a fault of it at a random instruction.
 * Follows it until it has woken up so many times (0: from the exec to come, and
 * there from where its handlers are in place), then for so many instructions,
 * then changes its registers so that the next one can't be executed, and lets
 * it go. A signal that ptrace(2) injects would say that a process sent it.
 *
 * inject PID poke ADDRESS: instead, what is executed there next is no
 * instruction. That is gone with the image.
 *
 * Prints "inject: KIND SIGNAL ADDRESS STEPS". Where init would fall asleep
 * again before so many steps, the fault comes there. Fails if init ends before.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOWHERE 0x8000000000000000ull /* no address of x86-64 */
#define STACK_MOST (64ull << 20)      /* further down than any stack is */
#define TEXT_MOST 65536
#define PATIENCE 30 /* s, for all of it */
#define ENDED 3	    /* exit status: init did, before */

static pid_t pid;
static unsigned long text_at;
static unsigned char text[TEXT_MOST];
static size_t text_size;

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "inject: %s: %s\n", what, strerror(errno));
	exit(1);
}

static long trace(int request, void *address, unsigned long data)
{
	long result;

	errno = 0;
	result = ptrace(request, pid, address, data);
	if (result == -1 && errno == ESRCH)
		exit(ENDED);
	if (result == -1 && errno)
		fail("ptrace");
	return result;
}

/* Waits until it stops; returns the status. */
static int wait_for_stop(void)
{
	int status;

	if (waitpid(pid, &status, __WALL) < 0)
		fail("waitpid");
	if (!WIFSTOPPED(status)) {
		exit(ENDED);
	}
	return status;
}

/* To where a system call begins, or ends. */
static void to_call(void)
{
	do
		trace(PTRACE_SYSCALL, NULL, 0);
	while (WSTOPSIG(wait_for_stop()) != (SIGTRAP | 0x80));
}

static struct user_regs_struct registers(void)
{
	struct user_regs_struct regs;

	trace(PTRACE_GETREGS, NULL, (unsigned long)&regs);
	return regs;
}

/* The first mapping that can be executed: the program's own. */
static void read_text(void)
{
	char path[64], line[256], mode[8];
	unsigned long from, to;
	FILE *maps;
	int memory;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "r");
	while (maps && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) == 3 &&
		    mode[2] == 'x')
			break;
	if (!maps || mode[2] != 'x')
		fail(path);
	fclose(maps);
	text_at = from;
	text_size = to - from < TEXT_MOST ? to - from : TEXT_MOST;
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	memory = open(path, O_RDONLY);
	if (pread(memory, text, text_size, (off_t)from) != (ssize_t)text_size)
		fail(path);
	close(memory);
}

/* Where these bytes are, or happen to be. */
static unsigned long find(const char *code, size_t size)
{
	unsigned char *at = memmem(text, text_size, code, size);

	if (!at) {
		fprintf(stderr, "inject: no such code in it\n");
		exit(2);
	}
	return text_at + (unsigned long)(at - text);
}

static int jump_to_0(struct user_regs_struct *regs)
{
	regs->rip = 0;
	return SIGSEGV;
}

static int jump_to_nowhere(struct user_regs_struct *regs)
{
	regs->rip = NOWHERE;
	return SIGSEGV;
}

static int no_stack(struct user_regs_struct *regs)
{
	regs->rip = find("\x50", 1); /* push %rax */
	regs->rsp = 64;
	return SIGSEGV;
}

static int stack_overflow(struct user_regs_struct *regs)
{
	regs->rip = find("\x50", 1);
	regs->rsp -= STACK_MOST;
	return SIGSEGV;
}

/* Not with %rsp set from here: some processors refuse to return to that from
 * the kernel, which is SIGSEGV, and others do not. */
static int stack_nowhere(struct user_regs_struct *regs)
{
	regs->rip = find("\xc9", 1); /* leave: mov %rbp, %rsp; pop %rbp */
	regs->rbp = NOWHERE;
	return SIGBUS;
}

static int no_instruction(struct user_regs_struct *regs)
{
	regs->rip = find("\x06", 1); /* push %es: not in 64 bits */
	return SIGILL;
}

static int division(struct user_regs_struct *regs)
{
	regs->rip = find("\xf7\xf7", 2); /* div %edi */
	regs->rdi = 0;
	return SIGFPE;
}

static int breakpoint(struct user_regs_struct *regs)
{
	regs->rip = find("\xcc", 1);
	return SIGTRAP;
}

static int do_abort(struct user_regs_struct *regs)
{
	regs->rip = find("\x0f\x05", 2); /* syscall */
	regs->rax = SYS_tkill;
	regs->rdi = 1; /* itself, as it sees it */
	regs->rsi = SIGABRT;
	return SIGABRT;
}

static int smashed_stack(struct user_regs_struct *regs)
{
	regs->rip = find("\x0f\x0b", 2); /* the end of __stack_chk_fail() */
	return SIGILL;
}

static const struct {
	const char *name;
	int (*change)(struct user_regs_struct *regs);
} kinds[] = {
	{"jump-to-0", jump_to_0},
	{"jump-to-nowhere", jump_to_nowhere},
	{"no-stack", no_stack},
	{"stack-overflow", stack_overflow},
	{"stack-nowhere", stack_nowhere},
	{"no-instruction", no_instruction},
	{"division", division},
	{"breakpoint", breakpoint},
	{"abort", do_abort},
	{"smashed-stack", smashed_stack},
};

/* Is it about to sleep? What only looks (a timeout of 0) does not. */
static bool is_at_sleep(const struct user_regs_struct *regs)
{
	long code, left = 1;

	code = ptrace(PTRACE_PEEKTEXT, pid, regs->rip, NULL);
	if ((code & 0xffff) != 0x050f || regs->rax != SYS_rt_sigtimedwait)
		return false;
	if (regs->rdx)
		left = ptrace(PTRACE_PEEKDATA, pid, regs->rdx, NULL) |
		       ptrace(PTRACE_PEEKDATA, pid, regs->rdx + 8, NULL);
	return left != 0;
}

/* Lets it run until it comes out of this system call; not because we stopped
 * it. */
static void run_to_return_of(unsigned long number)
{
	for (;;) {
		struct user_regs_struct regs;

		to_call(); /* in */
		to_call(); /* out */
		regs = registers();
		if (regs.orig_rax == number && (long)regs.rax != -EINTR)
			return;
	}
}

static void run_to_exec(void)
{
	trace(PTRACE_CONT, NULL, 0);
	while (wait_for_stop() >> 8 != (SIGTRAP | PTRACE_EVENT_EXEC << 8))
		trace(PTRACE_CONT, NULL, 0);
	to_call();		    /* out of it */
	run_to_return_of(SYS_dup3); /* FD_IMAGE */
}

/* One instruction. A new image is left alone until it has its handlers. */
static void step(void)
{
	trace(PTRACE_SINGLESTEP, NULL, 0);
	if (wait_for_stop() >> 8 != (SIGTRAP | PTRACE_EVENT_EXEC << 8))
		return;
	to_call();
	run_to_return_of(SYS_prctl); /* its name: reexec_adopt_state() */
}

static void poke(unsigned long address)
{
	long word = trace(PTRACE_PEEKTEXT, (void *)address, 0);

	word = (word & ~0xffffL) | 0x0b0f; /* ud2 */
	trace(PTRACE_POKETEXT, (void *)address, (unsigned long)word);
	trace(PTRACE_DETACH, NULL, 0);
	printf("inject: poke %d %#lx 0\n", SIGILL, address);
}

static void inject(const char *name, int (*change)(struct user_regs_struct *),
		   int wakes, long steps)
{
	struct user_regs_struct regs;
	unsigned long at;
	long done = 0;
	int number;

	if (wakes == 0)
		run_to_exec();
	for (int i = 0; i < wakes; i++)
		run_to_return_of(SYS_rt_sigtimedwait);
	for (regs = registers(); done < steps && !is_at_sleep(&regs); done++) {
		step();
		regs = registers();
	}
	read_text();
	at = regs.rip;
	regs.orig_rax = (unsigned long)-1; /* nothing to be restarted */
	number = change(&regs);
	trace(PTRACE_SETREGS, NULL, (unsigned long)&regs);
	trace(PTRACE_DETACH, NULL, 0);
	printf("inject: %s %d %#lx %ld\n", name, number, at, done);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: inject PID KIND [WAKES STEPS]\n"
				"       inject PID poke ADDRESS\n");
		return 2;
	}
	pid = atoi(argv[1]);
	alarm(PATIENCE);
	trace(PTRACE_SEIZE, NULL, PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD);
	trace(PTRACE_INTERRUPT, NULL, 0);
	(void)wait_for_stop();
	puts("inject: ready");
	fflush(stdout);
	if (argc > 3 && strcmp(argv[2], "poke") == 0) {
		poke(strtoul(argv[3], NULL, 0));
		return 0;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(argv[2], kinds[i].name) == 0) {
			inject(kinds[i].name, kinds[i].change,
			       argc > 3 ? atoi(argv[3]) : -1,
			       argc > 4 ? atol(argv[4]) : 0);
			return 0;
		}
	fprintf(stderr, "inject: what is %s?\n", argv[2]);
	return 2;
}
