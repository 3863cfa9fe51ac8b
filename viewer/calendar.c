/* calendar.c - see calendar.h. */
#include "calendar.h"

#include <math.h>
#include <stdio.h>

calendar_date calendar_of(double jd, int rounded)
{
    double day = floor(jd + 0.5),
           seconds = floor((jd + 0.5 - day) * 86400 / rounded + 0.5) * rounded;
    if (seconds >= 86400)
        seconds -= 86400, day++;
    /* of 400 years, which are 146097 days: the formula wants a positive day */
    long cycles = day < 0 ? (long)(-day / 146097) + 1 : 0, s = (long)seconds;
    long l = (long)day + cycles * 146097 + 68569, n = 4 * l / 146097;
    l -= (146097 * n + 3) / 4;
    long i = 4000 * (l + 1) / 1461001;
    l -= 1461 * i / 4 - 31;
    long j = 80 * l / 2447;
    return (calendar_date){.year = 100 * (n - 49) + i + j / 11 - 400 * cycles,
                           .month = (int)(j + 2 - 12 * (j / 11)),
                           .day = (int)(l - 2447 * j / 80),
                           .hour = (int)(s / 3600),
                           .minute = (int)(s / 60 % 60),
                           .second = (int)(s % 60)};
}

void calendar_text(double jd, char out[64])
{
    if (!(fabs(jd) < 1e13)) {
        snprintf(out, 64, "?");
        return;
    }
    calendar_date d = calendar_of(jd, 60);
    if (d.year > 9999)
        snprintf(out, 64, "year %ld", d.year);
    else if (d.year < -9998)
        snprintf(out, 64, "%ld BC", 1 - d.year);
    else
        snprintf(out, 64, "%04ld-%02d-%02d%s %02d:%02d", d.year < 1 ? 1 - d.year : d.year, d.month,
                 d.day, d.year < 1 ? " BC" : "", d.hour, d.minute);
}
