/*
 * reexec.h - executes init again: after a fault, for an upgrade, or from a copy
 * in memory. The program's own file is held open by a descriptor, so that this
 * works whatever became of its name. What one image passes to the next are its
 * arguments, the descriptors in state.h, and the watchdog's. Also locks init's
 * memory. Never changes the plan. Called by PID 1, except reexec_check_state()
 * and the tasks.
 */
#ifndef REEXEC_H
#define REEXEC_H

#include <stdbool.h>

#include "state.h"

/* argv[1] of PID 1: go on with the state in FD_STATE. argv[2] is the path of
 * init's file. */
#define REEXEC_RESUME "--resume"
/* argv[1] of another process: could you go on with the state in FD_STATE? The
 * exit status is PLAN_STATE_ACCEPTED if so. */
#define REEXEC_CHECK_STATE "--check-state"

/* Was this image executed by another one, with REEXEC_RESUME? Not if the
 * kernel, or a user, only passed that word. */
bool reexec_is_resumed(char *const *argv);

/* The path that the first image was executed from; valid for ever. argv is that
 * of this image. */
const char *reexec_file(char *const *argv);

/* Opens the program's own file as FD_IMAGE: by the name that the kernel passed,
 * since /proc is not mounted yet. Closes the other reserved descriptors. An
 * image that was executed with REEXEC_RESUME has all of them already. Errors
 * are ignored: reexec_is_supported() tells. */
void reexec_open_self(char *const *argv);

/*
 * For a machine: locks in memory what this image has touched and will touch,
 * and the state. If the swap device hangs, a swapped-out init would hang as
 * well, and so would every child, which starts as its copy. Gives back the
 * stack below the caller's frame, which only boot needed. The lock ends with
 * exec; children do not inherit it. Errors are ignored: Linux before 4.4 can't
 * lock pages on their first use.
 */
void memory_lock(const struct state *state);

/* Are the descriptors and the system call there that reexec_with_state()
 * needs? Changes errno. */
bool reexec_is_supported(const struct state *state);

/* Executes FD_IMAGE, which goes on with the state. Returns only on failure,
 * with errno; init can go on then. May be called in a fault handler. */
void reexec_with_state(const struct state *state);

/* For a fault before there is a live state: executes the program with argv, as
 * this image was. An image that was to adopt a state leaves it in FD_STATE to
 * the next image. Returns only on failure, with errno. May be called in a fault
 * handler. */
void reexec_fresh(char *const *argv);

/*
 * Makes the state that the previous image passed on the live one, and closes
 * FD_STATE and FD_PREVIOUS_IMAGE. If the state is unusable, executes the
 * previous image, which gets it back. Returns false, and *live is NULL, if that
 * failed, too. argv is that of this image; now is clock_ms().
 */
bool reexec_adopt_state(struct state **live, char *const *argv, int64_t now);

/* For a process that is not PID 1: the exit status of REEXEC_CHECK_STATE,
 * EXIT_FAILURE if the state was unusable for 100 ms. Does not change the
 * state. */
int reexec_check_state(void);

/* TASK_READ_UPGRADE, run by a child: copies the file with this path to FD_FILE.
 * Returns 0 or an errno, the child's exit status. */
int reexec_read_upgrade(const void *file);

/* TASK_CHECK_UPGRADE, run by a child: executes FD_FILE with REEXEC_CHECK_STATE.
 * state is an int, the descriptor of the state. Returns EXIT_NOT_RUN, the
 * child's exit status, if the file can't be executed. */
int reexec_check_upgrade(const void *state);

/* Executes FD_FILE, which goes on with the state. Returns if that failed, which
 * is logged; FD_IMAGE is the old file again. */
void reexec_new_file(const struct state *state);

/* TASK_COPY_SELF, run by a child: copies the program's file to FD_FILE if it
 * was deleted or replaced: as long as a deleted file is open, its filesystem
 * can't be made read-only. Returns 0 if it did. unused is not used. */
int reexec_copy_self(const void *unused);

/* Executes that copy, which goes on with the state. Returns if that failed,
 * which is logged. */
void reexec_copy(const struct state *state);

#endif
