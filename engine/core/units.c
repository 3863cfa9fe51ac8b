#include <orrery/units.h>

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "math/reproducible.h"

#define LENGTH                                                                                     \
    {                                                                                              \
        1, 0, 0, 0                                                                                 \
    }
#define MASS                                                                                       \
    {                                                                                              \
        0, 1, 0, 0                                                                                 \
    }
#define TIME                                                                                       \
    {                                                                                              \
        0, 0, 1, 0                                                                                 \
    }
#define ANGLE                                                                                      \
    {                                                                                              \
        0, 0, 0, 1                                                                                 \
    }
#define DAY    86400.0
#define YEAR   (365.25 * DAY)
#define DEGREE (ORR_PI / 180)
#define PARSEC (648000 / ORR_PI * ORR_AU)

static const orr_unit units[] = {
    {"m", LENGTH, 1, "metre"},
    {"mm", LENGTH, 1e-3, "millimetre"},
    {"cm", LENGTH, 1e-2, "centimetre"},
    {"km", LENGTH, 1e3, "kilometre"},
    {"au", LENGTH, ORR_AU, "astronomical unit, exact (IAU 2012 B2)"},
    {"AU", LENGTH, ORR_AU, "= au"},
    {"ly", LENGTH, 9460730472580800.0, "light year, exact (Julian year)"},
    {"pc", LENGTH, PARSEC, "parsec, 648000/pi au (IAU 2015 B2)"},
    {"kpc", LENGTH, 1e3 * PARSEC, "kiloparsec"},
    {"Mpc", LENGTH, 1e6 * PARSEC, "megaparsec"},
    {"Rsun", LENGTH, 6.957e8, "nominal solar radius (IAU 2015 B3)"},
    {"Rearth", LENGTH, 6.3781e6, "nominal terrestrial equatorial radius (IAU 2015 B3)"},
    {"Rjup", LENGTH, 7.1492e7, "nominal jovian equatorial radius (IAU 2015 B3)"},
    {"kg", MASS, ORR_G_SI, "kilogram, by G of CODATA 2018"},
    {"g", MASS, 1e-3 * ORR_G_SI, "gram"},
    {"t", MASS, 1e3 * ORR_G_SI, "tonne"},
    {"Msun", MASS, ORR_GM_SUN, "nominal solar mass parameter (IAU 2015 B3)"},
    {"msun", MASS, ORR_GM_SUN, "= Msun"},
    {"Mearth", MASS, 3.986004e14, "nominal terrestrial mass parameter (IAU 2015 B3)"},
    {"Mjup", MASS, 1.2668653e17, "nominal jovian mass parameter (IAU 2015 B3)"},
    {"Mmoon", MASS, 4.9028001184575496e12, "Moon, DE440 (Park et al. 2021)"},
    {"s", TIME, 1, "second"},
    {"ms", TIME, 1e-3, "millisecond"},
    {"min", TIME, 60, "minute"},
    {"h", TIME, 3600, "hour"},
    {"hour", TIME, 3600, "= h"},
    {"d", TIME, DAY, "day of 86400 s"},
    {"day", TIME, DAY, "= d"},
    {"days", TIME, DAY, "= d"},
    {"week", TIME, 7 * DAY, "seven days"},
    {"yr", TIME, YEAR, "Julian year of 365.25 d"},
    {"year", TIME, YEAR, "= yr"},
    {"years", TIME, YEAR, "= yr"},
    {"century", TIME, 100 * YEAR, "Julian century"},
    {"kyr", TIME, 1e3 * YEAR, "thousand years"},
    {"Myr", TIME, 1e6 * YEAR, "million years"},
    {"Gyr", TIME, 1e9 * YEAR, "billion years"},
    {"rad", ANGLE, 1, "radian"},
    {"mrad", ANGLE, 1e-3, "milliradian"},
    {"deg", ANGLE, DEGREE, "degree"},
    {"degree", ANGLE, DEGREE, "= deg"},
    {"degrees", ANGLE, DEGREE, "= deg"},
    {"arcmin", ANGLE, DEGREE / 60, "minute of arc"},
    {"arcsec", ANGLE, DEGREE / 3600, "second of arc"},
    {"mas", ANGLE, DEGREE / 3.6e6, "milliarcsecond"},
    {"uas", ANGLE, DEGREE / 3.6e9, "microarcsecond"},
    {"hourangle", ANGLE, 15 * DEGREE, "hour of right ascension"},
    {"turn", ANGLE, 2 * ORR_PI, "full circle"},
};

const orr_unit *orr_unit_at(size_t i)
{
    return i < sizeof units / sizeof *units ? &units[i] : NULL;
}

static const orr_unit *find(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].name) == length && memcmp(units[i].name, name, length) == 0)
            return &units[i];
    return NULL;
}

/* Numerator and denominator are kept apart and divided once, so that "au/day" in units of au and
 * day is exactly 1. */
typedef struct ratio {
    double above, below;
} ratio;

static void multiply(ratio *r, double x, int power)
{
    for (int k = 0; k < abs(power); k++)
        if (power > 0)
            r->above *= x;
        else
            r->below *= x;
}

/* What people write into names of units: M_sun, a.u., 5', and all that is not ASCII. */
static bool is_of_a_name(char c)
{
    return isalpha((unsigned char)c) || (unsigned char)c >= 0x80 || (c && strchr("_.'\"%", c));
}

/* One factor "name[^][-]digits"; sign is -1 behind a '/'. */
static orr_status factor(const char **text, int sign, orr_dimension *dim, ratio *value,
                         char *unknown, size_t size)
{
    const char *p = *text, *start = p;
    while (isalpha((unsigned char)*p))
        p++;
    const orr_unit *u = is_of_a_name(*p) ? NULL : find(start, (size_t)(p - start));
    if (!u) {
        while (is_of_a_name(*p))
            p++;
        size_t length = (size_t)(p - start);
        if (unknown)
            snprintf(unknown, size, "%.*s", (int)(length < 40 ? length : 40), start);
        return length ? ORR_E_UNKNOWN_NAME : ORR_E_ARGUMENT;
    }
    if (*p == '^')
        p++;
    int power = 1;
    if (isdigit((unsigned char)*p) || ((*p == '-' || *p == '+') && isdigit((unsigned char)p[1]))) {
        char *end;
        long n = strtol(p, &end, 10);
        if (n < -9 || n > 9)
            return ORR_E_ARGUMENT;
        power = (int)n;
        p = end;
    } else if (p[-1] == '^') {
        return ORR_E_ARGUMENT;
    }
    power *= sign;
    int sum[4] = {dim->length + power * u->dim.length, dim->mass + power * u->dim.mass,
                  dim->time + power * u->dim.time, dim->angle + power * u->dim.angle};
    for (int k = 0; k < 4; k++)
        if (abs(sum[k]) > 100)
            return ORR_E_ARGUMENT;
    *dim = (orr_dimension){(signed char)sum[0], (signed char)sum[1], (signed char)sum[2],
                           (signed char)sum[3]};
    multiply(value, u->si, power);
    *text = p;
    return ORR_OK;
}

static orr_status parse_unit(const char *p, orr_dimension *dim, ratio *value, char *unknown,
                             size_t size)
{
    *dim = ORR_DIMENSIONLESS;
    *value = (ratio){1, 1};
    int sign = 1;
    for (;;) {
        while (*p == ' ')
            p++;
        ORR_TRY(factor(&p, sign, dim, value, unknown, size));
        bool spaced = *p == ' ';
        while (*p == ' ')
            p++;
        if (*p == 0)
            return ORR_OK;
        if (*p != '*' && *p != '/' && !spaced)
            return ORR_E_ARGUMENT;
        sign = *p == '/' ? -1 : 1;
        if (*p == '*' || *p == '/')
            p++;
    }
}

orr_status orr_unit_parse(const char *text, orr_dimension *dim, double *si, char *unknown,
                          size_t size)
{
    ratio value;
    ORR_TRY(parse_unit(text, dim, &value, unknown, size));
    *si = value.above / value.below;
    return ORR_OK;
}

/* One unit of dimension dim of the problem; mass_unit in GM or in kg. */
static double scale(const orr_units *u, orr_dimension dim, double mass_unit)
{
    ratio r = {1, 1};
    multiply(&r, u->length, dim.length);
    multiply(&r, mass_unit, dim.mass);
    multiply(&r, u->time, dim.time);
    return r.above / r.below;
}

double orr_units_si(const orr_units *u, orr_dimension dim)
{
    return u->dimensionless ? 1 : scale(u, dim, u->mass / ORR_G_SI);
}

void orr_units_name(const orr_units *u, orr_dimension dim, char *buffer, size_t size)
{
    const char *names[4] = {u->length_name, u->mass_name, u->time_name, "rad"};
    int powers[4] = {dim.length, dim.mass, dim.time, dim.angle};
    size_t at = 0;
    buffer[0] = 0;
    for (int k = 0; k < 4; k++) {
        if (!powers[k] || at >= size || (u->dimensionless && k < 3))
            continue;
        const char *gap = at ? " " : "";
        int done = powers[k] == 1
                       ? snprintf(buffer + at, size - at, "%s%s", gap, names[k])
                       : snprintf(buffer + at, size - at, "%s%s%d", gap, names[k], powers[k]);
        at += (size_t)done;
    }
}

static const char *what(orr_dimension d)
{
    static const struct {
        orr_dimension dim;
        const char *name;
    } known[] = {{{0, 0, 0, 0}, "a pure number"},  {{1, 0, 0, 0}, "a length"},
                 {{0, 1, 0, 0}, "a mass"},         {{0, 0, 1, 0}, "a time"},
                 {{0, 0, 0, 1}, "an angle"},       {{1, 0, -1, 0}, "a speed"},
                 {{3, 0, -2, 0}, "a GM"},          {{2, 1, -2, 0}, "an energy"},
                 {{0, 0, -1, 1}, "a rate of turn"}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (memcmp(&known[k].dim, &d, sizeof d) == 0)
            return known[k].name;
    return "something else";
}

static bool same(orr_dimension a, orr_dimension b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static bool is_simple(orr_dimension d)
{
    return abs(d.length) + abs(d.mass) + abs(d.time) + abs(d.angle) == 1;
}

/* "there is no unit 'parsec'; did you mean 'pc'?": first among those of the dimension wanted. */
static void no_such_unit(const char *unknown, orr_dimension dim, char *message, size_t size)
{
    enum { N_UNITS = sizeof units / sizeof *units };
    const char *fitting[N_UNITS], *all[N_UNITS];
    size_t n = 0;
    for (size_t k = 0; k < N_UNITS; k++) {
        all[k] = units[k].name;
        if (same(units[k].dim, dim))
            fitting[n++] = units[k].name;
    }
    bool among_all = !is_simple(dim) ||
                     (!orr_nearest(unknown, fitting, n) && orr_nearest(unknown, all, N_UNITS));
    char hint[200];
    orr_suggest(unknown, among_all ? all : fitting, among_all ? N_UNITS : n, hint, sizeof hint);
    snprintf(message, size, "there is no unit '%s'; %s", unknown, hint);
}

/* A number without a unit.  An angle might be in degrees or radians: the problem must say so. */
static orr_status bare(double number, const char *text, const orr_units *u, orr_dimension dim,
                       double *value, char *message, size_t size)
{
    ratio r = {1, 1};
    *value = number;
    if (dim.angle == 0 || number == 0)
        return ORR_OK;
    if (u->angle == 0) {
        const char *unit = dim.time == 0 || u->dimensionless ? "deg" : "deg/yr";
        snprintf(message, size,
                 "'%.60s' is %s and has no unit: write '%.60s %s', or say in which unit they all "
                 "are: units: { ..., angle: deg }",
                 text, what(dim), text, unit);
        return ORR_E_FORMAT;
    }
    multiply(&r, u->angle, dim.angle);
    *value = number * (r.above / r.below);
    return ORR_OK;
}

bool orr_is_unit(const char *text)
{
    orr_dimension dim;
    ratio value;
    char unknown[48] = "";
    return *text && parse_unit(text, &dim, &value, unknown, sizeof unknown) == ORR_OK;
}

orr_status orr_quantity_parse(const char *text, const orr_units *u, orr_dimension dim,
                              double *value, char *message, size_t size)
{
    char *end;
    double number = strtod(text, &end);
    if (end == text) {
        snprintf(message, size, *text ? "'%.60s' is not a number" : "there is no value%s", text);
        return ORR_E_FORMAT;
    }
    if (!isfinite(number)) {
        snprintf(message, size, "'%.60s' is not a finite number", text);
        return ORR_E_NOT_FINITE;
    }
    while (*end == ' ')
        end++;
    if (*end == 0)
        return bare(number, text, u, dim, value, message, size);
    orr_dimension got;
    ratio unit;
    char unknown[48] = "";
    orr_status status = parse_unit(end, &got, &unit, unknown, sizeof unknown);
    if (status == ORR_E_UNKNOWN_NAME) {
        no_such_unit(unknown, dim, message, size);
        return status;
    }
    if (status != ORR_OK) {
        snprintf(message, size, "'%.60s' is not a number with a unit%s", text,
                 *end == ',' ? "; a number is written with a point, such as 1.5" : "");
        return ORR_E_FORMAT;
    }
    orr_dimension need = dim;
    if (u->dimensionless) { /* of what has a unit there are angles only; rates are per time 1 */
        need = (orr_dimension){0, 0, 0, dim.angle};
        if (got.length || got.mass || got.time) {
            snprintf(message, size,
                     "'%.60s' has a unit, but this problem is dimensionless: write a bare number",
                     text);
            return ORR_E_INCOMPATIBLE;
        }
    }
    if (!same(got, need)) {
        snprintf(message, size, "'%.60s' is %s, but %s is needed here", text, what(got),
                 what(need));
        return ORR_E_INCOMPATIBLE;
    }
    bool has_scale = !u->dimensionless && (dim.length || dim.mass || dim.time);
    double factor_in = unit.above / unit.below;
    *value = number * (has_scale ? factor_in / scale(u, dim, u->mass) : factor_in);
    if (!isfinite(*value)) {
        snprintf(message, size, "'%.60s' is too large in the units of this problem", text);
        return ORR_E_NOT_FINITE;
    }
    return ORR_OK;
}

/* The named unit of this dimension; NULL: there is none. */
static const orr_unit *base_unit(const char *name, orr_dimension dim)
{
    const orr_unit *u;
    for (size_t k = 0; (u = orr_unit_at(k)); k++)
        if (memcmp(&u->dim, &dim, sizeof dim) == 0 && strcmp(u->name, name) == 0)
            return u;
    return NULL;
}

orr_status orr_units_named(const char *length, const char *mass, const char *time, orr_units *out)
{
    const orr_unit *l = base_unit(length, ORR_LENGTH), *m = base_unit(mass, ORR_MASS),
                   *t = base_unit(time, ORR_TIME);
    if (!l || !m || !t)
        return ORR_E_UNKNOWN_NAME;
    *out = (orr_units){.length = l->si, .mass = m->si, .time = t->si};
    out->G = out->mass * out->time * out->time / (out->length * out->length * out->length);
    snprintf(out->length_name, sizeof out->length_name, "%s", l->name);
    snprintf(out->mass_name, sizeof out->mass_name, "%s", m->name);
    snprintf(out->time_name, sizeof out->time_name, "%s", t->name);
    return ORR_OK;
}
