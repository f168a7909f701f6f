/*
 * variant.h - for an init with a function of its own in place of the product's:
 * WRAP(f) is called wherever another object file calls f (ld(1), --wrap). The
 * fixture variant() of tests/harness/fixtures.py builds it.
 */
#ifndef VARIANT_H
#define VARIANT_H

#define WRAP(function) __wrap_##function
#define REAL(function) __real_##function

#endif
