/* units.h - dimensions, units, and the constants of the field, each with its source.
 *
 * Quantities are converted on the way in and out only; inside, everything is in the units of the
 * problem.  Mass is special: what is known to ten digits is GM, so every mass unit carries its GM
 * and G itself enters only for kilograms. */
#ifndef ORRERY_UNITS_H
#define ORRERY_UNITS_H

#include <stdbool.h>
#include <stddef.h>

#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Exponents of length, mass, time and angle. */
typedef struct orr_dimension {
    signed char length, mass, time, angle;
} orr_dimension;

#define ORR_DIMENSIONLESS (ORR_VALUE(orr_dimension){0, 0, 0, 0})
#define ORR_LENGTH        (ORR_VALUE(orr_dimension){1, 0, 0, 0})
#define ORR_MASS          (ORR_VALUE(orr_dimension){0, 1, 0, 0})
#define ORR_TIME          (ORR_VALUE(orr_dimension){0, 0, 1, 0})
#define ORR_ANGLE         (ORR_VALUE(orr_dimension){0, 0, 0, 1})
#define ORR_SPEED         (ORR_VALUE(orr_dimension){1, 0, -1, 0})
#define ORR_GM            (ORR_VALUE(orr_dimension){3, 0, -2, 0})
#define ORR_ENERGY        (ORR_VALUE(orr_dimension){2, 1, -2, 0})

/* Defining constants.
 * ORR_AU      IAU 2012 Resolution B2, exact [m]
 * ORR_GM_SUN  nominal solar mass parameter, IAU 2015 Resolution B3 [m3 s-2]
 * ORR_G_SI    CODATA 2018 [m3 kg-1 s-2], relative uncertainty 2.2e-5 */
#define ORR_AU     149597870700.0
#define ORR_GM_SUN 1.3271244e20
#define ORR_G_SI   6.67430e-11

#define ORR_SPEED_OF_LIGHT 299792458.0 /* [m/s], exact (SI) */

typedef struct orr_unit {
    const char *name;
    orr_dimension dim;
    double si;       /* value in m, kg (for masses: GM in m3 s-2), s, rad */
    const char *doc; /* what it is and where its value is defined */
} orr_unit;

/* The table of named units: iterate with i from 0 until NULL. */
ORR_API const orr_unit *orr_unit_at(size_t i);

/* The units of a problem.  G = 0 asks for the value that belongs to these units. */
typedef struct orr_units {
    double length, time; /* in m and s; 1 for a dimensionless problem */
    double mass;         /* GM of the mass unit in m3 s-2 */
    double G;            /* gravitational constant in these units */
    double angle;        /* in rad, of angles that are written without a unit; 0: they are errors */
    int dimensionless;   /* 1: bare numbers only, no unit may be written */
    char length_name[16], mass_name[16], time_name[16];
} orr_units;

/* The units of a problem by the names of its units of length, mass and time ("au", "Msun", "day"),
 * with the G that belongs to them.  ORR_E_UNKNOWN_NAME: one of them is no unit of that kind. */
ORR_API ORR_CHECKED orr_status orr_units_named(const char *length, const char *mass,
                                               const char *time, orr_units *out);

/* Read a unit expression such as "km", "km/s", "au^3/day^2", "km3 s-2".  Gives its dimension and
 * its value in SI (every mass counted by its GM).  ORR_E_UNKNOWN_NAME for an unknown unit, with its
 * name copied into unknown (size bytes) if not NULL; ORR_E_ARGUMENT for a malformed expression. */
ORR_API ORR_CHECKED orr_status orr_unit_parse(const char *text, orr_dimension *dim, double *si,
                                              char *unknown, size_t size);

/* What one unit of dimension dim of this problem is in SI (masses in kg). */
ORR_API double orr_units_si(const orr_units *u, orr_dimension dim);

/* Write the name of the unit of dimension dim, e.g. "au day-1"; "" if dimensionless. */
ORR_API void orr_units_name(const orr_units *u, orr_dimension dim, char *buffer, size_t size);

/* Is this a unit, such as "au", "km/s", "km3 s-2"? */
ORR_API bool orr_is_unit(const char *text);

/* Convert a number with an optional unit ("1.5 au", "30 km/s", "2") to the units of the problem.
 * A bare number is taken to be in them; an angle so only if they state one, or if it is 0.  Errors:
 * ORR_E_FORMAT not a number; ORR_E_UNKNOWN_NAME; ORR_E_INCOMPATIBLE wrong dimension;
 * ORR_E_NOT_FINITE.  message (size bytes) gets one sentence saying what is wrong. */
ORR_API ORR_CHECKED orr_status orr_quantity_parse(const char *text, const orr_units *u,
                                                  orr_dimension dim, double *value, char *message,
                                                  size_t size);

#ifdef __cplusplus
}
#endif

#endif
