/*
 * rules_redundant.h - the rules about commands that do what init does by
 * itself: mounting, unmounting, shutting down.
 */
#ifndef RULES_REDUNDANT_H
#define RULES_REDUNDANT_H

#include "finding.h"

/* A mount of a filesystem that init has mounted already. */
void rule_needless_mount(struct lint_line *line);

/* umount -a or swapoff -a in a shutdown entry. */
void rule_needless_umount(struct lint_line *line);

/* reboot, poweroff or halt in a shutdown entry. */
void rule_shutdown_command(struct lint_line *line);

/* May this command of a ctrlaltdel entry shut the machine down? True for any
 * script, since scripts are not read; and for "true" and its like, which show
 * that the author wants Ctrl-Alt-Del to do nothing. */
bool command_may_shut_down(const char *command);

#endif
