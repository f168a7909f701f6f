/*
 * What runs before main, how a system call is made, and the two words that the
 * C library would keep for each thread: errno, and the guard that a smashed
 * stack is known by. There are no threads here; all this costs 1.5 kB there.
 * For x86-64: without this file, and with crt1.o, init is the same and larger.
 */
#define _GNU_SOURCE /* environ */

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

int main(int argc, char **argv);
int *___errno_location(void); /* what the C library itself calls it */
_Noreturn void __stack_chk_fail(void);
_Noreturn void start(uintptr_t *stack);

char **environ;
uintptr_t __stack_chk_guard;
static const unsigned long *auxiliary; /* pairs, getauxval(3) */
static int error __attribute__((used));

int *__errno_location(void)
{
	return &error;
}

int *___errno_location(void)
{
	return &error;
}

/* A fault of our own, like any other. */
_Noreturn void __stack_chk_fail(void)
{
	__builtin_trap();
}

unsigned long getauxval(unsigned long type)
{
	const unsigned long *pair = auxiliary;

	while (pair[0] && pair[0] != type)
		pair += 2;
	return pair[0] ? pair[1] : 0;
}

/* The stack as the kernel leaves it: argc, argv, NULL, environment, NULL,
 * auxiliary vector (execve(2) does not say; ABI of x86-64, 3.4.1). */
__attribute__((used, no_stack_protector)) _Noreturn void start(uintptr_t *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);
	char **end = environ = argv + argc + 1;
	const uintptr_t *random;

	while (*end)
		end++;
	auxiliary = (const unsigned long *)(end + 1);
	random = (const uintptr_t *)getauxval(AT_RANDOM);
	if (random) /* Linux gives it always */
		__stack_chk_guard = *random;
	_exit(main(argc, argv));
}

__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n" /* the outermost frame */
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call start\n");

/* From the C's registers to the kernel's (syscall(2), "Architecture calling
 * conventions"), and its errors to errno. */
__asm__(".globl syscall\n"
	"syscall:\n"
	"	mov %rdi, %rax\n"
	"	mov %rsi, %rdi\n"
	"	mov %rdx, %rsi\n"
	"	mov %rcx, %rdx\n"
	"	mov %r8, %r10\n"
	"	mov %r9, %r8\n"
	"	mov 8(%rsp), %r9\n"
	"	syscall\n"
	"	cmp $-4095, %rax\n"
	"	jb 1f\n"
	"	neg %eax\n"
	"	mov %eax, error\n"
	"	or $-1, %rax\n"
	"1:	ret\n");
