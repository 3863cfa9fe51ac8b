/* calendar.h - what the parts of the dates share: calendar days, lengths of UTC days. */
#ifndef ORRERY_CORE_CALENDAR_H
#define ORRERY_CORE_CALENDAR_H

#include <stdbool.h>

#include <orrery/dates.h>

#define ORR_DAY 86400.0 /* [s] */

/* The Julian date of the midnight with which a calendar day begins.  The day must exist. */
double orr_midnight(long year, int month, int day);
void orr_day_of_midnight(double midnight, long *year, int *month, int *day);
int orr_days_in_month(long year, int month);
/* 1582-10-05 .. 14, which the change to the Gregorian calendar left out. */
bool orr_in_calendar_gap(long year, int month, int day);

/* The seconds of the UTC day that begins at this midnight: 86400, 86401 with a leap second (before
 * 1972 by fractions more or less).  0: there was no UTC. */
double orr_utc_day_length(double midnight);

/* The same instant with seconds added, within its scale. */
orr_date orr_shifted(orr_date d, double seconds);

#endif
