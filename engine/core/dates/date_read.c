/* date_read.c - the one reader of dates: see orr_date_form_at() for what it takes.
 *
 * What could mean two things is refused with the way to write it; nothing is guessed. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "date_reader.h"

#define MJD       2400000.5
#define MOST_DAYS 1e9

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

/* ---- Julian dates ---- */

/* "[-]2453817.5": days after the noon or midnight `origin`. */
static orr_status read_days(orr_date_reader *r, double origin)
{
    bool negative = *r->p == '-';
    r->p += negative || *r->p == '+';
    size_t n = orr_count_digits(r->p);
    if (n == 0)
        return orr_date_refuse(r, "a number of days is missing");
    if (n > 9)
        return orr_date_refuse(r, "it is more than 1e9 days away");
    double days = (double)orr_take_whole(r), rest = orr_take_day_decimals(r);
    if (isalpha((unsigned char)*r->p))
        return orr_date_refuse(r, "write the number without an exponent, and a blank behind it");
    if (origin != 0 && !negative && days > 1721000) /* a whole Julian date of our era */
        return orr_date_refuse(r,
                               "MJD is JD - 2400000.5: write JD %.0f, or a date after the year "
                               "6500 in another form",
                               days);
    r->date = orr_date_from_jd(origin + (negative ? -days : days), r->date.scale);
    r->date = orr_shifted(r->date, negative ? -rest : rest);
    return ORR_OK;
}

/* "JD", "MJD", with or without a scale as in "JDTDB": the length of the word, or 0. */
static size_t julian_word(const char *p, double *origin, orr_timescale *scale)
{
    size_t n = orr_count_letters(p), prefix = n && (*p == 'M' || *p == 'm') ? 3 : 2;
    if (n < prefix || strncasecmp(p + prefix - 2, "JD", 2) != 0)
        return 0;
    if (n > prefix && !orr_scale_named(p + prefix, n - prefix, scale))
        return 0;
    *origin = prefix == 3 ? MJD : 0;
    return n;
}

/* "2000.0" behind the J. */
static orr_status read_julian_epoch(orr_date_reader *r)
{
    if (orr_count_digits(r->p) != 4)
        return orr_date_refuse(r, "a Julian epoch has a year of four digits: J2000.0");
    double years = (double)orr_take_whole(r) - 2000, rest = orr_take_day_decimals(r);
    r->date = orr_date_from_jd(2451545.0 + 365.25 * years, r->date.scale);
    r->date = orr_shifted(r->date, rest * 365.25);
    return ORR_OK;
}

/* ---- calendar dates ---- */

static orr_status day_of_year(orr_date_reader *r, long year, long number)
{
    if (number >= 1 && number <= 366 && !r->bc) {
        int month, day;
        orr_day_of_midnight(orr_midnight(year, 1, 1) + (double)(number - 1), &year, &month, &day);
        return orr_date_refuse(r, "days of the year are not read; write %04ld-%02d-%02d", year,
                               month, day);
    }
    return orr_date_refuse(r, "days of the year are not read; write month and day: 2000-01-31");
}

static orr_status check_day(orr_date_reader *r, long year, long month, long day)
{
    if (month < 1 || month > 12)
        return orr_date_refuse(r, "there is no month %ld (the order is year, month, day)", month);
    if (orr_in_calendar_gap(year, (int)month, (int)day))
        return orr_date_refuse(r, "the day after 1582-10-04 (Julian) was 1582-10-15 (Gregorian)");
    int most = orr_days_in_month(year, (int)month);
    if (day < 1 || day > most)
        return orr_date_refuse(r, "%s of that year has %d days", orr_month_name(month), most);
    return ORR_OK;
}

/* "23.3.2006", "03/23/2006", "23-Mar-2006": what would be right, as far as it can be told. */
static orr_status day_first(orr_date_reader *r)
{
    int a = 0, b = 0, year = 0;
    char sep[2], again[2], word[13];
    if (sscanf(r->text, "%2d%1[-/. ]%2d%1[-/. ]%4d", &a, sep, &b, again, &year) == 5 && year > 99) {
        int day = *sep == '.' || a > 12 ? a : b > 12 ? b : 0, month = day == a ? b : a;
        if (day == 0)
            return orr_date_refuse(r, "write the year first: %04d-%02d-%02d or %04d-%02d-%02d",
                                   year, a, b, year, b, a);
        return orr_date_refuse(r, "write the year first: %04d-%02d-%02d", year, month, day);
    }
    if (sscanf(r->text, "%2d%1[-/. ]%12[A-Za-z]%1[-/. ]%4d", &a, sep, word, again, &year) == 5)
        return orr_date_refuse(r, "write the year first: %04d-%.3s-%02d", year, word, a);
    return orr_date_refuse(r, "write the year first, with four digits: 2000-01-31");
}

/* Year and what stands behind it; sep gets the separator. */
static orr_status read_year(orr_date_reader *r, long *year, char *sep)
{
    bool era = r->ad || r->bc, negative = *r->p == '-', sign = negative || *r->p == '+';
    if (era && sign)
        return orr_date_refuse(r, "a year with A.D. or B.C. has no sign");
    r->p += sign;
    size_t n = orr_count_digits(r->p);
    const char *behind = r->p + n;
    if (n == 8 && (*behind == 0 || *behind == '.' || toupper((unsigned char)*behind) == 'T'))
        return orr_date_refuse(r, "write it with dashes: %.4s-%.2s-%.2s", r->p, r->p + 4, r->p + 6);
    if (n == 0 || n > 7)
        return orr_date_no_form(r);
    if (!era && n < 3)
        return sign ? orr_date_refuse(r, "a year without A.D. or B.C. has four digits: -0043-03-15")
                    : day_first(r);
    *year = orr_take_whole(r);
    *sep = *r->p == '\t' ? ' ' : *r->p;
    if (era && *year == 0)
        return orr_date_refuse(r, "the year before A.D. 1 is 1 B.C.");
    *year = r->bc ? 1 - *year : negative ? -*year : *year;
    if (*sep == '.' && orr_count_digits(r->p + 1))
        return orr_date_refuse(r, "write it with dashes: 2000-01-31");
    if (*sep != '-' && *sep != '/' && *sep != ' ')
        return orr_date_no_form(r);
    r->p++;
    orr_skip_blanks(r);
    return ORR_OK;
}

static orr_status read_month(orr_date_reader *r, long year, long *month)
{
    size_t n = orr_count_letters(r->p);
    if (n > 0) {
        *month = orr_month_named(r->p, n);
        if (n == 1 && toupper((unsigned char)*r->p) == 'W')
            return orr_date_refuse(r, "weeks are not read; write month and day: 2000-01-31");
        if (!*month)
            return orr_date_refuse(r, "there is no month '%.*s'", (int)n, r->p);
        r->p += n;
        r->p += *r->p == '.';
        return ORR_OK;
    }
    n = orr_count_digits(r->p);
    *month = orr_take_whole(r);
    if (n == 3)
        return day_of_year(r, year, *month);
    return n == 0 || n > 2 ? orr_date_no_form(r) : ORR_OK;
}

static orr_status read_day(orr_date_reader *r)
{
    long year = 0, month = 0, day;
    char sep = 0;
    ORR_TRY(read_year(r, &year, &sep));
    ORR_TRY(read_month(r, year, &month));
    if (*r->p == 0)
        return orr_date_refuse(r, "the day is missing");
    if (*r->p != sep && !(sep == ' ' && *r->p == '\t'))
        return orr_date_no_form(r);
    r->p++;
    orr_skip_blanks(r);
    size_t n = orr_count_digits(r->p);
    if (n == 0 || n > 2)
        return orr_date_refuse(r, "a day of one or two digits comes last");
    day = orr_take_whole(r);
    bool point = *r->p == '.';
    double rest = orr_take_day_decimals(r);
    ORR_TRY(check_day(r, year, month, day));
    r->date.day = orr_midnight(year, (int)month, (int)day);
    r->date.seconds = rest;
    r->has_decimals = point;
    return ORR_OK;
}

/* ---- the clock ---- */

/* "Z", "+01:00", "+0100", "+01"; or nothing. */
static orr_status read_zone(orr_date_reader *r)
{
    const char *back = r->p;
    orr_skip_blanks(r);
    if (*r->p == 'Z' || *r->p == 'z') {
        r->p++;
        r->has_zone = true;
    } else if (*r->p == '+' || *r->p == '-') {
        int sign = *r->p++ == '-' ? -1 : 1;
        size_t n = orr_count_digits(r->p);
        long value = orr_take_whole(r), hours = n == 4 ? value / 100 : value,
             minutes = n == 4 ? value % 100 : 0;
        if (n == 2 && *r->p == ':') {
            r->p++;
            if (orr_count_digits(r->p) != 2)
                return orr_date_refuse(r, "a time zone is written +01:00");
            minutes = orr_take_whole(r);
        }
        if ((n != 2 && n != 4) || hours > 14 || minutes > 59)
            return orr_date_refuse(r, "a time zone is written +01:00, up to 14 h");
        r->zone = sign * (int)(60 * hours + minutes);
        r->has_zone = true;
    } else {
        r->p = back;
    }
    if (r->has_zone)
        r->date.scale = ORR_UTC;
    return ORR_OK;
}

static orr_status read_clock(orr_date_reader *r)
{
    const char *back = r->p;
    if (*r->p == 'T' || *r->p == 't' || *r->p == ',')
        r->p++;
    orr_skip_blanks(r);
    size_t n = orr_count_digits(r->p);
    if (n == 0 || r->p == back) { /* no clock */
        r->p = back;
        return ORR_OK;
    }
    if (r->has_decimals)
        return orr_date_refuse(r, "it has decimals of a day and a clock");
    if (n > 2 || r->p[n] != ':' || orr_count_digits(r->p + n + 1) != 2)
        return orr_date_refuse(r, "the time of day is written 17:30 or 17:30:00.5");
    long hour = orr_take_whole(r);
    r->p++;
    long minute = orr_take_whole(r);
    if (*r->p == ':') {
        r->p++;
        n = orr_count_digits(r->p);
        if (n == 0 || n > 2)
            return orr_date_refuse(r, "the time of day is written 17:30 or 17:30:00.5");
        r->second = (double)orr_take_whole(r);
        r->second += orr_take_decimals(r);
    }
    if (hour == 24 && minute == 0 && r->second == 0)
        return orr_date_refuse(r, "24:00 is 00:00 of the next day");
    if (hour > 23 || minute > 59 || r->second >= 62)
        return orr_date_refuse(r, "there is no such time of day");
    r->minute = (int)(60 * hour + minute);
    return read_zone(r);
}

/* Day, minute and second together, in the scale that has been read. */
static orr_status finish(orr_date_reader *r)
{
    orr_date *d = &r->date;
    int minute = r->minute - r->zone, days = minute < 0 ? -1 : minute >= 1440 ? 1 : 0;
    minute -= 1440 * days;
    d->day += days;
    d->seconds += 60 * minute + r->second;
    if (!(fabs(d->day) <= MOST_DAYS))
        return orr_date_refuse(r, "it is more than 1e9 days away");
    if (r->second >= 60 && d->scale != ORR_UTC)
        return orr_date_refuse(r, "only UTC has leap seconds, this date is in %s",
                               orr_timescale_at(d->scale)->name);
    if (d->scale != ORR_UTC)
        return ORR_OK;
    double length = orr_utc_day_length(d->day);
    if (length == 0)
        return orr_date_refuse(r, "UTC begins in 1961; write it in TT or TDB");
    if (d->seconds >= length || (r->second >= 60 && minute != 1439))
        return orr_date_refuse(r, r->second >= 60 ? "there is no leap second there"
                                                  : "this part of a second was left out of UTC");
    return ORR_OK;
}

/* ---- the whole ---- */

static orr_status worded(orr_date_reader *r)
{
    double origin;
    size_t n = julian_word(r->p, &origin, &r->date.scale);
    if (n) {
        r->has_scale = n > (origin == 0 ? 2 : 3);
        r->p += n;
        orr_skip_blanks(r);
        return read_days(r, origin);
    }
    n = orr_count_letters(r->p);
    bool number = n == 1 && orr_count_digits(r->p + 1);
    if (number && orr_take_word(r, "J"))
        return read_julian_epoch(r);
    if (number && orr_take_word(r, "B"))
        return orr_date_refuse(r, "Besselian epochs are not read; B1950.0 is JD 2433282.4235 TT");
    if (orr_month_named(r->p, n))
        return orr_date_refuse(r, "write the year first: 2000-Jan-31");
    if (n == 3 && strncasecmp(r->p + 1, "JD", 2) == 0)
        return orr_date_refuse(r, "write JD or MJD, and the scale: JD 2451545.0 TDB");
    return orr_date_no_form(r);
}

/* It begins with a number: days counted, or a year. */
static orr_status numbered(orr_date_reader *r)
{
    const char *start = r->p, *p = start + (*start == '-' || *start == '+');
    size_t n = orr_count_digits(p);
    if (n == 0)
        return orr_date_no_form(r);
    p += n;
    if (*p == '.' && orr_count_digits(p + 1) && p[1 + orr_count_digits(p + 1)] == '.')
        return n < 3 ? day_first(r) : orr_date_refuse(r, "write it with dashes: 2000-01-31");
    p += *p == '.' ? 1 + orr_count_digits(p + 1) : 0;
    bool blank = *p == ' ';
    p += strspn(p, " \t");
    double origin;
    size_t word = julian_word(p, &origin, &r->date.scale);
    if (word) {
        r->has_scale = word > (origin == 0 ? 2 : 3);
        ORR_TRY(read_days(r, origin));
        r->p = p + word;
        return ORR_OK;
    }
    orr_timescale scale;
    if (*p == '=')
        return orr_date_refuse(
            r, "it names the instant twice; keep what stands before or behind the '='");
    if (n != 8 && (*p == 0 || (blank && orr_scale_named(p, orr_count_letters(p), &scale))))
        return orr_date_refuse(r, "say what the number counts: JD %.*s or MJD %.*s",
                               (int)strcspn(start, " "), start, (int)strcspn(start, " "), start);
    ORR_TRY(read_day(r));
    return read_clock(r);
}

static orr_status read_all(orr_date_reader *r)
{
    r->ad = orr_take_word(r, "A.D.") || orr_take_word(r, "AD ");
    r->bc = !r->ad && (orr_take_word(r, "B.C.") || orr_take_word(r, "BC "));
    orr_skip_blanks(r);
    if (isalpha((unsigned char)*r->p))
        ORR_TRY(r->ad || r->bc ? orr_date_no_form(r) : worded(r));
    else if (r->ad || r->bc) {
        ORR_TRY(read_day(r));
        ORR_TRY(read_clock(r));
    } else {
        ORR_TRY(numbered(r));
    }
    ORR_TRY(orr_take_scale(r));
    return finish(r);
}

orr_status orr_date_read(const char *text, orr_timescale unstated, orr_date *out, char *message,
                         size_t size)
{
    orr_date_reader r = {.date.scale = unstated, .message = message, .size = size};
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    snprintf(r.text, sizeof r.text, "%.*s", (int)(n < MOST_TEXT ? n : MOST_TEXT), text);
    r.p = r.text;
    if (n > MOST_TEXT)
        return orr_date_refuse(&r, "it is too long");
    ORR_TRY(read_all(&r));
    *out = r.date;
    return ORR_OK;
}

bool orr_date_is_meant(const char *text)
{
    double origin;
    orr_timescale scale;
    text += strspn(text, " \t");
    size_t n = orr_count_letters(text);
    if (n > 0) /* no quantity begins with a letter */
        return julian_word(text, &origin, &scale) || orr_month_named(text, n) ||
               (n == 1 && orr_count_digits(text + 1)) || strncasecmp(text, "A.D.", 4) == 0 ||
               strncasecmp(text, "B.C.", 4) == 0 || strncasecmp(text, "AD ", 3) == 0 ||
               strncasecmp(text, "BC ", 3) == 0;
    char *end;
    strtod(text, &end);
    if (end == text)
        return false;
    bool blank = *end == ' ' || *end == '\t';
    end += strspn(end, " \t");
    n = orr_count_letters(end);
    if (n > 0)
        return julian_word(end, &origin, &scale) || (blank && orr_scale_named(end, n, &scale)) ||
               orr_month_named(end, n) ||
               (n == 1 && toupper((unsigned char)*end) == 'T' && orr_count_digits(end + 1) > 1);
    if (*end == '/') /* not 1/3 yr */
        return strchr(end + 1, '/') != NULL;
    return *end && strchr("-.:=0123456789", *end) != NULL;
}
