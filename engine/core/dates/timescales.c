/* timescales.c - UTC, TAI, TT and TDB.
 *
 * TAI - UTC: from 1961 to 1971 the steps and rates of the BIH as listed by the US Naval Observatory
 * (tai-utc.dat; Explanatory Supplement to the Astronomical Almanac 1992, table 2.58.1), from 1972
 * leap seconds of the IERS (Bulletin C; leap-seconds.list).
 * TT - TAI = 32.184 s (IAU 1991 A4, IAU 2000 B1.9).
 * TDB - TT: Kaplan 2005, USNO Circular 179, eq. 2.6, after Fairhead & Bretagnon 1990 (A&A 229,
 * 240), good to 10 microseconds from 1600 to 2200. */
#include <math.h>
#include <stdio.h>

#include "calendar.h"
#include "core/math/reproducible.h"

#define TT_MINUS_TAI 32.184
#define MJD          2400000.5
#define J2000        2451545.0

static const orr_timescale_entry scales[] = {
    [ORR_TDB] = {"TDB", "barycentric dynamical time, of the ephemerides of JPL (their ET)"},
    [ORR_TT] = {"TT", "terrestrial time, of the elements of the Minor Planet Center"},
    [ORR_TAI] = {"TAI", "atomic time, TT - 32.184 s"},
    [ORR_UTC] = {"UTC", "the time of clocks: TAI less leap seconds; since 1961"},
};

const orr_timescale_entry *orr_timescale_at(size_t i)
{
    return i < sizeof scales / sizeof *scales ? &scales[i] : NULL;
}

/* Up to when the last bulletin speaks: no leap second at the end of December 2025, and the next
 * chance is the end of June 2026. */
#define KNOWN_UNTIL    (61219 + MJD) /* 2026-06-28, also below */
#define KNOWN_BULLETIN "IERS Bulletin C 70 of July 2025"

orr_date orr_leap_seconds_known(const char **source)
{
    if (source)
        *source = KNOWN_BULLETIN;
    return (orr_date){KNOWN_UNTIL, 0, ORR_UTC};
}

bool orr_leap_seconds_note(const orr_date *d, char *note, size_t size)
{
    bool later = d->scale == ORR_UTC && d->day >= KNOWN_UNTIL;
    snprintf(note, size,
             later ? "UTC after 2026-06-28 is taken without the leap seconds that may "
                     "come (" KNOWN_BULLETIN ")"
                   : "");
    return later;
}

/* From the midnight `mjd` on TAI - UTC = offset + (MJD - origin) rate [s, s/day]. */
typedef struct step {
    double mjd, offset, origin, rate;
} step;

static const step steps[] = {
    {37300, 1.4228180, 37300, 0.0012960}, /* 1961-01-01 */
    {37512, 1.3728180, 37300, 0.0012960}, /* 1961-08-01 */
    {37665, 1.8458580, 37665, 0.0011232}, /* 1962-01-01 */
    {38334, 1.9458580, 37665, 0.0011232}, /* 1963-11-01 */
    {38395, 3.2401300, 38761, 0.0012960}, /* 1964-01-01 */
    {38486, 3.3401300, 38761, 0.0012960}, /* 1964-04-01 */
    {38639, 3.4401300, 38761, 0.0012960}, /* 1964-09-01 */
    {38761, 3.5401300, 38761, 0.0012960}, /* 1965-01-01 */
    {38820, 3.6401300, 38761, 0.0012960}, /* 1965-03-01 */
    {38942, 3.7401300, 38761, 0.0012960}, /* 1965-07-01 */
    {39004, 3.8401300, 38761, 0.0012960}, /* 1965-09-01 */
    {39126, 4.3131700, 39126, 0.0025920}, /* 1966-01-01 */
    {39887, 4.2131700, 39126, 0.0025920}, /* 1968-02-01 */
    {41317, 10, 0, 0},                    /* 1972-01-01 */
    {41499, 11, 0, 0},                    /* 1972-07-01 */
    {41683, 12, 0, 0},                    /* 1973-01-01 */
    {42048, 13, 0, 0},                    /* 1974-01-01 */
    {42413, 14, 0, 0},                    /* 1975-01-01 */
    {42778, 15, 0, 0},                    /* 1976-01-01 */
    {43144, 16, 0, 0},                    /* 1977-01-01 */
    {43509, 17, 0, 0},                    /* 1978-01-01 */
    {43874, 18, 0, 0},                    /* 1979-01-01 */
    {44239, 19, 0, 0},                    /* 1980-01-01 */
    {44786, 20, 0, 0},                    /* 1981-07-01 */
    {45151, 21, 0, 0},                    /* 1982-07-01 */
    {45516, 22, 0, 0},                    /* 1983-07-01 */
    {46247, 23, 0, 0},                    /* 1985-07-01 */
    {47161, 24, 0, 0},                    /* 1988-01-01 */
    {47892, 25, 0, 0},                    /* 1990-01-01 */
    {48257, 26, 0, 0},                    /* 1991-01-01 */
    {48804, 27, 0, 0},                    /* 1992-07-01 */
    {49169, 28, 0, 0},                    /* 1993-07-01 */
    {49534, 29, 0, 0},                    /* 1994-07-01 */
    {50083, 30, 0, 0},                    /* 1996-01-01 */
    {50630, 31, 0, 0},                    /* 1997-07-01 */
    {51179, 32, 0, 0},                    /* 1999-01-01 */
    {53736, 33, 0, 0},                    /* 2006-01-01 */
    {54832, 34, 0, 0},                    /* 2009-01-01 */
    {56109, 35, 0, 0},                    /* 2012-07-01 */
    {57204, 36, 0, 0},                    /* 2015-07-01 */
    {57754, 37, 0, 0},                    /* 2017-01-01 */
};

/* The step in force on the day of this midnight; NULL: there was no UTC. */
static const step *step_of(double midnight)
{
    const step *last = NULL;
    for (size_t k = 0; k < sizeof steps / sizeof *steps && steps[k].mjd + MJD <= midnight; k++)
        last = &steps[k];
    return last;
}

/* TAI - UTC at a midnight [s], and how much longer than one of TAI a second of UTC is. */
static double offset_at(double midnight, double *excess)
{
    const step *s = step_of(midnight);
    *excess = s->rate / ORR_DAY;
    return s->offset + (midnight - MJD - s->origin) * s->rate;
}

double orr_utc_day_length(double midnight)
{
    if (!step_of(midnight))
        return 0;
    double excess, next_excess, begin = offset_at(midnight, &excess);
    double extra = offset_at(midnight + 1, &next_excess) - begin;
    return (ORR_DAY + extra) / (1 + excess);
}

orr_date orr_shifted(orr_date d, double seconds)
{
    double sum = d.seconds + seconds, days = floor(sum / ORR_DAY);
    d.day += days;
    d.seconds = sum - days * ORR_DAY;
    if (d.seconds >= ORR_DAY) { /* a whisker before midnight that rounds to it */
        d.day += 1;
        d.seconds = 0;
    }
    return d;
}

static orr_date tai_from_utc(orr_date d)
{
    double excess, offset = offset_at(d.day, &excess);
    d.scale = ORR_TAI;
    return orr_shifted(d, d.seconds * excess + offset);
}

/* TAI is ahead of UTC, so the UTC day is that of TAI or the one before.  False: no UTC then. */
static bool utc_from_tai(orr_date d, orr_date *out)
{
    double excess;
    *out = (orr_date){d.day, 0, ORR_UTC};
    if (!step_of(out->day))
        return false;
    double past = d.seconds - offset_at(out->day, &excess);
    if (past < 0) {
        out->day -= 1;
        if (!step_of(out->day))
            return false;
        past = d.seconds + ORR_DAY - offset_at(out->day, &excess);
    }
    out->seconds = past / (1 + excess);
    return true;
}

/* [s], at an instant in TT or TDB. */
static double tdb_minus_tt(const orr_date *d)
{
    static const struct {
        double amplitude, rate, phase; /* [s], [rad per Julian century], [rad] */
    } terms[] = {{0.001657, 628.3076, 6.2401},  {0.000022, 575.3385, 4.2970},
                 {0.000014, 1256.6152, 6.1969}, {0.000005, 606.9777, 4.0212},
                 {0.000005, 52.9691, 0.4444},   {0.000002, 21.3299, 5.5431}};
    double T = (d->day - J2000 + d->seconds / ORR_DAY) / 36525, sum = 0, s, c;
    for (size_t k = 0; k < sizeof terms / sizeof *terms; k++) {
        orr_sincos(terms[k].rate * T + terms[k].phase, &s, &c);
        sum += terms[k].amplitude * s;
    }
    orr_sincos(628.3076 * T + 4.2490, &s, &c);
    double within = fmin(fmax(T, -70), 70); /* the term is no law of nature: it must not grow */
    return sum + 0.000010 * within * s;
}

static orr_date tt_from_tdb(orr_date d)
{
    d.scale = ORR_TT;
    return orr_shifted(d, -tdb_minus_tt(&d));
}

static orr_date tdb_from_tt(orr_date d)
{
    d.scale = ORR_TDB;
    return orr_shifted(d, tdb_minus_tt(&d));
}

orr_date orr_date_in(const orr_date *d, orr_timescale scale)
{
    orr_date now = *d, utc;
    if (now.scale == scale)
        return now;
    if (now.scale == ORR_UTC)
        now = tai_from_utc(now);
    if (now.scale == ORR_TDB)
        now = tt_from_tdb(now);
    /* now TT or TAI */
    if (now.scale == ORR_TT && (scale == ORR_TAI || scale == ORR_UTC)) {
        now = orr_shifted(now, -TT_MINUS_TAI);
        now.scale = ORR_TAI;
    }
    if (scale == ORR_UTC && utc_from_tai(now, &utc))
        return utc;
    if (now.scale == ORR_TAI && scale != ORR_TAI) {
        now = orr_shifted(now, TT_MINUS_TAI);
        now.scale = ORR_TT;
    }
    return scale == ORR_TDB ? tdb_from_tt(now) : now;
}
