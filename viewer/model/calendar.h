/* calendar.h - dates as people write them.  Pure. */
#ifndef ORRERY_VIEWER_CALENDAR_H
#define ORRERY_VIEWER_CALENDAR_H

#include <orrery/dates.h>

/* "2031-05-14 06:00"; far away years alone, "year 12004", "12004 BC"; "?" for no date. */
void calendar_text(const orr_date *d, char out[64]);

#endif
