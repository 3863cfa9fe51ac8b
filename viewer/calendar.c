/* calendar.c - see calendar.h. */
#include "calendar.h"

#include <math.h>
#include <stdio.h>

void calendar_text(double jd, char out[64])
{
    if (!(fabs(jd) < 1e13)) {
        snprintf(out, 64, "?");
        return;
    }
    long minutes = (long)floor((jd + 0.5) * 1440 + 0.5), day = minutes / 1440;
    minutes %= 1440;
    if (minutes < 0)
        minutes += 1440, day--;
    long cycles = 0; /* of 400 years = 146097 days: the formula wants a positive day */
    if (day < 0) {
        cycles = -day / 146097 + 1;
        day += cycles * 146097;
    }
    long l = day + 68569, n = 4 * l / 146097;
    l -= (146097 * n + 3) / 4;
    long i = 4000 * (l + 1) / 1461001;
    l -= 1461 * i / 4 - 31;
    long j = 80 * l / 2447, d = l - 2447 * j / 80;
    l = j / 11;
    long month = j + 2 - 12 * l, year = 100 * (n - 49) + i + l - 400 * cycles;
    if (year > 9999 || year < -9999)
        snprintf(out, 64, year > 0 ? "year %ld" : "%ld BC", year > 0 ? year : 1 - year);
    else if (year < 1)
        snprintf(out, 64, "%ld-%02ld-%02ld BC %02ld:%02ld", 1 - year, month, d, minutes / 60,
                 minutes % 60);
    else
        snprintf(out, 64, "%04ld-%02ld-%02ld %02ld:%02ld", year, month, d, minutes / 60,
                 minutes % 60);
}
