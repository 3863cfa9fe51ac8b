/* calendar.h - Julian dates as people write them.  Pure. */
#ifndef ORRERY_VIEWER_CALENDAR_H
#define ORRERY_VIEWER_CALENDAR_H

/* "2031-05-14 06:00" (proleptic Gregorian; far away years alone, "12004 BC").  Fliegel & van
 * Flandern 1968, doi:10.1145/364096.364097. */
void calendar_text(double jd, char out[64]);

#endif
