/*
 * rules_redundant.h - the rules about commands that do what is init's own to
 * do: mounting, unmounting, ending the machine. Each adds one finding at most.
 */
#ifndef RULES_REDUNDANT_H
#define RULES_REDUNDANT_H

#include "finding.h"

/* A mount of what init has mounted already. */
void duty_mount(struct look *look);

/* umount -a and swapoff -a on the way down, which init does itself. */
void duty_unmount(struct look *look);

/* reboot, poweroff or halt on the way down. */
void duty_ending(struct look *look);

/* May this command of a ctrlaltdel entry end the machine? Scripts are not
 * looked into; who writes "true" does not want it to. */
bool duty_may_end(const char *command);

#endif
