/*
 * rules_command.h - the rules about a command that does something else than its
 * author may expect.
 */
#ifndef RULES_COMMAND_H
#define RULES_COMMAND_H

#include "finding.h"

/* A # that init passes on as a part of the command, and at which busybox init
 * cuts the line. */
void rule_number_sign(struct lint_line *line);

/* A quote without its partner. */
void rule_unclosed_quote(struct lint_line *line);

/* A part of a shell's if, for, while, until or case: the author continued it on
 * another line. */
void rule_split_construct(struct lint_line *line);

/* cd, export and the like as the only command: the effect ends with the process
 * of the line. */
void rule_lost_setting(struct lint_line *line);

/* A respawn or askfirst entry whose command goes to the background. */
void rule_background(struct lint_line *line);

#endif
