/* times.c - times that options name. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "cli.h"

static const char *today(char buffer[64])
{
    orr_date unix_zero = {2440587.5, 0, ORR_UTC}, now = unix_zero;
    double seconds = (double)time(NULL), days = floor(seconds / 86400); /* without leap seconds */
    now.day += days;
    now.seconds = seconds - days * 86400;
    now = orr_date_in(&now, ORR_TDB);
    orr_date_exact_text(&now, buffer, 64);
    return buffer;
}

const char *or_today(const char *text, char buffer[64])
{
    return strcmp(text, "today") == 0 || strcmp(text, "now") == 0 ? today(buffer) : text;
}

bool parse_time(const char *option, const char *text, double time_si, const char *time_unit,
                const orr_date *epoch, double *out)
{
    orr_units units = {
        .length = 1, .time = time_si, .mass = 1, .G = 1, .dimensionless = !*time_unit};
    char message[300], now[64];
    if (orr_time_read(or_today(text, now), &units, epoch, out, message, sizeof message) == ORR_OK) {
        if (*message)
            print_warning("%s", message);
        return true;
    }
    print_error("--%s: %s", option, message);
    return false;
}
