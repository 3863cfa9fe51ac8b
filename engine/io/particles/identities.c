/* identities.c - is an id given twice?  Mostly they are the numbers 1 to n in some order, for which
 * a bit each is enough; else they are sorted, by 16 bits at a time. */
#include <stdlib.h>
#include <string.h>

#include "particles.h"

static orr_status by_bits(const uint64_t *ids, size_t n, uint64_t low, uint64_t span, bool *same,
                          uint64_t *which)
{
    uint64_t *seen = calloc((size_t)(span / 64) + 1, sizeof *seen);
    if (!seen)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < n && !*same; k++) {
        uint64_t at = ids[k] - low, bit = (uint64_t)1 << at % 64;
        *same = seen[at / 64] & bit;
        *which = ids[k];
        seen[at / 64] |= bit;
    }
    free(seen);
    return ORR_OK;
}

/* One pass of a radix sort, by the 16 bits from `shift` on. */
static void pass(const uint64_t *from, uint64_t *to, size_t n, unsigned shift, size_t *counts)
{
    enum { DIGITS = 65536 };
    memset(counts, 0, DIGITS * sizeof *counts);
    for (size_t k = 0; k < n; k++)
        counts[from[k] >> shift & (DIGITS - 1)]++;
    size_t before = 0;
    for (size_t d = 0; d < DIGITS; d++) {
        size_t here = counts[d];
        counts[d] = before;
        before += here;
    }
    for (size_t k = 0; k < n; k++)
        to[counts[from[k] >> shift & (DIGITS - 1)]++] = from[k];
}

static orr_status by_order(const uint64_t *ids, size_t n, bool *same, uint64_t *which)
{
    uint64_t *a = malloc(n * sizeof *a), *b = malloc(n * sizeof *b);
    size_t *counts = malloc(65536 * sizeof *counts);
    orr_status status = a && b && counts ? ORR_OK : ORR_E_NO_MEMORY;
    if (status == ORR_OK) {
        memcpy(a, ids, n * sizeof *a);
        for (unsigned shift = 0; shift < 64; shift += 32) {
            pass(a, b, n, shift, counts);
            pass(b, a, n, shift + 16, counts);
        }
        for (size_t k = 1; k < n && !*same; k++) {
            *same = a[k] == a[k - 1];
            *which = a[k];
        }
    }
    free(a), free(b), free(counts);
    return status;
}

orr_status orr_find_repeated(const uint64_t *ids, size_t n, bool *same, uint64_t *which)
{
    uint64_t low = UINT64_MAX, high = 0;
    *same = false;
    if (n < 2)
        return ORR_OK;
    for (size_t k = 0; k < n; k++) {
        low = ids[k] < low ? ids[k] : low;
        high = ids[k] > high ? ids[k] : high;
    }
    return (high - low) / 64 < n ? by_bits(ids, n, low, high - low, same, which)
                                 : by_order(ids, n, same, which);
}
