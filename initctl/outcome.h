/*
 * outcome.h - what initctl exits with; all but check, which has its own.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

enum outcome {
	OUTCOME_DONE,
	OUTCOME_REFUSED, /* or failed */
	OUTCOME_USAGE,
	OUTCOME_NO_ENTRY, /* or more than one of that name */
	OUTCOME_NOT_PERMITTED
};

#endif
