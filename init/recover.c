#define _GNU_SOURCE /* REG_RIP */

#include "recover.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "clock.h"
#include "format.h"
#include "log.h"
#include "reexec.h"
#include "signals.h"

/* For the handler: the stack may be what is at fault. A frame of the kernel's
 * takes up to 11 kB (AMX), and a fault in the handler another. */
#define STACK_SIZE 65536

/* How argv[0] begins of an image that was executed for a fault before there was
 * a state. A second such fault is not answered in the same way. */
static const char again[] = "init: again, after signal ";
#define AGAIN_SIZE (sizeof(again) + 2 * FORMAT_SIZE + 8)

/* The one thing that a fault changes outside of the state. */
static struct {
	struct state *const *live;
	char **argv;
	void (*last_resort)(int signal, uintptr_t at);
	bool is_handling;
	char again[AGAIN_SIZE]; /* argv[0] */
	int sent; /* a signal that is to be named, and who sent it */
	int sender;
} guard;

/* Notes a fault. Are they too many? */
static bool note(struct faults *faults, int signal, uintptr_t at)
{
	int64_t now = clock_ms();
	int64_t *oldest = &faults->times[faults->count % FAULTS_MAX];
	bool are_many =
		faults->count >= FAULTS_MAX && now - *oldest < FAULTS_WINDOW;

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
	char buffer[FORMAT_SIZE];

	strcpy(guard.again, again);
	strcat(guard.again, format_decimal(buffer, signal));
	strcat(guard.again, " at 0x");
	strcat(guard.again, format_hex(buffer, at));
	guard.argv[0] = guard.again;
}

const char *fault_before_state_message(void)
{
	return is_again(guard.argv) ? guard.argv[0] + strlen("init: ") : NULL;
}

/* The fault is our own: this image is not to be trusted any more. */
static void survive(int signal, uintptr_t at)
{
	bool is_hopeless = guard.is_handling;
	struct state *state = NULL;

	signals_block();
	guard.is_handling = true;
	if (!is_hopeless)
		state = *guard.live;
	if (state) {
		is_hopeless = note(&state->faults, signal, at);
	} else if (!is_hopeless) {
		is_hopeless = is_again(guard.argv);
		note_again(signal, at);
	}
	if (!is_hopeless && state)
		reexec_with_state(state);
	else if (!is_hopeless)
		reexec_fresh(guard.argv);
	guard.last_resort(signal, at);
}

/* As if there were no handler: the fault is a child's own end. */
static void end_child(int signal)
{
	signal_reset(signal);
	(void)kill(getpid(), signal);
}

/* Somebody sent it, and may send more of them than can be written down: that is
 * for the loop to do, which wakes up now. */
static void note_sender(int signal, int sender)
{
	guard.sent = signal;
	guard.sender = sender;
	(void)kill(getpid(), SIGCHLD);
}

int fault_take_external(int *sender)
{
	int sent = guard.sent;

	guard.sent = 0;
	*sender = guard.sender;
	return sent;
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

void fault_handlers_install(struct state *const *live, char **argv,
			    void (*last_resort)(int signal, uintptr_t at))
{
	const stack_t stack = {
		.ss_sp = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		.ss_size = STACK_SIZE,
	};

	guard.live = live;
	guard.argv = argv;
	guard.last_resort = last_resort;
	(void)sigaltstack(&stack, NULL);
	signals_handle_faults(on_fault);
	reexec_open_self(argv);
}
