/* dates.c - calendar days, Julian dates, and the time between instants.
 *
 * Days are counted from 1 March of the year 0, so that the leap day is the last of its year: the
 * months then begin on day (153 m + 2) / 5 (Richards 2013, in the Explanatory Supplement to the
 * Astronomical Almanac, 3rd ed., sec. 15.11). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar.h"

/* Julian day numbers (of the noon) of 0000-03-01 in either calendar, and of the first Gregorian
 * day, 1582-10-15. */
enum { GREGORIAN_START = 1721120, JULIAN_START = 1721118, REFORM = 2299161 };

#define MOST_DAYS 1e9 /* farther from day 0 there are no dates */

static long floored(long a, long b)
{
    return a / b - (a % b < 0);
}

static bool is_gregorian(long year, int month, int day)
{
    return year > 1582 || (year == 1582 && (month > 10 || (month == 10 && day >= 5)));
}

bool orr_in_calendar_gap(long year, int month, int day)
{
    return year == 1582 && month == 10 && day >= 5 && day <= 14;
}

int orr_days_in_month(long year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (!is_gregorian(year, 1, 1) || year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

double orr_midnight(long year, int month, int day)
{
    long y = year - (month < 3), m = (month + 9) % 12;
    long number = (153 * m + 2) / 5 + day - 1 + 365 * y + floored(y, 4);
    if (is_gregorian(year, month, day))
        number += GREGORIAN_START - floored(y, 100) + floored(y, 400);
    else
        number += JULIAN_START;
    return (double)number - 0.5;
}

static long least(long a, long b)
{
    return a < b ? a : b;
}

void orr_day_of_midnight(double midnight, long *year, int *month, int *day)
{
    long number = (long)floor(midnight + 0.5), y = 0;
    if (number >= REFORM) {
        number -= GREGORIAN_START;
        y = 400 * (number / 146097);
        number %= 146097;
        long centuries = least(number / 36524, 3);
        y += 100 * centuries;
        number -= 36524 * centuries;
    } else {
        number -= JULIAN_START;
    }
    long quads = floored(number, 1461);
    number -= 1461 * quads;
    long years = least(number / 365, 3), rest = number - 365 * years, m = (5 * rest + 2) / 153;
    *day = (int)(rest - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = y + 4 * quads + years + (m >= 10);
}

orr_date orr_date_from_jd(double jd, orr_timescale scale)
{
    double day = floor(jd + 0.5) - 0.5;
    return orr_shifted((orr_date){day, 0, scale}, (jd - day) * ORR_DAY);
}

double orr_date_jd(const orr_date *d)
{
    return d->day + d->seconds / ORR_DAY;
}

/* The scale in which time from an instant of this scale is counted. */
static orr_timescale uniform(orr_timescale scale)
{
    return scale == ORR_UTC ? ORR_TAI : scale;
}

double orr_date_after(const orr_date *d, const orr_date *since, double unit)
{
    orr_timescale scale = uniform(since->scale);
    orr_date a = orr_date_in(d, scale), b = orr_date_in(since, scale);
    /* half days are counted with the days: between noons and midnights nothing is rounded */
    double days = a.day - b.day, seconds = a.seconds - b.seconds;
    double halves = floor(seconds / (ORR_DAY / 2));
    days += halves / 2;
    seconds -= halves * (ORR_DAY / 2);
    return days * (ORR_DAY / unit) + seconds / unit;
}

orr_date orr_date_plus(const orr_date *since, double time, double unit)
{
    orr_date d = orr_date_in(since, uniform(since->scale));
    double days = floor(time * unit / ORR_DAY);
    d.day += days;
    d = orr_shifted(d, fma(time, unit, -days * ORR_DAY));
    return orr_date_in(&d, since->scale);
}

/* ---- writing ---- */

orr_calendar orr_calendar_of(const orr_date *d, int decimals)
{
    double step = 60, length = ORR_DAY, day = d->day, seconds;
    if (decimals >= 0) {
        step = pow(10, decimals);
        seconds = floor(d->seconds * step + 0.5) / step;
        if (d->scale == ORR_UTC)
            length = orr_utc_day_length(day);
    } else {
        seconds = floor(d->seconds / step + 0.5) * step;
    }
    if (seconds >= length) {
        seconds = 0;
        day += 1;
    }
    orr_calendar c;
    orr_day_of_midnight(day, &c.year, &c.month, &c.day);
    int minute = (int)fmin(floor(seconds / 60), 1439);
    c.hour = minute / 60;
    c.minute = minute % 60;
    c.second = seconds - 60 * minute;
    return c;
}

static bool can_be_written(const orr_date *d)
{
    return fabs(d->day) <= MOST_DAYS;
}

void orr_date_text(const orr_date *d, int decimals, char *out, size_t size)
{
    char seconds[32] = "";
    if (!can_be_written(d)) {
        snprintf(out, size, "?");
        return;
    }
    orr_calendar c = orr_calendar_of(d, decimals);
    if (decimals >= 0)
        snprintf(seconds, sizeof seconds, ":%0*.*f", decimals ? decimals + 3 : 2, decimals,
                 c.second);
    snprintf(out, size, "%s%04ld-%02d-%02dT%02d:%02d%s", c.year < 0 ? "-" : "", labs(c.year),
             c.month, c.day, c.hour, c.minute, seconds);
}

void orr_date_exact_text(const orr_date *d, char *out, size_t size)
{
    const char *scale = orr_timescale_at(d->scale)->name;
    if (!can_be_written(d)) {
        snprintf(out, size, "?");
    } else if (d->scale != ORR_UTC && fmod(d->seconds, ORR_DAY / 2) == 0) {
        snprintf(out, size, "JD %.1f %s", orr_date_jd(d), scale);
    } else {
        /* whole minutes are exact, so the seconds past them are, too */
        orr_date minutes = {d->day, 60 * fmin(floor(d->seconds / 60), 1439), d->scale};
        double rest = d->seconds - minutes.seconds;
        char clock[40], text[48];
        orr_date_text(&minutes, -1, clock, sizeof clock);
        for (int digits = 0; digits <= 30; digits++) {
            snprintf(text, sizeof text, "%.*f", digits, rest);
            if (minutes.seconds + strtod(text, NULL) == d->seconds)
                break;
        }
        snprintf(out, size, "%s:%s%s %s", clock, rest < 10 ? "0" : "", text, scale);
    }
}
