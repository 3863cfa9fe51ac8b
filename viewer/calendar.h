/* calendar.h - Julian dates as people write them.  Pure. */
#ifndef ORRERY_VIEWER_CALENDAR_H
#define ORRERY_VIEWER_CALENDAR_H

typedef struct calendar_date {
    long year; /* astronomers' count: 0 is 1 BC */
    int month, day, hour, minute, second;
} calendar_date;

/* The date in the proleptic Gregorian calendar, rounded to so many seconds (a divisor of a day);
 * |jd| below 1e13.  Fliegel & van Flandern 1968, doi:10.1145/364096.364097. */
calendar_date calendar_of(double jd, int rounded);

/* "2031-05-14 06:00"; far away years alone, "year 12004", "12004 BC"; "?" for no date. */
void calendar_text(double jd, char out[64]);

#endif
