/* time_read.c - a time of a problem: a date or so many units after its epoch. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "calendar.h"

/* JD of 1700-01-01 and 2600-01-01 */
#define EARLIEST 2341972.5
#define LATEST   2670690.5

/* 20060323 or 20060323.7, of the years 1700 to 2600. */
static bool is_calendar_number(double number)
{
    long n = number >= 1.7e7 && number < 2.6e7 ? (long)number : 0, month = n / 100 % 100;
    return month >= 1 && month <= 12 && n % 100 >= 1 &&
           n % 100 <= orr_days_in_month(n / 10000, (int)month);
}

bool orr_is_bare_date(const char *text)
{
    char *end;
    double number = strtod(text, &end);
    if (end == text || end[strspn(end, " \t")])
        return false;
    return (number >= EARLIEST && number <= LATEST) || is_calendar_number(number);
}

orr_status orr_bare_date_error(const char *text, char *message, size_t size)
{
    char date[40];
    text += strspn(text, " \t+");
    if (is_calendar_number(strtod(text, NULL)))
        snprintf(date, sizeof date, "%.4s-%.2s-%.20s", text, text + 4, text + 6);
    else
        snprintf(date, sizeof date, "JD %.30s", text);
    snprintf(message, size, "'%.60s' may be a date or a time after the epoch: write %s, or a unit",
             text, date);
    return ORR_E_FORMAT;
}

static orr_status quantity(const char *text, const orr_units *u, bool has_epoch, double *t,
                           char *message, size_t size)
{
    char *end;
    strtod(text, &end);
    if (end == text) {
        snprintf(message, size,
                 "'%.60s' is neither a time (30 day) nor a date (2000-01-01T12:00 TDB)", text);
        return ORR_E_FORMAT;
    }
    if (has_epoch && u->time == ORR_DAY && orr_is_bare_date(text))
        return orr_bare_date_error(text, message, size);
    ORR_TRY(orr_quantity_parse(text, u, ORR_TIME, t, message, size));
    snprintf(message, size, "%s", "");
    return ORR_OK;
}

bool orr_jd_seems_modified(double days)
{
    return days < 110000;
}

/* Written as a Julian date, "JD 51544.5" or "51544.5 JD", of which MJD is meant. */
static bool is_short_julian_date(const char *text)
{
    const char *number = text + strcspn(text, "-+.0123456789");
    char *end;
    double days = strtod(number, &end);
    text += strspn(text, " \t");
    end += strspn(end, " \t");
    return (strncasecmp(text, "JD", 2) == 0 || strncasecmp(end, "JD", 2) == 0) &&
           orr_jd_seems_modified(days);
}

orr_status orr_time_read(const char *text, const orr_units *u, const orr_date *epoch, double *t,
                         char *message, size_t size)
{
    orr_date d;
    if (!orr_date_is_meant(text))
        return quantity(text, u, epoch != NULL, t, message, size);
    ORR_TRY(orr_date_read(text, epoch ? epoch->scale : ORR_TDB, &d, message, size));
    if (!epoch || u->dimensionless) {
        snprintf(message, size,
                 u->dimensionless
                     ? "'%.60s' is a date, but a problem without units knows none"
                     : "'%.60s' is a date, but the scenario has no 'epoch:', the date of time zero",
                 text);
        return ORR_E_FORMAT;
    }
    if (is_short_julian_date(text) && orr_date_jd(epoch) > 2e6) {
        snprintf(message, size,
                 "'%.60s' is before 4411 B.C.; a modified Julian date is written MJD", text);
        return ORR_E_FORMAT;
    }
    *t = orr_date_after(&d, epoch, u->time);
    orr_leap_seconds_note(&d, message, size);
    return ORR_OK;
}
