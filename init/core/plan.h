/*
 * plan.h - what init does next. Events come in by plan_event(), one step goes
 * out by plan_next(). Makes no system call and reads no clock: all times are
 * arguments (ms on the monotonic clock), so the whole life of a machine runs
 * through it in a unit test.
 *
 * THE STATE MACHINE
 *
 *   boot            SYSINIT - WAIT - [JOB] - ONCE - RUN
 *                      |       |       |      |      |   a shutdown request, or
 *                      +-------+---+---+------+------+   the end of the job
 *                                  v
 *   shutdown        SHUTDOWN - TERM - HANGUP - GRACE - KILL - REAP
 *                                                             |  ^
 *   another init    RESTART <---- kind "restart" -------------+  | once, if a
 *                      | exec failed: kind "halt"             |  | process did
 *                      v                                      v  | not die
 *   disks           RELEASE_SELF - LOOPS - MOUNTS - SWAPS - SYNC-+
 *                                    ^                |      |
 *                                    +-- progress ----+      |
 *                                                            v
 *   the end         REPORT_MOUNTS - REBOOT - REBOOTING
 *                                      ^---------+ refused, and requested anew
 *
 *   SYSINIT, WAIT   One entry at a time, each waited for. A phase of the boot
 *                   is left when its list is done: plan_boot_next(). SYSINIT
 *                   first waits until an inittab is loaded (is_loaded).
 *   JOB             The job runs and is waited for. Its end requests a poweroff
 *                   (plan_child_exited()): only a shutdown ends this phase.
 *                   Without a job the list is empty; ONCE follows at once.
 *   ONCE, RUN       Entries are started and not waited for. RUN restarts them
 *                   from the due heap, and is left by a shutdown only.
 *   SHUTDOWN        Shutdown entries, one at a time, each with a time limit:
 *                   plan_shutdown_next().
 *   TERM, HANGUP    SIGTERM to all processes, then SIGHUP to shells, which
 *                   ignore SIGTERM.
 *   GRACE           Until no child is left (ECHILD), or the grace period ends.
 *   KILL, REAP      SIGKILL to all processes, always once; 2 s to reap.
 *   RESTART         PID 1 executes the command of the "restart" entry.
 *   RELEASE_SELF    PID 1 executes a copy of itself in memory if its own file
 *                   was deleted: an open deleted file keeps / writable. A child
 *                   makes that copy.
 *   LOOPS           Loop devices are detached; a pass over the disks begins.
 *   MOUNTS, SWAPS   Filesystems are made read-only and unmounted, the last
 *                   mounted first; then swap areas are disabled, since a tmpfs
 *                   may be in swap. One child does a whole list, and tells
 *                   where it is: if it hangs there, another child does what
 *                   is left. A pass that undid anything is followed by
 *                   another one.
 *   SYNC            For what could not be unmounted.
 *   REPORT_MOUNTS   A child logs what stays mounted read-write.
 *   REBOOT          A child calls reboot(2).
 *   REBOOTING       Nothing is left to do. If reboot(2) was refused, init logs
 *                   that and waits for another request; in a container, init
 *                   exits.
 *
 * A container goes from REAP to SYNC, or to REBOOT if it runs a job only: its
 * mounts are not its own.
 *
 * What holds in each phase: requests (shutdown, reload, upgrade, Ctrl-Alt-Del)
 * are flags of the plan, and every phase of the boot serves them before its own
 * work, also while a sysinit command hangs. During shutdown only the kind of
 * shutdown can change, and waits can be cut short. A task is a child of init's
 * own with a deadline. Tasks run in RELEASE_SELF and later phases only; one
 * file task at a time runs beside any phase of the boot.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stddef.h>

#include "table.h"
#include "types.h"

enum phase {
	PHASE_SYSINIT,
	PHASE_WAIT,
	PHASE_JOB,
	PHASE_ONCE,
	PHASE_RUN,
	PHASE_SHUTDOWN,
	PHASE_TERM,
	PHASE_HANGUP,
	PHASE_GRACE,
	PHASE_KILL,
	PHASE_REAP,
	PHASE_RESTART,
	PHASE_RELEASE_SELF,
	PHASE_LOOPS,
	PHASE_MOUNTS,
	PHASE_SWAPS,
	PHASE_SYNC,
	PHASE_REPORT_MOUNTS,
	PHASE_REBOOT,
	PHASE_REBOOTING,
	PHASE_COUNT
};

/* Boot, and normal operation. */
static inline bool phase_is_up(enum phase phase)
{
	return phase <= PHASE_RUN;
}

/* An entry is started and its end waited for. */
static inline bool phase_waits_for_entry(enum phase phase)
{
	return phase == PHASE_SYSINIT || phase == PHASE_WAIT ||
	       phase == PHASE_JOB || phase == PHASE_SHUTDOWN;
}

/* Entries are started. */
static inline bool phase_starts_entries(enum phase phase)
{
	return phase_is_up(phase) || phase == PHASE_SHUTDOWN;
}

/* Processes still run that another init could take over. */
static inline bool phase_allows_restart(enum phase phase)
{
	return phase <= PHASE_RESTART;
}

/* A child does a disk task, or calls reboot(2). */
static inline bool phase_has_task(enum phase phase)
{
	return phase >= PHASE_RELEASE_SELF;
}

/* reboot(2) is, or was, called. */
static inline bool phase_is_rebooting(enum phase phase)
{
	return phase >= PHASE_REBOOT;
}

/* Work that may block for ever, done by a child with a deadline. */
enum task {
	TASK_NONE,
	TASK_COPY_SELF, /* init's own file into memory, if it was deleted */
	TASK_LOOPS,   /* detach all loop devices, now or at their last close */
	TASK_UNMOUNT, /* all mounts, the last one first: read-only, then away;
		       * exits with 0 if one is gone */
	TASK_SWAPOFF, /* all swap areas; likewise */
	TASK_SYNC,    /* sync(2) */
	TASK_REPORT_MOUNTS, /* logs what is still writable */
	TASK_REBOOT,	    /* reboot(2), of the kind of plan_shutdown_kind() */
	/* file tasks, see plan_files.c */
	TASK_READ_INITTAB,  /* the inittab into memory; exits with an errno */
	TASK_READ_UPGRADE,  /* the new file of init into memory; likewise */
	TASK_CHECK_UPGRADE, /* would that file accept the state? */
	TASK_COUNT
};

static inline bool task_is_file(enum task task)
{
	return task >= TASK_READ_INITTAB;
}

/* One child handles all objects of a list of the kernel's, and tells which it
 * is at: PLAN_PROGRESS. */
static inline bool task_has_list(enum task task)
{
	return task == TASK_UNMOUNT || task == TASK_SWAPOFF;
}

/* What is worth a line on the console when it happens (messages.h). */
enum message {
	MESSAGE_SHUTDOWN, /* a shutdown begins */
	MESSAGE_SLOW,	  /* a wait has taken PLAN_SLOW_AFTER: for what? */
	MESSAGE_TIMEOUT,  /* that wait is given up */
	MESSAGE_KILL,	  /* the grace period is over, and processes run */
	MESSAGE_REFUSED,  /* reboot(2) was refused */
	MESSAGE_RELOAD_FAULTED, /* reloads are given up after faults of init */
	MESSAGE_NO_UPGRADE,	/* an upgrade is refused: see file_error */
	MESSAGE_COUNT
};

/* What main.c is to do, and the result that it passes to PLAN_STEP_DONE; 0
 * where nothing else is said. */
enum step_kind {
	STEP_SLEEP,	   /* until an event, or the time `until`; no result */
	STEP_START,	   /* the entry in slot; result: its pid, or -1 */
	STEP_SIGNAL_GROUP, /* `signal` to the process group of slot's child */
	STEP_HANGUP,	 /* SIGHUP to it, if it has a tty and ignores SIGTERM */
	STEP_SIGNAL_ALL, /* `signal` to all processes */
	STEP_KILL_TASK,	 /* SIGKILL to file_child: its time is over */
	STEP_RELOAD,	 /* take the inittab that TASK_READ_INITTAB has read;
			  * result: -1 on failure, 1 for the first table */
	STEP_UPGRADE,	 /* execute the file that TASK_CHECK_UPGRADE accepted;
			  * the image that goes on, new or old, passes the
			  * result 0 */
	STEP_REEXEC_COPY, /* execute the copy of TASK_COPY_SELF */
	STEP_REEXEC,	  /* execute init's file again, after the fault `signal`
			   * of a task's child, which is a copy of init */
	STEP_TASK,	  /* start a child for `task`; result: its pid, or -1 */
	STEP_EXEC_RESTART, /* execute the command of slot in place of init; a
			    * result, 0, comes only if that failed */
	STEP_EXIT,	   /* exit with plan_exit_status(): a container */
	STEP_SAMPLE_IO,	   /* result: a counter that grows with disk I/O; of
			    * UNMOUNT and SWAPOFF first PLAN_PROGRESS */
	STEP_MESSAGE	   /* log `message` */
};

/* Two words, so that it is passed and returned in registers. */
struct step {
	enum step_kind kind : 8;
	enum message message : 8;
	enum task task : 8; /* STEP_TASK, STEP_SAMPLE_IO; STEP_MESSAGE: about it
			     */
	int signal : 8;
	uint32_t slot;
	int64_t until;
};

/*
 * What happened. Who sends what: record_events.c, after each system call that
 * tells init anything. To apply the same PLAN_SIGNAL, PLAN_REQUEST or
 * PLAN_CHILD_EXITED twice is harmless.
 */
enum plan_event_kind {
	PLAN_SIGNAL,	    /* signals_wait() took a signal */
	PLAN_REQUEST,	    /* it took a queued SIGNAL_REQUEST (request.h) */
	PLAN_CHILD_EXITED,  /* reap_child() took a child */
	PLAN_CHILDREN_LEFT, /* reap_child() took none: does a child live? */
	PLAN_STEP_DONE,	    /* the step of plan_next() was carried out */
	PLAN_PROGRESS	    /* what the child of UNMOUNT or SWAPOFF is at */
};

struct plan_event {
	enum plan_event_kind kind;
	union {
		int signal;
		uint32_t request; /* the value that was queued with it */
		struct {
			pid_t pid;
			int status; /* as of wait(2) */
		} child;
		bool children_left;
		struct {
			struct step step;
			int64_t result; /* see enum step_kind */
		} done;
		struct {
			uint32_t object;   /* its line in the list; 0: none */
			uint32_t id;	   /* of the filesystem or swap area:
					    * the same as long as that is
					    * there; 0: not known */
			uint32_t released; /* objects so far */
		} progress;
	};
};

/* What an event means beside its effect, where that is worth a message. */
enum exit_notice {
	NOTICE_NONE,
	NOTICE_FAILED,	  /* an entry that was waited for failed */
	NOTICE_THROTTLED, /* an entry keeps failing: its starts are delayed */
	NOTICE_TASK_ENDED /* a task ended */
};

/* TASK_CHECK_UPGRADE exits with this if the state is accepted. Not 0, which a
 * program that is no init would exit with, too. */
#define PLAN_STATE_ACCEPTED 107

/* Time limits, in ms. */

/* From TERM to KILL, unless INIT_GRACE is given. */
#define PLAN_GRACE 10000
/* For each shutdown entry, unless INIT_STOP is given. */
#define PLAN_STOP_TIMEOUT 60000
/* For killed processes to end. */
#define PLAN_REAP_TIMEOUT 2000
/* For each umount, swapoff and sync, extended as long as disks do I/O; to read
 * a file. */
#define PLAN_DISK_TIMEOUT 60000
/* Disks do I/O if they did some in so long. */
#define PLAN_IO_INTERVAL 10000
/* How often that, and the progress of a task, are sampled. */
#define PLAN_SAMPLE_INTERVAL 1000
/* For a new file of init to check the state. */
#define PLAN_CHECK_TIMEOUT 2000
/* The longest extension: a RAID may resync for days. */
#define PLAN_DISK_MAX 900000
/* For sync, after another disk task has hung; to copy init's own file; to
 * report mounts. */
#define PLAN_SHORT_DISK_TIMEOUT 5000
/* A wait of this length is logged. */
#define PLAN_SLOW_AFTER 1000
/* From a failed fork to the next try. */
#define PLAN_FORK_RETRY 500
/* Ctrl-Alt-Del skips a wait of the shutdown no earlier than this after the
 * shutdown began, or after the last wait was skipped: a held key repeats. */
#define PLAN_SKIP_WAIT_AFTER 2000

/* The longest INIT_GRACE and INIT_STOP: a year, in seconds. */
#define PLAN_OPTION_MAX_S (365 * 24 * 3600ll)

/* Disk tasks that hang are remembered and not tried again: at most so many. */
#define PLAN_MAX_HUNG 16

/* A task whose child died of a signal is done again up to this number. */
#define PLAN_TASK_TRIES 2

/* A reload that ended in a fault of init is tried again up to this number. */
#define PLAN_RELOAD_TRIES 2

struct plan {
	enum phase phase;

	/* requests */
	enum shutdown_kind shutdown;
	uint8_t paused; /* by SIGTSTP: nothing is started */
	uint8_t reload_requested;
	uint8_t reload_read;  /* the inittab is in memory, or file_error */
	uint8_t reload_tries; /* times that STEP_RELOAD was begun */
	uint8_t cad_requested;
	uint8_t upgrade_requested;
	uint8_t upgrade_read;	  /* the new file is in memory */
	uint8_t upgrade_accepted; /* it accepts the state */
	uint8_t upgrade_refused;  /* to be told */
	uint8_t skip_wait;	  /* do not wait any longer */
	uint32_t forward_signals; /* to the job: a bit for each signal */

	/* state of the machine, and settings */
	uint8_t is_machine;	  /* not a container */
	uint8_t is_loaded;	  /* the table is that of an inittab; before,
				   * nothing is started */
	uint8_t no_children;	  /* the last reaping answered ECHILD */
	uint8_t shutdown_refused; /* reboot(2) failed, and that was logged */
	enum shutdown_kind
		poweroff_kind; /* what a poweroff is: INIT_POWEROFF */
	int64_t grace;	       /* PLAN_GRACE, or INIT_GRACE */
	int64_t stop_timeout;  /* PLAN_STOP_TIMEOUT, or INIT_STOP; FOREVER */
	int64_t fork_retry_at; /* no fork before this; 0: the last one worked */
	struct job job;
	uint32_t event_count; /* events written to the ring (event_ring.h) */

	/* what the phase starts and waits for: slots, 0 is none */
	uint32_t cursor;      /* to start next */
	uint32_t waiting;     /* its end is waited for */
	uint32_t cad_cursor;  /* the same for ctrlaltdel entries, which run */
	uint32_t cad_waiting; /* beside any phase of the boot */
	int64_t deadline;     /* of the wait */
	int64_t next_slow_message; /* FOREVER: logged */
	int64_t last_skip;	   /* or the begin of the shutdown, see
				    * PLAN_SKIP_WAIT_AFTER */

	/* tasks */
	pid_t task;	     /* the child that does one; 0: none */
	pid_t file_child;    /* the child that does a file task, beside any
			      * phase of the boot; 0: none */
	enum task file_task; /* what it does, or did last */
	uint32_t file_error; /* how that ended: an errno, or 0 */
	int64_t file_deadline;
	int64_t task_started; /* or the task came to another object */
	int64_t next_sample;
	int64_t io_since;    /* begin of the current PLAN_IO_INTERVAL */
	int64_t io_counter;  /* as it was then; -1: not known yet */
	uint8_t task_faults; /* tasks in a row whose child died of a signal */
	uint8_t task_signal; /* that of the last one: for STEP_REEXEC */
	uint8_t self_copied; /* by TASK_COPY_SELF */
	uint8_t pass_progressed; /* this pass over the disks undid something */
	uint8_t reap_again; /* a killed process did not end: once more after
			     * sync */
	uint32_t object;    /* what the task is at: as in struct plan_event */
	uint32_t object_id;
	uint32_t hung_count;
	uint32_t hung_ids[PLAN_MAX_HUNG];

	/* last: the arrays of the table lie behind it */
	_Alignas(struct slot) struct table table;
};

/* Bytes of a plan whose table has this capacity. */
size_t plan_bytes(uint32_t capacity, uint32_t text_size);

/* Makes an empty plan of zeroed memory of plan_bytes(). table_add() fills it,
 * then plan_boot() or plan_reload() completes it. */
void plan_init(struct plan *plan, bool is_machine, uint32_t capacity,
	       uint32_t text_size);

/*
 * Sets the options of the kernel's command line; NULL is an option that is not
 * given. grace and stop are seconds (0: no grace, no time limit); poweroff is
 * "off", "reboot" or "halt". Returns false if a value is invalid; that option
 * keeps its default.
 */
bool plan_set_options(struct plan *plan, const char *grace, const char *stop,
		      const char *poweroff);

/* Completes the first plan: the boot begins at now. is_loaded: with this table;
 * else with the table of plan_reload(), which the plan asks for first, and of
 * this table only the job, if there is one, is used. */
void plan_boot(struct plan *plan, bool is_loaded, int64_t now);

/* Completes a plan that replaces old: it takes over phase, requests and
 * children. One-time entries that are new are never run if their phase has
 * begun. If old was not loaded, its phase begins now. old is not used
 * afterwards. */
void plan_reload(struct plan *plan, struct plan *old, int64_t now);

/* The next step. Total: there is one in every state. May enter another phase,
 * take up a request, and drop slots from the due heap that are not to be
 * started; changes no slot otherwise. */
struct step plan_next(struct plan *plan, int64_t now);

/* The slot that an event is about, 0 if none. plan_event() changes only this
 * slot and what plan_recover() rebuilds, so the undo record of plan_begin() has
 * a copy of this slot. */
uint32_t plan_event_slot(const struct plan *plan,
			 const struct plan_event *event);

/* Applies an event. Returns what the event is worth telling; NOTICE_NONE for
 * all but PLAN_CHILD_EXITED. */
enum exit_notice plan_event(struct plan *plan, const struct plan_event *event,
			    int64_t now);

/* One word for messages; valid for ever. */
const char *plan_phase_name(enum phase phase);

/* The kind of shutdown that reboot(2) is to be called with: the one that was
 * requested, but INIT_POWEROFF may replace a poweroff. */
enum shutdown_kind plan_shutdown_kind(const struct plan *plan);

/* Must the watchdog be opened now, or pinged if it is open (is_open)? Only
 * on the way to a poweroff or reboot: some watchdogs can't be stopped, and
 * would reset a machine that has halted or that another init runs. */
bool plan_wants_watchdog(const struct plan *plan, bool is_open);

/* The exit status of the job, as a shell gives it: 128 plus the signal that
 * ended it; 0 if it has not ended. */
int plan_exit_status(const struct plan *plan);

#endif
