#include "suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 63 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Damerau-Levenshtein distance (Damerau 1964, doi 10.1145/363958.363994), case counting half as
 * much as another letter, in half units. */
static size_t distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    if (n > LONGEST || m > LONGEST)
        return 1000;
    size_t d[LONGEST + 1][LONGEST + 1];
    for (size_t i = 0; i <= n; i++)
        d[i][0] = 2 * i;
    for (size_t j = 0; j <= m; j++)
        d[0][j] = 2 * j;
    for (size_t i = 1; i <= n; i++)
        for (size_t j = 1; j <= m; j++) {
            char x = a[i - 1], y = b[j - 1];
            size_t change = x == y ? 0
                            : tolower((unsigned char)x) == tolower((unsigned char)y) ||
                                    ((x == '-' || x == '_') && (y == '-' || y == '_'))
                                ? 1
                                : 2;
            d[i][j] = least(d[i - 1][j - 1] + change, least(d[i - 1][j], d[i][j - 1]) + 2);
            if (i > 1 && j > 1 && x == b[j - 2] && a[i - 2] == y)
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 2);
        }
    return d[n][m];
}

const char *orr_nearest(const char *wrong, const char *const *names, size_t n)
{
    const char *best = NULL;
    size_t least_distance = 1000;
    for (size_t k = 0; k < n; k++) {
        size_t d = distance(wrong, names[k]);
        if (d < least_distance) {
            least_distance = d;
            best = names[k];
        }
    }
    size_t length = strlen(wrong);
    return best && least_distance <= 2 * ((length + 2) / 3) && least_distance < 2 * length ? best
                                                                                           : NULL;
}

void orr_suggest(const char *wrong, const char *const *names, size_t n, char *buffer, size_t size)
{
    const char *near = orr_nearest(wrong, names, n);
    if (near) {
        snprintf(buffer, size, "did you mean '%s'?", near);
        return;
    }
    size_t at = (size_t)snprintf(buffer, size, "there is: ");
    for (size_t k = 0; k < n && at < size; k++) {
        if (at + strlen(names[k]) + 8 > size || k >= 40) {
            snprintf(buffer + at, size - at, ", ...");
            return;
        }
        at += (size_t)snprintf(buffer + at, size - at, "%s%s", k ? ", " : "", names[k]);
    }
}
