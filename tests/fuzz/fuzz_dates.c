/* fuzz_dates.c - libFuzzer target: any text as a date or a time.  What is read is written and read
 * again as the same bits; what is refused gets a sentence. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/dates.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(const orr_date *d)
{
    char text[64], message[200];
    orr_date back;
    orr_date_exact_text(d, text, sizeof text);
    if (orr_date_read(text, ORR_TDB, &back, message, sizeof message) != ORR_OK ||
        back.day != d->day || back.seconds != d->seconds || back.scale != d->scale)
        abort();
    for (size_t k = 0; orr_timescale_at(k); k++) {
        orr_date there = orr_date_in(d, (orr_timescale)k);
        if (!(fabs(orr_date_after(&there, d, 1)) < 1e-9))
            abort();
        for (int decimals = -1; decimals <= 9; decimals++)
            orr_date_text(&there, decimals, text, sizeof text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[300], message[200];
    const orr_units u = {.length = 1, .mass = 1, .time = 86400};
    const orr_date epoch = {2451544.5, 43200, ORR_UTC};
    orr_date d;
    double t = 0;
    if (size >= sizeof text)
        return 0;
    memcpy(text, data, size);
    text[size] = 0;
    *message = 0;
    if (orr_date_read(text, ORR_TT, &d, message, sizeof message) == ORR_OK) {
        if (!orr_date_is_meant(text))
            abort();
        round_trip(&d);
    } else if (!*message || strlen(message) >= sizeof message) {
        abort();
    }
    *message = 0;
    if (orr_time_read(text, &u, &epoch, &t, message, sizeof message) != ORR_OK ? !*message
                                                                               : !isfinite(t))
        abort();
    orr_date then = orr_date_plus(&epoch, t, u.time);
    orr_date_text(&then, 3, message, sizeof message);
    return 0;
}
