#define _GNU_SOURCE /* memfd_create, REG_RIP, environ */

#include "recover.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "event.h"
#include "kmsg.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* linux/memfd.h, since 6.3 */
#endif

#define CHECK_TIME 2 /* s for a new file to say whether it knows the state */

/* For the handler: the stack may be what is at fault. A frame of the kernel's
 * takes up to 11 kB (AMX), and a fault in the handler another. */
#define STACK_SIZE 65536

/* How argv[0] begins of an image that was executed for a fault before there was
 * a state. A second such fault is not answered in the same way. */
static const char again[] = "init: again, after signal ";
#define AGAIN_SIZE (sizeof(again) + 2 * KMSG_NUMBER + 8)

/* The one thing that a fault changes outside of the state. */
static struct {
	struct state *const *live;
	char **argv;
	void (*last_resort)(int signal, uintptr_t at);
	bool is_resumed; /* from a state; the image was left, too */
	bool is_handling;
	char again[AGAIN_SIZE]; /* argv[0] */
	int sent; /* a signal that is to be named, and who sent it */
	int sender;
} guard;

static const char *own_file(void)
{
	return (const char *)getauxval(AT_EXECFN);
}

/* Executes the image again. Returns if that could not be: errno. */
static void execute(const struct state *state, char **argv)
{
	static const char *const resume[] = {"init", RECOVER_WORD, NULL};

	if (state) {
		if (dup2(state->fd, RECOVER_STATE) < 0)
			return;
		if (state->watchdog > 0) /* it goes on being patted */
			(void)fcntl(state->watchdog, F_SETFD, 0);
	}
	(void)fcntl(RECOVER_IMAGE, F_SETFD, 0);
	if (state || guard.is_resumed)
		(void)syscall(SYS_execveat, RECOVER_IMAGE, "",
			      state ? (const void *)resume : argv, environ,
			      AT_EMPTY_PATH);
	else /* by its name, which counts for an upgrade */
		(void)execve(own_file(), argv, environ);
	(void)fcntl(RECOVER_IMAGE, F_SETFD, FD_CLOEXEC);
	if (!state)
		return;
	if (state->watchdog > 0)
		(void)fcntl(state->watchdog, F_SETFD, FD_CLOEXEC);
	close(RECOVER_STATE);
}

/* Notes a fault. Are they too many? */
static bool note(struct faults *faults, int signal, uintptr_t at)
{
	int64_t now = event_now();
	int64_t *oldest = &faults->times[faults->count % FAULTS_MOST];
	bool are_many =
		faults->count >= FAULTS_MOST && now - *oldest < FAULTS_IN;

	*oldest = now;
	faults->count++;
	faults->signal = signal;
	faults->at = at;
	return are_many;
}

static bool is_again(char *const *argv)
{
	return strncmp(argv[0], again, strlen(again)) == 0;
}

/* There is no state to note it in. */
static void note_again(int signal, uintptr_t at)
{
	char buffer[KMSG_NUMBER];

	strcpy(guard.again, again);
	strcat(guard.again, kmsg_number(buffer, signal));
	strcat(guard.again, " at 0x");
	strcat(guard.again, kmsg_address(buffer, at));
	guard.argv[0] = guard.again;
}

void recover_name_again(bool machine)
{
	if (is_again(guard.argv))
		kmsg_say(machine, KMSG_ERROR, guard.argv[0] + strlen("init: "),
			 NULL);
}

/* The fault is our own: this image is not to be trusted any more. */
static void survive(int signal, uintptr_t at)
{
	bool is_hopeless = guard.is_handling;
	struct state *state = NULL;

	event_mask();
	guard.is_handling = true;
	if (!is_hopeless)
		state = *guard.live;
	if (state) {
		is_hopeless = note(&state->faults, signal, at);
	} else if (!is_hopeless) {
		is_hopeless = is_again(guard.argv);
		note_again(signal, at);
	}
	if (!is_hopeless)
		execute(state, guard.argv);
	guard.last_resort(signal, at);
}

/* As if there were no handler: the fault is a child's own end. */
static void end_child(int signal)
{
	static const struct sigaction by_default; /* all zero: SIG_DFL */

	(void)sigaction(signal, &by_default, NULL);
	(void)syscall(SYS_kill, getpid(), signal);
}

/* Somebody sent it, and may send more of them than can be written down: that is
 * for the loop to do, which wakes up now. */
static void note_sender(int signal, int sender)
{
	guard.sent = signal;
	guard.sender = sender;
	(void)syscall(SYS_kill, getpid(), SIGCHLD);
}

void recover_name_sender(bool machine)
{
	char number[KMSG_NUMBER], pid[KMSG_NUMBER];
	int sent = guard.sent;

	guard.sent = 0; /* another one may come while we speak */
	if (sent)
		kmsg_say(machine, KMSG_WARNING, "signal ",
			 kmsg_number(number, sent), " from pid ",
			 kmsg_number(pid, guard.sender), " ignored", NULL);
}

/* sigaction(2): what the kernel itself raises has a code above 0; abort(3)
 * sends itself the signal. Until it is known which of them it is no other
 * comes: a flood of sent ones, each in the handler of another, would fill the
 * stack. */
static void on_fault(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *at = context;
	bool is_abort = info->si_code == SI_TKILL && info->si_pid == getpid();

	if (getpid() != 1)
		end_child(signal);
	else if (info->si_code > 0 || is_abort)
		survive(signal, (uintptr_t)at->uc_mcontext.gregs[REG_RIP]);
	else
		note_sender(signal, info->si_pid);
}

/* Opens our own file, by the name that the kernel knew: /proc is not there yet.
 * What another image of us left is there already. */
static void take_image(void)
{
	int fd;

	if (guard.is_resumed) {
		(void)fcntl(RECOVER_IMAGE, F_SETFD, FD_CLOEXEC);
		return;
	}
	close(RECOVER_STATE); /* whatever a container's manager left open */
	close(RECOVER_IMAGE);
	close(RECOVER_BEFORE);
	fd = open(own_file(), O_RDONLY | O_CLOEXEC);
	(void)dup3(fd, RECOVER_IMAGE, O_CLOEXEC);
	close(fd);
}

void recover_guard(struct state *const *live, char **argv,
		   void (*last_resort)(int signal, uintptr_t at))
{
	static const uint8_t faults[] = {SIGSEGV, SIGBUS,  SIGILL, SIGFPE,
					 SIGABRT, SIGTRAP, SIGSYS};
	const struct sigaction action = {
		.sa_sigaction = on_fault,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART,
	};
	const stack_t stack = {
		.ss_sp = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		.ss_size = STACK_SIZE,
	};

	guard.live = live;
	guard.argv = argv;
	guard.is_resumed = argv[1] && strcmp(argv[1], RECOVER_WORD) == 0;
	guard.last_resort = last_resort;
	(void)sigaltstack(&stack, NULL);
	for (size_t i = 0; i < sizeof(faults); i++)
		(void)sigaction(faults[i], &action, NULL);
	take_image();
}

bool recover_state(struct state **live, int64_t now)
{
	struct state *state = state_resume(RECOVER_STATE, true, now);

	(void)prctl(PR_SET_NAME, "init"); /* else it is a number's name */
	if (!state && dup3(RECOVER_BEFORE, RECOVER_IMAGE, O_CLOEXEC) >= 0) {
		close(RECOVER_BEFORE); /* there is none before that */
		execute(NULL, guard.argv);
	}
	if (state && (state->watchdog <= STDERR_FILENO ||
		      fcntl(state->watchdog, F_SETFD, FD_CLOEXEC) != 0))
		state->watchdog = 0;
	*live = state; /* before that, the next image finds what we found */
	close(RECOVER_BEFORE);
	close(RECOVER_STATE);
	return state;
}

int recover_check(int64_t now)
{
	return state_resume(RECOVER_STATE, false, now) ? PLAN_KNOWN
						       : EXIT_FAILURE;
}

int recover_ask(const void *state)
{
	const char *file = (*guard.live)->settings.file;
	const char *const argv[] = {"init", RECOVER_CHECK, NULL};

	event_unblock();
	alarm(CHECK_TIME);
	if (dup2(*(const int *)state, RECOVER_STATE) >= 0)
		(void)syscall(SYS_execve, file, argv, environ);
	return EXIT_NOT_RUN;
}

void recover_upgrade(struct state *state)
{
	int image = open(state->settings.file, O_RDONLY | O_CLOEXEC);

	if (image >= 0 && dup2(RECOVER_IMAGE, RECOVER_BEFORE) >= 0) {
		(void)dup3(image, RECOVER_IMAGE, O_CLOEXEC);
		execute(state, NULL);
		(void)dup3(RECOVER_BEFORE, RECOVER_IMAGE, O_CLOEXEC);
		close(RECOVER_BEFORE);
	}
	kmsg_say(state->plan.machine, KMSG_FAILED,
		 "no upgrade: ", state->settings.file, NULL);
	close(image);
}

/* Returns the copy, or -1 and errno. */
static int copy_to_memory(int exe)
{
	int fd = memfd_create("init", MFD_CLOEXEC | MFD_EXEC);
	off_t at = 0;
	ssize_t n = 1;

	if (fd < 0) /* before 6.3 */
		fd = memfd_create("init", MFD_CLOEXEC);
	while (fd >= 0 && n > 0)
		n = sendfile(fd, exe, &at, 0x10000);
	return n < 0 ? -1 : fd;
}

void recover_from_memory(const struct state *state)
{
	struct stat stat;

	if (fstat(RECOVER_IMAGE, &stat) != 0 || stat.st_nlink > 0 ||
	    state->fd < 0)
		return;
	if (dup3(copy_to_memory(RECOVER_IMAGE), RECOVER_IMAGE, O_CLOEXEC) >= 0)
		execute(state, NULL);
	kmsg_say(state->plan.machine, KMSG_FAILED, "can't go on from memory",
		 NULL);
}
