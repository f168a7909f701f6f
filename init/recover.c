#define _GNU_SOURCE /* REG_RIP */

#include "recover.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "clock.h"
#include "format_number.h"
#include "log.h"
#include "reexec.h"
#include "signals.h"

/* The alternate stack, since the stack may be what is at fault (bytes). A
 * signal frame takes up to 11 kB (AMX), and a fault in the handler needs
 * another. */
#define STACK_SIZE 65536

/* Begins argv[0] of an image that was executed after a fault before there was a
 * state. A second such fault leads to the last resort. */
static const char again[] = "init: started again after signal ";
#define AGAIN_SIZE (sizeof(again) + 2 * FORMAT_SIZE + 8)

/* What the handler uses and changes outside of the state. */
static struct {
	struct state *const *live;
	char **argv;
	void (*last_resort)(int signal, uintptr_t at);
	bool is_handling;
	char again[AGAIN_SIZE]; /* argv[0] for the next image */
	int external_signal;	/* sent by a process, and not yet logged */
	int external_sender;
} guard;

/* Returns whether there have been too many faults. */
static bool count_fault(struct faults *faults, int signal, uintptr_t at)
{
	int64_t now = clock_ms();
	int64_t *oldest = &faults->times[faults->count % FAULTS_MAX];
	bool too_many =
		faults->count >= FAULTS_MAX && now - *oldest < FAULTS_WINDOW;

	*oldest = now;
	faults->count++;
	faults->signal = signal;
	faults->at = at;
	return too_many;
}

static bool is_again(char *const *argv)
{
	return strncmp(argv[0], again, strlen(again)) == 0;
}

/* Writes the fault to argv[0] of the next image, for want of a state. */
static void write_again(int signal, uintptr_t at)
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

/* A fault of init itself: this image can't be trusted any more. */
static void survive(int signal, uintptr_t at)
{
	bool is_hopeless = guard.is_handling;
	struct state *state = NULL;

	signals_block();
	guard.is_handling = true;
	if (!is_hopeless)
		state = *guard.live;
	if (state) {
		is_hopeless = count_fault(&state->faults, signal, at);
	} else if (!is_hopeless) {
		is_hopeless = is_again(guard.argv);
		write_again(signal, at);
	}
	if (!is_hopeless && state)
		reexec_with_state(state);
	else if (!is_hopeless)
		reexec_fresh(guard.argv);
	guard.last_resort(signal, at);
}

void fault_of_child(struct state *state, int signal)
{
	(void)count_fault(&state->faults, signal, 0); /* where: not known */
	reexec_with_state(state);
	state->faults.signal = 0;
}

/* In a forked child: dies as if there were no handler. */
static void die(int signal)
{
	signal_reset(signal);
	(void)kill(getpid(), signal);
}

/* A process may send more of these signals than the handler could log. The
 * SIGCHLD wakes the main loop, which logs the last one. */
static void record_external(int signal, int sender)
{
	guard.external_signal = signal;
	guard.external_sender = sender;
	(void)kill(getpid(), SIGCHLD);
}

int fault_take_external(int *sender)
{
	int signal = guard.external_signal;

	guard.external_signal = 0;
	*sender = guard.external_sender;
	return signal;
}

/* sigaction(2): a signal that the kernel raises has si_code > 0; abort(3) sends
 * itself one by tkill(2). All signals stay blocked until the handler knows
 * whether init or another process caused the signal: else a flood of sent
 * signals, each in the handler of another, would overflow the stack. */
static void on_fault(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *at = context;
	bool is_abort = info->si_code == SI_TKILL && info->si_pid == getpid();

	if (getpid() != 1)
		die(signal);
	else if (info->si_code > 0 || is_abort)
		survive(signal, (uintptr_t)at->uc_mcontext.gregs[REG_RIP]);
	else
		record_external(signal, info->si_pid);
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
