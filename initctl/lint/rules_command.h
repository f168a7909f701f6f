/*
 * rules_command.h - the rules about the command of an entry: what does
 * something else here than its writer may think. Each adds one finding at most.
 */
#ifndef RULES_COMMAND_H
#define RULES_COMMAND_H

#include "finding.h"

/* A # that is part of the command, where busybox init cuts the line. */
void remark_number_sign(struct look *look);

/* A quote that is never closed. */
void remark_open_quote(struct look *look);

/* A shell's if, for, while or case that goes on in another line. */
void remark_broken_construct(struct look *look);

/* cd, export and the like, which end with the process of their line. */
void remark_lost_setting(struct look *look);

/* A command to be started again that goes to the background. */
void remark_background(struct look *look);

#endif
