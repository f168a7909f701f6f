/*
 * inject PID KIND: a fault of an init where it is now: mostly, asleep.
 *
 * inject PID KIND WAKES STEPS: a fault of it at a random instruction.
 * Follows it until it has woken up so many times (0: from the exec to come, and
 * there from where its handlers are in place), then for so many instructions,
 * then changes its registers so that the next one can't be executed, and lets
 * it go. A signal that ptrace(2) injects would say that a process sent it.
 *
 * The kind smashed-stack takes the address of init's __stack_chk_fail():
 * smashed-stack@ADDRESS. Other kinds that need a certain instruction write it
 * over the first one of the program, which init has executed and never comes
 * back to. Another image of init is without it.
 *
 * inject PID poke ADDRESS: instead, what is executed there next is no
 * instruction. That is gone with the image.
 *
 * Prints "inject: KIND SIGNAL ADDRESS STEPS". Where init would fall asleep
 * again before so many steps, the fault comes there. Fails if init ends before.
 */
#define _GNU_SOURCE

#include <elf.h>
#include <errno.h>
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
#define VDSO_MOST 16384		      /* bytes */
#define PATIENCE 30		      /* s, for all of it */
#define ENDED 3			      /* exit status: init did, before */

static pid_t pid;
static unsigned long given; /* the address after KIND */
static unsigned long vdso;  /* of this image */

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

static FILE *open_proc(const char *name)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	file = fopen(path, "r");
	if (!file)
		fail(path);
	return file;
}

/* An entry of the program's auxiliary vector (getauxval(3)); 0: not there. */
static unsigned long auxiliary(unsigned long type)
{
	FILE *file = open_proc("auxv");
	Elf64_auxv_t pair;

	do
		if (fread(&pair, sizeof(pair), 1, file) != 1)
			fail("auxv");
	while (pair.a_type != type && pair.a_type != AT_NULL);
	fclose(file);
	return pair.a_type == type ? pair.a_un.a_val : 0;
}

/* Makes what is executed there next these instructions. */
static void put_code(unsigned long address, const char *code, size_t size)
{
	long word = trace(PTRACE_PEEKTEXT, (void *)address, 0);

	memcpy(&word, code, size);
	trace(PTRACE_POKETEXT, (void *)address, (unsigned long)word);
}

static void execute(struct user_regs_struct *regs, const char *code)
{
	regs->rip = auxiliary(AT_ENTRY);
	put_code(regs->rip, code, strlen(code));
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
	execute(regs, "\x50"); /* push %rax */
	regs->rsp = 64;
	return SIGSEGV;
}

static int stack_overflow(struct user_regs_struct *regs)
{
	execute(regs, "\x50");
	regs->rsp -= STACK_MOST;
	return SIGSEGV;
}

/* Not with %rsp set from here: some processors refuse to return to that from
 * the kernel, which is SIGSEGV, and others do not. */
static int stack_nowhere(struct user_regs_struct *regs)
{
	execute(regs, "\xc9"); /* leave: mov %rbp, %rsp; pop %rbp */
	regs->rbp = NOWHERE;
	return SIGBUS;
}

static int no_instruction(struct user_regs_struct *regs)
{
	execute(regs, "\x06"); /* push %es: not in 64 bits */
	return SIGILL;
}

static int division(struct user_regs_struct *regs)
{
	execute(regs, "\xf7\xf7"); /* div %edi */
	regs->rdi = 0;
	return SIGFPE;
}

static int breakpoint(struct user_regs_struct *regs)
{
	execute(regs, "\xcc"); /* int3 */
	return SIGTRAP;
}

static int do_abort(struct user_regs_struct *regs)
{
	execute(regs, "\x0f\x05"); /* syscall */
	regs->rax = SYS_tkill;
	regs->rdi = 1; /* itself, as it sees it */
	regs->rsi = SIGABRT;
	return SIGABRT;
}

static int smashed_stack(struct user_regs_struct *regs)
{
	if (!given) {
		fprintf(stderr, "inject: smashed-stack@ADDRESS\n");
		exit(2);
	}
	regs->rip = given;
	return SIGSEGV; /* hlt, in the C library's */
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

/* Does it catch all signals of faults? */
static bool has_handlers(void)
{
	static const int faults[] = {SIGSEGV, SIGBUS,  SIGILL, SIGFPE,
				     SIGABRT, SIGTRAP, SIGSYS};
	unsigned long long caught = 0;
	FILE *file = open_proc("status");
	char line[256];

	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "SigCgt: %llx", &caught) == 1)
			break;
	fclose(file);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (!(caught >> (faults[i] - 1) & 1))
			return false;
	return true;
}

/* From the exec of an image. */
static void run_to_handlers(void)
{
	do
		to_call();
	while (!has_handlers());
	vdso = auxiliary(AT_SYSINFO_EHDR);
}

static void run_to_exec(void)
{
	do
		trace(PTRACE_CONT, NULL, 0);
	while (wait_for_stop() >> 8 != (SIGTRAP | PTRACE_EVENT_EXEC << 8));
	run_to_handlers();
}

/* From the first instruction of a function to where it returns. For functions
 * of the vdso(7), which read the clock again if it has changed meanwhile: under
 * single steps it always has.
 */
static void run_to_return(struct user_regs_struct *regs)
{
	unsigned long back = trace(PTRACE_PEEKDATA, (void *)regs->rsp, 0);
	unsigned long was = trace(PTRACE_PEEKTEXT, (void *)back, 0);

	put_code(back, "\xcc", 1); /* int3 */
	do {
		trace(PTRACE_CONT, NULL, 0);
		(void)wait_for_stop();
		*regs = registers();
	} while (regs->rip != back + 1);
	trace(PTRACE_POKETEXT, (void *)back, was);
	regs->rip = back;
	trace(PTRACE_SETREGS, NULL, (unsigned long)regs);
}

/* One instruction. A new image is left alone until it has its handlers. */
static struct user_regs_struct step(void)
{
	struct user_regs_struct regs;

	trace(PTRACE_SINGLESTEP, NULL, 0);
	if (wait_for_stop() >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8))
		run_to_handlers();
	regs = registers();
	if (regs.rip - vdso < VDSO_MOST)
		run_to_return(&regs);
	return regs;
}

static void poke(unsigned long address)
{
	put_code(address, "\x0f\x0b", 2); /* ud2 */
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
	vdso = auxiliary(AT_SYSINFO_EHDR);
	for (regs = registers(); done < steps && !is_at_sleep(&regs); done++)
		regs = step();
	at = regs.rip;
	regs.orig_rax = (unsigned long)-1; /* nothing to be restarted */
	number = change(&regs);
	trace(PTRACE_SETREGS, NULL, (unsigned long)&regs);
	trace(PTRACE_DETACH, NULL, 0);
	printf("inject: %s %d %#lx %ld\n", name, number, at, done);
}

int main(int argc, char **argv)
{
	char *place;

	if (argc < 3) {
		fprintf(stderr, "usage: inject PID KIND [WAKES STEPS]\n"
				"       inject PID smashed-stack@ADDRESS "
				"[WAKES STEPS]\n"
				"       inject PID poke ADDRESS\n");
		return 2;
	}
	pid = atoi(argv[1]);
	place = strchr(argv[2], '@');
	if (place) {
		*place = '\0';
		given = strtoul(place + 1, NULL, 0);
	}
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
