/* calendar.c - see calendar.h. */
#include "calendar.h"

#include <math.h>
#include <stdio.h>

void calendar_text(const orr_date *d, char out[64])
{
    if (!(fabs(d->day) < 1e13)) {
        snprintf(out, 64, "?");
        return;
    }
    orr_calendar c = orr_calendar_of(d, -1);
    if (c.year > 9999)
        snprintf(out, 64, "year %ld", c.year);
    else if (c.year < -9998)
        snprintf(out, 64, "%ld BC", 1 - c.year);
    else
        snprintf(out, 64, "%04ld-%02d-%02d%s %02d:%02d", c.year < 1 ? 1 - c.year : c.year, c.month,
                 c.day, c.year < 1 ? " BC" : "", c.hour, c.minute);
}
