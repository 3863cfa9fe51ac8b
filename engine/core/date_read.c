/* date_read.c - the one reader of dates: see orr_date_form_at() for what it takes.
 *
 * What could mean two things is refused with the way to write it; nothing is guessed. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "calendar.h"

#define MJD       2400000.5
#define MOST_DAYS 1e9

enum { MOST_TEXT = 100 };

static const orr_date_form forms[] = {
    {"2006-03-23T17:30:00.5 UTC", "ISO 8601, with a scale: TDB, TT, TAI or UTC"},
    {"2006-03-23 17:30", "without seconds; a space does for the T"},
    {"2006-03-23", "the midnight with which the day begins"},
    {"2006-03-23T17:30Z", "Z is UTC"},
    {"2006-03-23T18:30+01:00", "a time zone: UTC + 1 h"},
    {"2006-03-23.72917", "a day with decimals"},
    {"2006 03 23.72917 TT", "the same as the Minor Planet Center writes it"},
    {"2006/03/23 17:30", "with strokes, the year first"},
    {"2006-Mar-23 17:30:00.0000", "a month by name"},
    {"A.D. 2006-Mar-23 17:30:00.0000 TDB", "as JPL Horizons prints it"},
    {"B.C. 44-Mar-15", "Julian calendar, as all dates before 1582-10-15"},
    {"-0043-03-15", "the same: the year 0 is 1 B.C."},
    {"JD 2453818.22917 TDB", "Julian date"},
    {"2453818.22917 JD", "the same"},
    {"MJD 53817.72917 UTC", "modified Julian date, JD - 2400000.5"},
    {"J2000.0", "Julian epoch: JD 2451545.0 + 365.25 (year - 2000)"},
};

const orr_date_form *orr_date_form_at(size_t i)
{
    return i < sizeof forms / sizeof *forms ? &forms[i] : NULL;
}

typedef struct reader {
    char text[MOST_TEXT + 1]; /* without blanks at either end */
    const char *p;
    orr_date date; /* day, and seconds of the decimals of a day */
    bool bc, ad;   /* "B.C.", "A.D." */
    bool has_decimals, has_zone;
    int minute, zone; /* of the day; east of Greenwich [min] */
    double second;
    char *message;
    size_t size;
} reader;

/* "'text' is no date: " and why. */
__attribute__((format(printf, 2, 3))) static orr_status refuse(reader *r, const char *format, ...)
{
    va_list list;
    int n = snprintf(r->message, r->size, "'%.60s' is not a date: ", r->text);
    va_start(list, format);
    if (n >= 0 && (size_t)n < r->size)
        vsnprintf(r->message + n, r->size - (size_t)n, format, list);
    va_end(list);
    return ORR_E_FORMAT;
}

static orr_status no_form(reader *r)
{
    return refuse(r, "write 2000-01-01T12:00 TDB or JD 2451545.0 TDB");
}

/* ---- pieces ---- */

static void blanks(reader *r)
{
    while (*r->p == ' ' || *r->p == '\t')
        r->p++;
}

static size_t digits(const char *p)
{
    return strspn(p, "0123456789");
}

static size_t letters(const char *p)
{
    size_t n = 0;
    while (isalpha((unsigned char)p[n]))
        n++;
    return n;
}

/* At most 9 digits. */
static long whole(reader *r)
{
    size_t n = digits(r->p);
    long value = 0;
    for (size_t k = 0; k < n && k < 9; k++)
        value = 10 * value + (r->p[k] - '0');
    r->p += n;
    return value;
}

/* ".729", if there. */
static double decimals(reader *r)
{
    if (*r->p != '.')
        return 0;
    char text[MOST_TEXT + 8];
    size_t n = digits(r->p + 1);
    snprintf(text, sizeof text, "0.%.*s", (int)n, r->p + 1);
    r->p += n + 1;
    return strtod(text, NULL);
}

/* ".729" of a day [s], if there: 14 digits as whole numbers, so that .7 is 60480 s to the bit. */
static double day_decimals(reader *r)
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

/* True if text begins with word, whatever the case; p moves behind it. */
static bool take(reader *r, const char *word)
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

/* "Mar", "March", "Sept"; 0: none. */
static int month_named(const char *p, size_t n)
{
    for (int k = 0; n >= 3 && k < 12; k++)
        if (n <= strlen(months[k]) && strncasecmp(p, months[k], n) == 0)
            return k + 1;
    return 0;
}

/* ---- time scales ---- */

static orr_status other_scale(reader *r, const char *name, size_t n)
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
            return refuse(r, "%s", others[k].advice);
    return refuse(r, "there is no time scale '%.*s'; write TDB, TT, TAI or UTC", (int)n, name);
}

/* The scale of this name, if there is one. */
static bool scale_named(const char *name, size_t n, orr_timescale *scale)
{
    const orr_timescale_entry *e;
    for (size_t k = 0; (e = orr_timescale_at(k)); k++)
        if (strlen(e->name) == n && strncasecmp(name, e->name, n) == 0) {
            *scale = (orr_timescale)k;
            return true;
        }
    return false;
}

/* " TDB", "(TDB)" or nothing up to the end. */
static orr_status read_scale(reader *r)
{
    blanks(r);
    if (*r->p == 0)
        return ORR_OK;
    bool bracket = *r->p == '(';
    r->p += bracket;
    const char *name = r->p;
    size_t n = letters(name);
    n += n ? digits(name + n) : 0; /* UT1 */
    if (n == 0)
        return no_form(r);
    orr_timescale scale;
    if (!scale_named(name, n, &scale))
        return other_scale(r, name, n);
    if (r->has_zone && scale != ORR_UTC)
        return refuse(r, "Z and time zones are of UTC, not %s", orr_timescale_at(scale)->name);
    r->date.scale = scale;
    r->p += n;
    if (bracket && *r->p == ')')
        r->p++;
    else if (bracket)
        return no_form(r);
    blanks(r);
    return *r->p ? no_form(r) : ORR_OK;
}

/* ---- Julian dates ---- */

/* "[-]2453817.5": days after the noon or midnight `origin`. */
static orr_status read_days(reader *r, double origin)
{
    bool negative = *r->p == '-';
    r->p += negative || *r->p == '+';
    size_t n = digits(r->p);
    if (n == 0)
        return refuse(r, "a number of days is missing");
    if (n > 9)
        return refuse(r, "it is more than 1e9 days away");
    double days = (double)whole(r), rest = day_decimals(r);
    if (isalpha((unsigned char)*r->p))
        return refuse(r, "write the number without an exponent, and a blank behind it");
    r->date = orr_date_from_jd(origin + (negative ? -days : days), r->date.scale);
    r->date = orr_shifted(r->date, negative ? -rest : rest);
    return ORR_OK;
}

/* "JD", "MJD", with or without a scale as in "JDTDB": the length of the word, or 0. */
static size_t julian_word(const char *p, double *origin, orr_timescale *scale)
{
    size_t n = letters(p), prefix = n && (*p == 'M' || *p == 'm') ? 3 : 2;
    if (n < prefix || strncasecmp(p + prefix - 2, "JD", 2) != 0)
        return 0;
    if (n > prefix && !scale_named(p + prefix, n - prefix, scale))
        return 0;
    *origin = prefix == 3 ? MJD : 0;
    return n;
}

/* "2000.0" behind the J. */
static orr_status read_julian_epoch(reader *r)
{
    if (digits(r->p) != 4)
        return refuse(r, "a Julian epoch has a year of four digits: J2000.0");
    double years = (double)whole(r) - 2000, rest = day_decimals(r);
    r->date = orr_date_from_jd(2451545.0 + 365.25 * years, r->date.scale);
    r->date = orr_shifted(r->date, rest * 365.25);
    return ORR_OK;
}

/* ---- calendar dates ---- */

static orr_status day_of_year(reader *r, long year, long number)
{
    if (number >= 1 && number <= 366 && !r->bc) {
        int month, day;
        orr_day_of_midnight(orr_midnight(year, 1, 1) + (double)(number - 1), &year, &month, &day);
        return refuse(r, "days of the year are not read; write %04ld-%02d-%02d", year, month, day);
    }
    return refuse(r, "days of the year are not read; write month and day: 2000-01-31");
}

static orr_status check_day(reader *r, long year, long month, long day)
{
    if (month < 1 || month > 12)
        return refuse(r, "there is no month %ld (the order is year, month, day)", month);
    if (orr_in_calendar_gap(year, (int)month, (int)day))
        return refuse(r, "the day after 1582-10-04 (Julian) was 1582-10-15 (Gregorian)");
    int most = orr_days_in_month(year, (int)month);
    if (day < 1 || day > most)
        return refuse(r, "%s of that year has %d days", months[month - 1], most);
    return ORR_OK;
}

/* Year and what stands behind it; sep gets the separator. */
static orr_status read_year(reader *r, long *year, char *sep)
{
    bool era = r->ad || r->bc, negative = *r->p == '-', sign = negative || *r->p == '+';
    if (era && sign)
        return refuse(r, "a year with A.D. or B.C. has no sign");
    r->p += sign;
    size_t n = digits(r->p);
    const char *behind = r->p + n;
    if (n == 8 && (*behind == 0 || toupper((unsigned char)*behind) == 'T'))
        return refuse(r, "write it with dashes: %.4s-%.2s-%.2s", r->p, r->p + 4, r->p + 6);
    if (n == 0 || n > 7)
        return no_form(r);
    if (!era && n < 3)
        return sign ? refuse(r, "a year without A.D. or B.C. has four digits: -0043-03-15")
                    : refuse(r, "write the year first, with four digits: 2000-01-31");
    *year = whole(r);
    *sep = *r->p == '\t' ? ' ' : *r->p;
    if (era && *year == 0)
        return refuse(r, "the year before A.D. 1 is 1 B.C.");
    *year = r->bc ? 1 - *year : negative ? -*year : *year;
    if (*sep == '.' && digits(r->p + 1))
        return refuse(r, "write it with dashes: 2000-01-31");
    if (*sep != '-' && *sep != '/' && *sep != ' ')
        return no_form(r);
    r->p++;
    blanks(r);
    return ORR_OK;
}

static orr_status read_month(reader *r, long year, long *month)
{
    size_t n = letters(r->p);
    if (n > 0) {
        *month = month_named(r->p, n);
        if (n == 1 && toupper((unsigned char)*r->p) == 'W')
            return refuse(r, "weeks are not read; write month and day: 2000-01-31");
        if (!*month)
            return refuse(r, "there is no month '%.*s'", (int)n, r->p);
        r->p += n;
        r->p += *r->p == '.';
        return ORR_OK;
    }
    n = digits(r->p);
    *month = whole(r);
    if (n == 3)
        return day_of_year(r, year, *month);
    return n == 0 || n > 2 ? no_form(r) : ORR_OK;
}

static orr_status read_day(reader *r)
{
    long year = 0, month = 0, day;
    char sep = 0;
    ORR_TRY(read_year(r, &year, &sep));
    ORR_TRY(read_month(r, year, &month));
    if (*r->p == 0)
        return refuse(r, "the day is missing");
    if (*r->p != sep && !(sep == ' ' && *r->p == '\t'))
        return no_form(r);
    r->p++;
    blanks(r);
    size_t n = digits(r->p);
    if (n == 0 || n > 2)
        return refuse(r, "a day of one or two digits comes last");
    day = whole(r);
    bool point = *r->p == '.';
    double rest = day_decimals(r);
    ORR_TRY(check_day(r, year, month, day));
    r->date.day = orr_midnight(year, (int)month, (int)day);
    r->date.seconds = rest;
    r->has_decimals = point;
    return ORR_OK;
}

/* ---- the clock ---- */

/* "Z", "+01:00", "+0100", "+01"; or nothing. */
static orr_status read_zone(reader *r)
{
    const char *back = r->p;
    blanks(r);
    if (*r->p == 'Z' || *r->p == 'z') {
        r->p++;
        r->has_zone = true;
    } else if (*r->p == '+' || *r->p == '-') {
        int sign = *r->p++ == '-' ? -1 : 1;
        size_t n = digits(r->p);
        long value = whole(r), hours = n == 4 ? value / 100 : value,
             minutes = n == 4 ? value % 100 : 0;
        if (n == 2 && *r->p == ':') {
            r->p++;
            if (digits(r->p) != 2)
                return refuse(r, "a time zone is written +01:00");
            minutes = whole(r);
        }
        if ((n != 2 && n != 4) || hours > 14 || minutes > 59)
            return refuse(r, "a time zone is written +01:00, up to 14 h");
        r->zone = sign * (int)(60 * hours + minutes);
        r->has_zone = true;
    } else {
        r->p = back;
    }
    if (r->has_zone)
        r->date.scale = ORR_UTC;
    return ORR_OK;
}

static orr_status read_clock(reader *r)
{
    const char *back = r->p;
    if (*r->p == 'T' || *r->p == 't' || *r->p == ',')
        r->p++;
    blanks(r);
    size_t n = digits(r->p);
    if (n == 0 || r->p == back) { /* no clock */
        r->p = back;
        return ORR_OK;
    }
    if (r->has_decimals)
        return refuse(r, "it has decimals of a day and a clock");
    if (n > 2 || r->p[n] != ':' || digits(r->p + n + 1) != 2)
        return refuse(r, "the time of day is written 17:30 or 17:30:00.5");
    long hour = whole(r);
    r->p++;
    long minute = whole(r);
    if (*r->p == ':') {
        r->p++;
        n = digits(r->p);
        if (n == 0 || n > 2)
            return refuse(r, "the time of day is written 17:30 or 17:30:00.5");
        r->second = (double)whole(r);
        r->second += decimals(r);
    }
    if (hour == 24 && minute == 0 && r->second == 0)
        return refuse(r, "24:00 is 00:00 of the next day");
    if (hour > 23 || minute > 59 || r->second >= 62)
        return refuse(r, "there is no such time of day");
    r->minute = (int)(60 * hour + minute);
    return read_zone(r);
}

/* Day, minute and second together, in the scale that has been read. */
static orr_status finish(reader *r)
{
    orr_date *d = &r->date;
    int minute = r->minute - r->zone, days = minute < 0 ? -1 : minute >= 1440 ? 1 : 0;
    minute -= 1440 * days;
    d->day += days;
    d->seconds += 60 * minute + r->second;
    if (!(fabs(d->day) <= MOST_DAYS))
        return refuse(r, "it is more than 1e9 days away");
    if (r->second >= 60 && d->scale != ORR_UTC)
        return refuse(r, "only UTC has leap seconds, this date is in %s",
                      orr_timescale_at(d->scale)->name);
    if (d->scale != ORR_UTC)
        return ORR_OK;
    double length = orr_utc_day_length(d->day);
    if (length == 0)
        return refuse(r, "UTC begins in 1961; write it in TT or TDB");
    if (d->seconds >= length || (r->second >= 60 && minute != 1439))
        return refuse(r, r->second >= 60 ? "there is no leap second there"
                                         : "this part of a second was left out of UTC");
    return ORR_OK;
}

/* ---- the whole ---- */

static orr_status worded(reader *r)
{
    double origin;
    size_t n = julian_word(r->p, &origin, &r->date.scale);
    if (n) {
        r->p += n;
        blanks(r);
        return read_days(r, origin);
    }
    n = letters(r->p);
    bool number = n == 1 && digits(r->p + 1);
    if (number && take(r, "J"))
        return read_julian_epoch(r);
    if (number && take(r, "B"))
        return refuse(r, "Besselian epochs are not read; B1950.0 is JD 2433282.4235 TT");
    if (month_named(r->p, n))
        return refuse(r, "write the year first: 2000-Jan-31");
    if (n == 3 && strncasecmp(r->p + 1, "JD", 2) == 0)
        return refuse(r, "write JD or MJD, and the scale: JD 2451545.0 TDB");
    return no_form(r);
}

/* It begins with a number: days counted, or a year. */
static orr_status numbered(reader *r)
{
    const char *start = r->p, *p = start + (*start == '-' || *start == '+');
    size_t n = digits(p);
    if (n == 0)
        return no_form(r);
    p += n;
    if (*p == '.' && digits(p + 1) && p[1 + digits(p + 1)] == '.')
        return refuse(r, "write the year first, with dashes: 2000-01-31");
    p += *p == '.' ? 1 + digits(p + 1) : 0;
    bool blank = *p == ' ';
    p += strspn(p, " \t");
    double origin;
    size_t word = julian_word(p, &origin, &r->date.scale);
    if (word) {
        ORR_TRY(read_days(r, origin));
        r->p = p + word;
        return ORR_OK;
    }
    orr_timescale scale;
    if (*p == '=')
        return refuse(r, "it names the instant twice; keep what stands before or behind the '='");
    if (n != 8 && (*p == 0 || (blank && scale_named(p, letters(p), &scale))))
        return refuse(r, "say what the number counts: JD %.*s or MJD %.*s",
                      (int)strcspn(start, " "), start, (int)strcspn(start, " "), start);
    ORR_TRY(read_day(r));
    return read_clock(r);
}

static orr_status read_all(reader *r)
{
    r->ad = take(r, "A.D.") || take(r, "AD ");
    r->bc = !r->ad && (take(r, "B.C.") || take(r, "BC "));
    blanks(r);
    if (isalpha((unsigned char)*r->p))
        ORR_TRY(r->ad || r->bc ? no_form(r) : worded(r));
    else if (r->ad || r->bc) {
        ORR_TRY(read_day(r));
        ORR_TRY(read_clock(r));
    } else {
        ORR_TRY(numbered(r));
    }
    ORR_TRY(read_scale(r));
    return finish(r);
}

orr_status orr_date_read(const char *text, orr_timescale unstated, orr_date *out, char *message,
                         size_t size)
{
    reader r = {.date.scale = unstated, .message = message, .size = size};
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    snprintf(r.text, sizeof r.text, "%.*s", (int)(n < MOST_TEXT ? n : MOST_TEXT), text);
    r.p = r.text;
    if (n > MOST_TEXT)
        return refuse(&r, "it is too long");
    ORR_TRY(read_all(&r));
    *out = r.date;
    return ORR_OK;
}

bool orr_date_is_meant(const char *text)
{
    double origin;
    orr_timescale scale;
    text += strspn(text, " \t");
    size_t n = letters(text);
    if (n > 0) /* no quantity begins with a letter */
        return julian_word(text, &origin, &scale) || month_named(text, n) ||
               (n == 1 && digits(text + 1)) || strncasecmp(text, "A.D.", 4) == 0 ||
               strncasecmp(text, "B.C.", 4) == 0 || strncasecmp(text, "AD ", 3) == 0 ||
               strncasecmp(text, "BC ", 3) == 0;
    char *end;
    strtod(text, &end);
    if (end == text)
        return false;
    bool blank = *end == ' ' || *end == '\t';
    end += strspn(end, " \t");
    n = letters(end);
    if (n > 0)
        return julian_word(end, &origin, &scale) || (blank && scale_named(end, n, &scale)) ||
               month_named(end, n) ||
               (n == 1 && toupper((unsigned char)*end) == 'T' && digits(end + 1) > 1);
    return *end && strchr("-/.:=0123456789+,", *end) != NULL;
}
