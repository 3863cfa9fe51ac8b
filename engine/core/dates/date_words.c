/* date_words.c - the pieces of a date: numbers, months, names of time scales. */
#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "date_reader.h"

orr_status orr_date_refuse(orr_date_reader *r, const char *format, ...)
{
    va_list list;
    int n = snprintf(r->message, r->size, "'%.60s' is not a date: ", r->text);
    va_start(list, format);
    if (n >= 0 && (size_t)n < r->size)
        vsnprintf(r->message + n, r->size - (size_t)n, format, list);
    va_end(list);
    return ORR_E_FORMAT;
}

orr_status orr_date_no_form(orr_date_reader *r)
{
    return orr_date_refuse(r, "write 2000-01-01T12:00 TDB or JD 2451545.0 TDB");
}

/* ---- pieces ---- */

void orr_skip_blanks(orr_date_reader *r)
{
    while (*r->p == ' ' || *r->p == '\t')
        r->p++;
}

size_t orr_count_digits(const char *p)
{
    return strspn(p, "0123456789");
}

size_t orr_count_letters(const char *p)
{
    size_t n = 0;
    while (isalpha((unsigned char)p[n]))
        n++;
    return n;
}

long orr_take_whole(orr_date_reader *r)
{
    size_t n = orr_count_digits(r->p);
    long value = 0;
    for (size_t k = 0; k < n && k < 9; k++)
        value = 10 * value + (r->p[k] - '0');
    r->p += n;
    return value;
}

double orr_take_decimals(orr_date_reader *r)
{
    if (*r->p != '.')
        return 0;
    char text[MOST_TEXT + 8];
    size_t n = orr_count_digits(r->p + 1);
    snprintf(text, sizeof text, "0.%.*s", (int)n, r->p + 1);
    r->p += n + 1;
    return strtod(text, NULL);
}

/* ".729" of a day [s], if there: 14 digits as whole numbers, so that .7 is 60480 s to the bit. */
double orr_take_day_decimals(orr_date_reader *r)
{
    enum { EXACT = 14 };
    const int64_t scale = INT64_C(100000000000000); /* 10^EXACT */
    if (*r->p != '.')
        return 0;
    int64_t number = 0;
    r->p++;
    for (int k = 0; k < EXACT; k++)
        number = 10 * number + (isdigit((unsigned char)*r->p) ? *r->p++ - '0' : 0);
    int64_t whole_seconds = number * 86400 / scale, left = number * 86400 % scale;
    double tail = 0, place = ORR_DAY;
    for (; isdigit((unsigned char)*r->p); r->p++)
        tail += (*r->p - '0') * (place /= 10);
    return (double)whole_seconds + ((double)left + tail) / (double)scale;
}

bool orr_take_word(orr_date_reader *r, const char *word)
{
    size_t n = strlen(word);
    if (strncasecmp(r->p, word, n) != 0)
        return false;
    r->p += n;
    return true;
}

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

const char *orr_month_name(long month)
{
    return months[month - 1];
}

int orr_month_named(const char *p, size_t n)
{
    for (int k = 0; n >= 3 && k < 12; k++)
        if (n <= strlen(months[k]) && strncasecmp(p, months[k], n) == 0)
            return k + 1;
    return 0;
}

/* ---- time scales ---- */

static orr_status other_scale(orr_date_reader *r, const char *name, size_t n)
{
    static const struct {
        const char *name, *advice;
    } others[] = {
        {"ET", "ephemeris time is called TDB here"},
        {"CT", "coordinate time is called TDB here"},
        {"TDT", "terrestrial dynamical time is called TT here"},
        {"UT", "UT is UT1 or UTC; write UTC (UT1 differs from it by less than 0.9 s)"},
        {"UT1", "UT1 follows the Earth's rotation; write UTC (they differ by less than 0.9 s)"},
        {"GMT", "write UTC"},
        {"GPS", "GPS time is TAI - 19 s; write it in TAI"},
        {"TCB", "TCB gains 0.49 s a year on TDB; write it in TDB"},
        {"TCG", "TCG gains 0.022 s a year on TT; write it in TT"},
        {"AM", "hours are 00 to 23"},
        {"PM", "hours are 00 to 23"},
    };
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (strlen(others[k].name) == n && strncasecmp(name, others[k].name, n) == 0)
            return orr_date_refuse(r, "%s", others[k].advice);
    return orr_date_refuse(r, "there is no time scale '%.*s'; write TDB, TT, TAI or UTC", (int)n,
                           name);
}

bool orr_scale_named(const char *name, size_t n, orr_timescale *scale)
{
    const orr_timescale_entry *e;
    for (size_t k = 0; (e = orr_timescale_at(k)); k++)
        if (strlen(e->name) == n && strncasecmp(name, e->name, n) == 0) {
            *scale = (orr_timescale)k;
            return true;
        }
    return false;
}

orr_status orr_take_scale(orr_date_reader *r)
{
    orr_skip_blanks(r);
    if (*r->p == 0)
        return ORR_OK;
    bool bracket = *r->p == '(';
    r->p += bracket;
    const char *name = r->p;
    size_t n = orr_count_letters(name);
    n += n ? orr_count_digits(name + n) : 0; /* UT1 */
    if (n == 0)
        return orr_date_no_form(r);
    orr_timescale scale;
    if (!orr_scale_named(name, n, &scale))
        return other_scale(r, name, n);
    if (r->has_zone && scale != ORR_UTC)
        return orr_date_refuse(r, "Z and time zones are of UTC, not %s",
                               orr_timescale_at(scale)->name);
    if (r->has_scale && scale != r->date.scale)
        return orr_date_refuse(r, "it names two time scales");
    r->date.scale = scale;
    r->p += n;
    if (bracket && *r->p == ')')
        r->p++;
    else if (bracket)
        return orr_date_no_form(r);
    orr_skip_blanks(r);
    return *r->p ? orr_date_no_form(r) : ORR_OK;
}
