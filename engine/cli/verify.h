/* verify.h - what `orrery verify` measures beyond positions. */
#ifndef ORRERY_CLI_VERIFY_H
#define ORRERY_CLI_VERIFY_H

#include "cli.h"

/* One number of a problem. */
typedef struct finding {
    double expected, obtained;
    double scale; /* digits are those of |obtained - expected| / scale */
} finding;

/* Measures; false: it could not be done.  s is loaded, with its bodies; the simulation takes them.
 */
typedef bool measure_fn(orr_scenario *s, finding *out, size_t n);

/* g5, g6, s6 of the giant planets ["/yr] from ten million years. */
measure_fn secular_frequencies;

#endif
