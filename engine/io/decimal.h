/* decimal.h - the shortest decimal that reads back as the same double, fast enough for tables of
 * many millions of numbers.
 *
 * Giulietti 2021, The Schubfach way to render doubles: of the decimals of the fewest digits inside
 * the interval that rounds to the double, the nearest; found with one multiplication by a power of
 * ten in 128 bits. */
#ifndef ORRERY_IO_DECIMAL_H
#define ORRERY_IO_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

enum { ORR_LEAST_POWER = -292, ORR_MOST_POWER = 324, ORR_LONGEST_DECIMAL = 32 };

/* The leading 128 bits of powers of ten, rounded up. */
typedef struct orr_powers {
    struct {
        uint64_t high, low;
    } of[ORR_MOST_POWER - ORR_LEAST_POWER + 1];
} orr_powers;

/* To be done once (about a millisecond). */
void orr_powers_fill(orr_powers *p);

/* Write the number as "%.17g" does, with as few digits; "inf", "-inf", "nan".  Returns its length,
 * below ORR_LONGEST_DECIMAL; no 0 behind it. */
size_t orr_decimal(const orr_powers *p, double value, char *out);

#endif
