/* dates.h - instants: calendars, Julian dates, time scales, and the one reader of dates.
 *
 * An instant is kept as a whole day and the seconds past its midnight, in the scale in which it was
 * given, so that nothing is lost: a Julian date in one double is good to 40 microseconds only.
 *
 *     UTC --leap seconds--> TAI --32.184 s--> TT --0.0017 s sin(g) + ...--> TDB
 *
 * Calendar: Gregorian from 1582-10-15, Julian up to 1582-10-04, the day before (as JPL Horizons has
 * it).  Years are counted as astronomers do: year 0 is 1 B.C., -0043 is 44 B.C.
 * UTC exists since 1961 (until 1972 with seconds of another length, as it was); after the end of
 * the table of leap seconds it is continued without any, see orr_leap_seconds_known(). */
#ifndef ORRERY_DATES_H
#define ORRERY_DATES_H

#include <stdbool.h>
#include <stddef.h>

#include <orrery/status.h>
#include <orrery/units.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum orr_timescale { ORR_TDB, ORR_TT, ORR_TAI, ORR_UTC } orr_timescale;

/* The scales by name: iterate with i, which is their orr_timescale, from 0 until NULL. */
typedef struct orr_timescale_entry {
    const char *name, *doc;
} orr_timescale_entry;
ORR_API const orr_timescale_entry *orr_timescale_at(size_t i);

typedef struct orr_date {
    double day;     /* Julian date of a midnight: a whole number and a half */
    double seconds; /* past it, 0 .. 86400; in UTC to 86401 where a leap second ends the day */
    orr_timescale scale;
} orr_date;

/* How dates may be written, each with an example, for help texts: iterate from 0 until NULL. */
typedef struct orr_date_form {
    const char *example, *doc;
} orr_date_form;
ORR_API const orr_date_form *orr_date_form_at(size_t i);

/* Read a date in any of these forms.  unstated is the scale of a text that names none.  Otherwise
 * ORR_E_FORMAT, and message (size bytes) gets one sentence that says what is wrong. */
ORR_API ORR_CHECKED orr_status orr_date_read(const char *text, orr_timescale unstated,
                                             orr_date *out, char *message, size_t size);

/* True if text is meant as a date (perhaps a wrong one), not as a number with a unit. */
ORR_API bool orr_date_is_meant(const char *text);

/* A Julian date in that scale, as an instant and back; |jd| <= 1e9. */
ORR_API orr_date orr_date_from_jd(double jd, orr_timescale scale);
ORR_API double orr_date_jd(const orr_date *d);

/* The same instant in another scale.  Where there is no UTC, before 1961, it is in TT instead:
 * look at its scale. */
ORR_API orr_date orr_date_in(const orr_date *d, orr_timescale scale);

/* The time from `since` to d in units of unit seconds.  Seconds are counted in the scale of since:
 * those of TDB, or for TT, TAI and UTC the SI seconds of TAI, leap seconds among them. */
ORR_API double orr_date_after(const orr_date *d, const orr_date *since, double unit);

/* The instant so many units of unit seconds after `since`, counted likewise, in the scale of since
 * (in TT where UTC is not). */
ORR_API orr_date orr_date_plus(const orr_date *since, double time, double unit);

/* The calendar date of d in its own scale, rounded to so many decimals of the second (0 .. 9); -1:
 * to the minute. */
typedef struct orr_calendar {
    long year;
    int month, day, hour, minute;
    double second; /* 60 .. 61 in a leap second */
} orr_calendar;
ORR_API orr_calendar orr_calendar_of(const orr_date *d, int decimals);

/* "2017-01-01T12:00:00.000" rounded likewise, without the scale. */
ORR_API void orr_date_text(const orr_date *d, int decimals, char *out, size_t size);

/* Read a time: a date, or a number with a unit of time or none.  Gives it in units of u after epoch
 * (NULL: there is none, and dates are an error).  A date that names no scale is in that of the
 * epoch.  ORR_E_FORMAT, and one sentence as above.  On success message is empty, or the sentence of
 * orr_leap_seconds_note(). */
ORR_API ORR_CHECKED orr_status orr_time_read(const char *text, const orr_units *u,
                                             const orr_date *epoch, double *t, char *message,
                                             size_t size);

/* True for a bare number that reads as a date of the years 1700 to 2600, 2453817.5 or 20060323.0:
 * as a time after the epoch it is hardly meant.  Such a time of pericentre is an error, whose
 * sentence the other function writes. */
ORR_API bool orr_is_bare_date(const char *text);
/* Under 110000 (4411 B.C.), which modified Julian dates reach in 2160: MJD is meant. */
ORR_API bool orr_jd_seems_modified(double days);
ORR_API orr_status orr_bare_date_error(const char *text, char *message, size_t size);

/* The shortest text, with the scale, that orr_date_read() reads as the same bits; size >= 64. */
ORR_API void orr_date_exact_text(const orr_date *d, char *out, size_t size);

/* Up to when leap seconds were known as this was built, "2026-06-28", and the bulletin. */
ORR_API orr_date orr_leap_seconds_known(const char **source);

/* True if d is in UTC and later than that; note then gets a sentence that says so, else it is
 * empty. */
ORR_API bool orr_leap_seconds_note(const orr_date *d, char *note, size_t size);

#ifdef __cplusplus
}
#endif

#endif
