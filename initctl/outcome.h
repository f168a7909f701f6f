/*
 * outcome.h - the exit statuses of initctl, as documented in initctl(8).
 */
#ifndef OUTCOME_H
#define OUTCOME_H

enum outcome {
	OUTCOME_DONE = 0,
	OUTCOME_REFUSED = 1, /* or failed */
	OUTCOME_USAGE = 2,
	OUTCOME_NO_ENTRY = 3, /* no entry matches, or more than one does */
	OUTCOME_NOT_PERMITTED = 4,

	/* those of initctl check */
	CHECK_CLEAN = 0,
	CHECK_FOUND = 1,
	CHECK_FAILED = 2, /* a file can't be read, or a usage error */
};

#endif
