/*
 * dice.h - random numbers that are the same on every run: a test that fails
 * names its seed, and the seed is the test.
 */
#ifndef DICE_H
#define DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

/* splitmix64 (Steele, Lea, Flood 2014; public domain by Vigna). */
static inline uint64_t dice_roll(struct dice *dice)
{
	uint64_t z = (dice->state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* One of 0..n-1; n is at least 1. */
static inline uint32_t dice_below(struct dice *dice, uint32_t n)
{
	return (uint32_t)(dice_roll(dice) >> 33) % n;
}

/* True once in n times. */
static inline bool dice_once_in(struct dice *dice, uint32_t n)
{
	return dice_below(dice, n) == 0;
}

#endif
