/*
 * plan.h - what init does next. Facts come in (a child's end, what came of a
 * step; signals by request.h), one step goes out. Makes no system call and
 * reads no clock, so a whole life of a machine runs through it on any host.
 *
 *   SYSINIT - WAIT - (JOB) - ONCE - RUN .... up; any of them may be left for
 *   SHUTDOWN - TERM - HANGUP - GRACE ....... down;
 *   KILL - REAP ............................ or, after this, RESTART for
 *   COPY - LOOPS - MOUNTS - SWAPS - SYNC ... another init;
 *   REBOOT - REBOOTING ..................... the end.
 *
 * A poweroff, a reload, Ctrl-Alt-Del are served in every phase of the way up,
 * also while a sysinit script hangs: they are fields, and each phase looks at
 * them first.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stddef.h>

#include "table.h"
#include "types.h"

enum phase {
	PHASE_SYSINIT, /* one after the other, each waited for */
	PHASE_WAIT,    /* likewise */
	PHASE_JOB,     /* if there is one: nothing comes after it but the end */
	PHASE_ONCE,    /* started, not waited for */
	PHASE_RUN,     /* respawn and askfirst entries kept running */
	PHASE_SHUTDOWN, /* shutdown entries, one after the other */
	PHASE_TERM,	/* everybody is told */
	PHASE_HANGUP,	/* and shells, which do not mind SIGTERM, once more */
	PHASE_GRACE,	/* and may end in peace */
	PHASE_KILL,	/* everybody is killed, always once */
	PHASE_REAP,	/* the killed are collected */
	PHASE_RESTART,	/* another init takes our place */
	PHASE_RELEASE_SELF,  /* our own file may be gone: it must not be held */
	PHASE_LOOPS,	     /* a pass begins: loop devices let go, */
	PHASE_MOUNTS,	     /* filesystems, the last one first, */
	PHASE_SWAPS,	     /* and swap, when no tmpfs needs it any more; again
			      * after a pass that came further */
	PHASE_SYNC,	     /* for what could not be unmounted, */
	PHASE_REPORT_MOUNTS, /* which is named */
	PHASE_REBOOT,
	PHASE_REBOOTING, /* nothing is left to do */
	PHASE_COUNT
};

/* Work that may block for ever, and is done by a child with a deadline. */
enum task {
	TASK_NONE,
	TASK_LOOPS,   /* detach all loop devices, now or at their last close */
	TASK_UNMOUNT, /* what STEP_SCAN found: read-only first, then away */
	TASK_SWAPOFF, /* likewise */
	TASK_SYNC,    /* sync(2) */
	TASK_REBOOT,  /* reboot(2), as plan_shutdown_kind() says */
	TASK_PROBE_UPGRADE, /* does a new file of init know the state? */
};

/* What is worth a line on the console when it happens. */
enum message {
	MESSAGE_SHUTDOWN,    /* the way down begins */
	MESSAGE_SLOW,	     /* a wait has taken a second: for whom? */
	MESSAGE_TIMEOUT,     /* who was waited for is not waited for any more */
	MESSAGE_KILL,	     /* the grace is over, and somebody still runs */
	MESSAGE_MOUNTS_LEFT, /* what is still mounted to be written to; and how
			      * a job has ended: our last words */
	MESSAGE_REFUSED,     /* the machine can't be had to end */
	MESSAGE_RELOAD_FAULTED /* a reload is given up */
};

enum step_kind {
	STEP_SLEEP,	   /* until a fact or the time `until` */
	STEP_START,	   /* the entry in slot; result: its pid, or -1 */
	STEP_SIGNAL_GROUP, /* signal the process group of slot's child */
	STEP_HANGUP,	 /* SIGHUP to it, if it has a tty and ignores SIGTERM */
	STEP_SIGNAL_ALL, /* signal all processes */
	STEP_RELOAD,	 /* read the inittab again; result: -1 if it was not */
	STEP_UPGRADE, /* go on as the new file of init; result: 0, of that, or
		       * -1 */
	STEP_REEXEC_COPY, /* go on from memory, if our file is gone */
	STEP_SCAN, /* look for the last work of this task before line `slot`
		    * of its list, and tell plan_scan_done() */
	STEP_TASK, /* start task; result: its pid, or -1 */
	STEP_EXEC_RESTART, /* become the command of slot; result: -1, if any */
	STEP_EXIT,	   /* exit with plan_exit_status(), from a container */
	STEP_SAMPLE_IO, /* have disks been read or written? result: any number
			 * that is another one if so */
	STEP_MESSAGE,
	STEP_AGAIN /* never comes out of plan_next() */
};

/* Two words: so it is handed from function to function in registers. */
struct step {
	enum step_kind kind : 8;
	enum message message : 8; /* STEP_MESSAGE */
	enum task task : 8; /* STEP_SCAN, STEP_TASK; STEP_MESSAGE: of what */
	int signal : 8;	    /* STEP_SIGNAL_GROUP, STEP_SIGNAL_ALL */
	uint32_t slot;
	int64_t until;
};

/* What an ended child was, when that is worth a line. */
enum exit_notice {
	NOTICE_NONE,
	NOTICE_FAILED,	  /* an entry that is waited for ended badly */
	NOTICE_THROTTLED, /* a respawn entry fails so often that it must wait */
	NOTICE_TASK_ENDED,     /* one of the tasks */
	NOTICE_UPGRADE_REFUSED /* no upgrade: the new file does not know the
				  state */
};

/* What TASK_PROBE_UPGRADE exits with if the state is known: not 0, which a file
 * that knows nothing of all this may exit with, too. */
#define PLAN_STATE_ACCEPTED 107

/* How long is waited for what, in ms. */
#define PLAN_GRACE 10000 /* from TERM to KILL, unless INIT_GRACE says */
#define PLAN_STOP_TIMEOUT                                                      \
	60000 /* for each shutdown entry, or as INIT_STOP says */
#define PLAN_REAP_TIMEOUT 2000 /* for the killed to end */
/* For each umount, swapoff, sync; and again, as long as disks are at work. */
#define PLAN_DISK_TIMEOUT 60000
#define PLAN_IO_SAMPLE_INTERVAL                                                \
	10000		     /* how often it is looked whether they are, */
#define PLAN_DISK_MAX 900000 /* and how long: a RAID may be at work for days   \
			      */
#define PLAN_SYNC_AFTER_HANG 5000 /* for sync, when one of them hangs already  \
				   */
#define PLAN_SLOW_AFTER 1000	  /* until a wait is worth a line */
#define PLAN_FORK_RETRY 500	  /* after a failed fork */
#define PLAN_OPTION_MAX_S (365 * 24 * 3600ll) /* s: no wish is longer */
#define PLAN_SKIP_WAIT_AFTER                                                   \
	2000 /* after down_since, Ctrl-Alt-Del cuts a wait */

/* So many things that hang are remembered, and not tried again. */
#define PLAN_MAX_HUNG 16

/* So often is a reload begun that faults of ours end. */
#define PLAN_RELOAD_TRIES 2

struct plan {
	enum phase phase;
	enum shutdown_kind shutdown; /* asked for */
	uint8_t is_machine;	     /* not a container */
	uint8_t paused;		     /* by SIGTSTP: nothing is started */
	uint8_t reload_requested;    /* asked for, and */
	uint8_t reload_tries;	     /* begun so often: a fault may end it */
	uint8_t cad_requested;	     /* asked for */
	uint8_t upgrade_requested;   /* asked for */
	uint8_t upgrade_accepted;    /* the state, by the new file of init */
	uint8_t skip_wait;	     /* asked for: stop waiting */
	uint8_t no_children;	     /* no child is left */
	uint8_t shutdown_refused;    /* the ending was, and it was said */
	uint8_t is_words;	     /* the job: words, with a NUL after each */
	uint8_t is_only_job;  /* there is no inittab, and it gets our signals */
	uint32_t cursor;      /* slot to start next in this phase */
	uint32_t waiting;     /* slot whose end this phase waits for */
	uint32_t cad_cursor;  /* the same for the ctrlaltdel entries, which */
	uint32_t cad_waiting; /* run beside any phase of the way up */
	pid_t task;	      /* child that does a task */
	pid_t upgrade_probe;  /* child that does TASK_PROBE_UPGRADE, beside all
				 else */
	int64_t deadline;     /* of what this phase waits for */
	int64_t next_slow_message; /* when to say for whom it waits; FOREVER:
				      said */
	int64_t next_io_sample;	   /* when to look whether disks are at work */
	int64_t io_counter;	   /* what was seen then; -1: not looked yet */
	int64_t task_started;	   /* the task */
	int64_t fork_retry_at; /* no fork before this; 0: the last one worked */
	int64_t last_skip;     /* or since Ctrl-Alt-Del last cut a wait */
	int64_t grace; /* PLAN_GRACE, PLAN_STOP_TIMEOUT, or what was wished */
	int64_t stop_timeout;
	enum shutdown_kind poweroff_kind; /* how a poweroff ends */
	uint8_t scan_found;		  /* work for a task, but not begun */
	uint8_t pass_progressed;	  /* this pass came further */
	uint8_t reap_again; /* a killed one did not end: wait again after sync
			     */
	uint32_t scan_id;   /* of what was found, see plan_scan_done() */
	uint32_t hung_count;
	uint32_t hung_ids[PLAN_MAX_HUNG]; /* marks */
	uint32_t forward_signals; /* signals that the only job gets: a bit each
				   */
	uint32_t job_size;	  /* of its command or words (bytes) */
	int job_status;		  /* how it ended (wait(2)); -1: it did not */
	uint32_t event_count;	  /* written to the ring, see ring.h */
	/* last: its arrays lie behind it */
	_Alignas(struct slot) struct table table;
};

/* Bytes of a plan whose table has this size. */
size_t plan_bytes(uint32_t capacity, uint32_t text_size);

/* Makes a plan of zeroed memory of plan_bytes(), to be filled by table_add()
 * and ended by plan_adopt(). */
void plan_init(struct plan *plan, bool machine, uint32_t capacity,
	       uint32_t text_size);

/*
 * Takes what the kernel's command line wishes, each NULL if it does not: ms
 * are as many as the seconds in grace (0: none) and stop (0: no limit);
 * poweroff is "off", "reboot" or "halt". Returns false if one of them is
 * nothing of the kind; it is ignored.
 */
bool plan_set_options(struct plan *plan, const char *grace, const char *stop,
		      const char *poweroff);

/*
 * Makes the plan ready after its table was filled: at boot (old is NULL), or
 * by taking over phase, requests and children of the plan that it replaces.
 * One-time entries that are new and whose phase has begun are never run.
 */
void plan_adopt(struct plan *plan, struct plan *old, int64_t now);

/* The one decision: total, and without effect but that the phase moves on. */
struct step plan_next(struct plan *plan, int64_t now);

/* What came of a step of plan_next(); see enum step_kind. */
void plan_step_done(struct plan *plan, const struct step *step, int64_t result,
		    int64_t now);

/* What messages call a phase: one word, valid for ever. */
const char *plan_phase_name(enum phase phase);

/* Child pid ended with status (wait(2)). *slot is its entry, 0 for an orphan;
 * applying the same end twice is harmless. */
enum exit_notice plan_child_exited(struct plan *plan, pid_t pid, int status,
				   int64_t now, uint32_t *slot);

/* The answer to STEP_SCAN: the line, 0 if there is none, and any number that
 * tells the thing from others, as long as it is there. */
void plan_scan_done(struct plan *plan, uint32_t line, uint32_t mark,
		    int64_t now);

/* How reboot(2) is to end the machine: the ending asked for, but that a
 * poweroff may be wished to be another. */
enum shutdown_kind plan_shutdown_kind(const struct plan *plan);

/* Whether a watchdog is to be opened now, or to be patted if it is held: on the
 * way to a poweroff or reboot. Some can't be stopped again, and would end what
 * has halted, or the init that took over. */
bool plan_wants_watchdog(const struct plan *plan, bool is_held);

/* What the job, if any, exited with, as a shell gives it: 128 and the signal
 * that ended it. 0: it did not end. */
int plan_exit_status(const struct plan *plan);

/* Whether no child is left, as the last reaping found (ECHILD). */
void plan_set_no_children(struct plan *plan, bool alone);

#endif
