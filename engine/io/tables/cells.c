/* cells.c - one cell of a table: a number, a date, or nothing. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tables.h"

bool orr_is_blank(const char *text)
{
    static const char *const words[] = {"nan", "null", "none", "na", "n/a", "-", "--"};
    if (!*text)
        return true;
    if (isdigit((unsigned char)*text))
        return false;
    for (size_t k = 0; k < LENGTH_OF(words); k++)
        if (strcasecmp(text, words[k]) == 0)
            return true;
    return false;
}

/* Up to 15 digits, with a point or without: they and the power of ten are exact, so that one
 * division rounds as strtod() does (Clinger 1990, doi 10.1145/93542.93557).  False for all else. */
static bool short_decimal(const char *p, double *value)
{
    static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool minus = *p == '-', point = false;
    uint64_t number = 0;
    int digits = 0, decimals = 0;
    for (p += minus; digits <= 15; p++) {
        if (*p >= '0' && *p <= '9') {
            number = 10 * number + (uint64_t)(*p - '0');
            digits++;
            decimals += point;
        } else if (*p == '.' && !point) {
            point = true;
        } else {
            break;
        }
    }
    if (*p || digits == 0 || digits > 15)
        return false;
    *value = (double)number / tens[decimals];
    *value = minus ? -*value : *value;
    return true;
}

bool orr_plain_number(const char *text, double *value)
{
    char copy[64];
    if (short_decimal(text, value))
        return true;
    size_t length = strspn(text, "0123456789+-.eEdD");
    if (!length || text[length] || length >= sizeof copy)
        return false;
    memcpy(copy, text, length + 1);
    char *d = strpbrk(copy, "dD"); /* Fortran's double precision */
    if (d)
        *d = 'e';
    char *end;
    *value = strtod(copy, &end);
    return *end == 0 && end != copy;
}

/* ---- dates ---- */

/* "I", "J", "K" for 18, 19, 20; then two digits, month and day as 1-9, A-V.
 * https://www.minorplanetcenter.net/iau/info/PackedDates.html */
bool orr_unpack_date(const char *packed, char text[16])
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    const char *month = strchr(digits, packed[3]),
               *day = month && packed[3] && packed[4] ? strchr(digits, packed[4]) : NULL;
    if (strlen(packed) != 5 || packed[0] < 'I' || packed[0] > 'L' ||
        !isdigit((unsigned char)packed[1]) || !isdigit((unsigned char)packed[2]) || !day)
        return false;
    long m = month - digits, d = day - digits;
    if (m < 1 || m > 12 || d < 1 || d > 31)
        return false;
    snprintf(text, 16, "%d%c%c-%02ld-%02ld", packed[0] - 'I' + 18, packed[1], packed[2], m, d);
    return true;
}

orr_status orr_table_date(orr_table *t, const orr_cell *at, const char *text, double *out)
{
    char message[300];
    t->was_date = true;
    if (*t->last_date && strcmp(text, t->last_date) == 0) {
        *out = t->last_time;
        return ORR_OK;
    }
    if (orr_time_from_text(t->l->s, text, out, message, sizeof message) != ORR_OK)
        return orr_table_fail(t, at, "%s", message);
    if (*message) /* on leap seconds */
        snprintf(t->l->s->note, sizeof t->l->s->note, "%.159s", message);
    snprintf(t->last_date, sizeof t->last_date, "%.63s", strlen(text) < 64 ? text : "");
    t->last_time = *out;
    return ORR_OK;
}

/* A number of days after the start that is far away, but near if it is taken for a date. */
static orr_status suspect(orr_table *t, size_t k, double value)
{
    const orr_column *c = &t->columns[k];
    const char *unit = orr_like_date(t->l->s, value, c->factor, !*c->unit);
    if (unit && strcmp(unit, "year") == 0)
        return orr_table_fail(t, &t->cells[k],
                              "column '%s': %s years after the start, or a year?  Write dates as "
                              "2020-05-31 or JD 2459000.5, and an interval this long in kyr",
                              c->heading, t->cells[k].text);
    if (unit)
        return orr_table_fail(t, &t->cells[k],
                              "column '%s': %s days after the start, or a date?  For a Julian date "
                              "write the heading '%s [%s]' (or 'units: { %s: %s }'); for an "
                              "interval this long, give it in yr",
                              c->heading, t->cells[k].text, c->heading, unit, c->heading, unit);
    return ORR_OK;
}

/* One kind of Julian date under the heading of the other is off by 6567 years. */
static orr_status check_count_of_days(const orr_table *t, size_t k, double number, bool julian)
{
    const orr_cell *at = &t->cells[k];
    const char *heading = t->columns[k].heading;
    if (julian && orr_jd_seems_modified(number))
        return orr_table_fail(
            t, at,
            "column '%s': JD %.60s is before 4411 B.C.; a modified Julian date has the "
            "unit MJD, days from another zero need it added, and 'ignore: [%s]' "
            "leaves it out",
            heading, at->text, heading);
    if (!julian && orr_like_julian_date(number))
        return orr_table_fail(t, at,
                              "column '%s': MJD %.60s is after 6500 A.D.; a whole Julian date has "
                              "the unit JD",
                              heading, at->text);
    return ORR_OK;
}

/* A date in words or figures, "20200531.25" as "2020-05-31.25" where the column has such; in the
 * scale of the column or the format if it names none. */
static void dated_text(const orr_column *c, const char *text, const char *scale, char *out,
                       size_t size)
{
    size_t n = strlen(text);
    bool named = n && isalpha((unsigned char)text[n - 1]);
    const char *blank = *scale && !named ? " " : "", *added = *scale && !named ? scale : "";
    if (c->form == FORM_CALENDAR && strspn(text, "0123456789") == 8)
        snprintf(out, size, "%.4s-%.2s-%.60s%s%s", text, text + 4, text + 6, blank, added);
    else
        snprintf(out, size, "%.100s%s%s", text, blank, added);
}

/* "JD 2459000.5 TDB"; the reader of dates keeps all digits, but knows no exponents. */
static void julian_text(bool julian, const char *text, double number, const char *scale, char *out,
                        size_t size)
{
    char plain[64];
    bool exponent = strpbrk(text, "eEdD") != NULL;
    snprintf(plain, sizeof plain, "%.10f", number);
    snprintf(out, size, "%s %.60s%s%s", julian ? "JD" : "MJD", exponent ? plain : text,
             *scale ? " " : "", scale);
}

static orr_status read_date(orr_table *t, size_t k, double *out)
{
    const orr_column *c = &t->columns[k];
    const orr_cell *at = &t->cells[k];
    const char *scale = *c->scale ? c->scale : t->format->scale ? t->format->scale : "";
    char text[120], day[16];
    double number;
    if (c->form == FORM_PACKED) {
        if (!orr_unpack_date(at->text, day))
            return orr_table_fail(t, at, "'%.20s' is not a packed date such as K205V", at->text);
        snprintf(text, sizeof text, "%s %s", day, scale);
        return orr_table_date(t, at, text, out);
    }
    if (c->form == FORM_CALENDAR || !orr_plain_number(at->text, &number)) {
        dated_text(c, at->text, scale, text, sizeof text);
        return orr_table_date(t, at, text, out);
    }
    bool julian = c->form == FORM_JD || (c->form == FORM_DATE && orr_like_julian_date(number) &&
                                         c->meaning != COL_ELEMENTS + EL_PERI_TIME);
    if (julian || c->form == FORM_MJD) {
        ORR_TRY(check_count_of_days(t, k, number, julian));
        julian_text(julian, at->text, number, scale, text, sizeof text);
        return orr_table_date(t, at, text, out);
    }
    char message[200];
    if (number > 1e7 && orr_is_bare_date(at->text)) { /* 20060323 */
        orr_status status = orr_bare_date_error(at->text, message, sizeof message);
        orr_table_fail(t, at, "column '%s': %s", c->heading, message);
        return status;
    }
    if (c->meaning != COL_ELEMENTS + EL_PERI_TIME && c->form == FORM_DATE)
        return orr_table_fail(t, at,
                              "column '%s': '%.60s' is not a date; for a modified Julian date "
                              "write '%s [MJD]'",
                              c->heading, at->text, c->heading);
    if (!isfinite(number))
        return orr_table_fail(t, at, "column '%s': this number is too large", c->heading);
    *out = number * c->factor;
    return suspect(t, k, number);
}

/* ---- numbers ---- */

static orr_status not_a_number(const orr_table *t, size_t k)
{
    const orr_cell *at = &t->cells[k];
    const char *name = t->columns[k].heading;
    if (strspn(at->text, "0123456789+-.,eEdD") == strlen(at->text) && strchr(at->text, ','))
        return orr_table_fail(t, at,
                              "column '%s': '%.60s' has a decimal comma; write 'decimal: comma' "
                              "in the group if that is what commas are here",
                              name, at->text);
    return orr_table_fail(t, at, "column '%s': '%.60s' is not a number", name, at->text);
}

static orr_status not_finite(const orr_table *t, size_t k)
{
    return orr_table_fail(t, &t->cells[k], "column '%s': '%.60s' is too large",
                          t->columns[k].heading, t->cells[k].text);
}

orr_status orr_cell_value(orr_table *t, size_t k, double *out)
{
    orr_column *c = &t->columns[k];
    char *text = t->cells[k].text;
    double number;
    t->was_date = false;
    if (orr_column_is_time(c->meaning))
        return read_date(t, k, out);
    if (!orr_plain_number(text, &number))
        return not_a_number(t, k);
    if (!isfinite(number))
        return not_finite(t, k);
    if (c->bare_angle && number != 0) { /* let the rule about units say what is wrong */
        char message[300], written[40];
        snprintf(written, sizeof written, "%.15g", number);
        if (orr_quantity_parse(written, &t->l->s->units, orr_column_dimension(c->meaning), out,
                               message, sizeof message) != ORR_OK)
            return orr_table_fail(
                t, &t->cells[k],
                "column '%s': %s; write the unit into the heading, '%s [deg]', or "
                "'units: { %s: deg }' in the group",
                c->heading, message, c->heading, c->heading);
        return ORR_OK;
    }
    *out = number * c->factor;
    return isfinite(*out) ? ORR_OK : not_finite(t, k);
}
