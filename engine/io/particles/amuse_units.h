/* amuse_units.h - units as AMUSE writes them; private to engine/io/particles. */
#ifndef ORRERY_IO_AMUSE_UNITS_H
#define ORRERY_IO_AMUSE_UNITS_H

#include <stdbool.h>

#include <orrery/units.h>

typedef struct orr_amuse_unit {
    double factor; /* times the base units, which are of SI or of an N-body problem */
    orr_dimension dim;
    bool si, nbody; /* which of them occur */
} orr_amuse_unit;

/* "((1000.0 * system.get('S.I.').base('length')) * (system.get('S.I.').base('time')**-1))"; false
 * where it is anything else. */
bool orr_amuse_unit_read(const char *text, orr_amuse_unit *out);

#endif
