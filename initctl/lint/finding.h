/*
 * finding.h - what a rule gets, a line of the inittab, and what it adds,
 * findings.
 */
#ifndef FINDING_H
#define FINDING_H

#include "format_number.h"
#include "types.h"

/* Strings of one message, with the NULL at the end. */
#define FINDING_PARTS 6

/* Findings of one line: at most one of each rule, and some to spare. */
#define FINDINGS_MAX 24

/* Size of the beginning of the second field that is kept (bytes): the runlevels
 * of sysvinit fit. */
#define RUNLEVELS_SIZE 16

struct finding {
	const char *at; /* the byte of the parsed line that it points to */
	const char *parts[FINDING_PARTS];
	char number[FORMAT_SIZE]; /* storage for one of the parts */
};

/* A parsed line of the inittab, and the findings in it. Other lines are named
 * by their line number; 0 stands for none. */
struct lint_line {
	const char *tty; /* as in struct entry */
	bool is_path;	 /* the tty was written with a slash before it, as in
			  * /dev/tty1 */
	const char *command;
	enum action action;
	char runlevels[RUNLEVELS_SIZE]; /* the beginning of the second field */
	uint32_t repeated_line;	    /* earlier line with the same tty, command
				     * and list of actions */
	uint32_t other_action_line; /* earlier line with the same tty and
				     * command, but in another list */
	uint32_t used_restart_line; /* line of the restart entry that init uses,
				     * if this is another restart entry */
	bool is_useless_cad; /* the last ctrlaltdel entry, and no ctrlaltdel
			      * entry shuts the machine down */
	uint32_t count;
	struct finding findings[FINDINGS_MAX];
};

/* Adds a finding at a byte of the line. The message is before, shown and after;
 * shown and after may be NULL. The finding keeps the pointers. Returns it, so
 * that the caller can add more parts. If there are too many findings, the last
 * one is overwritten. */
struct finding *add_finding(struct lint_line *line, const char *at,
			    const char *before, const char *shown,
			    const char *after);

#endif
