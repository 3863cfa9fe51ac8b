/* identities.c - is an id given twice?  Mostly they are the numbers 1 to n in some order, for which
 * a bit each is enough; else they are sorted. */
#include <stdlib.h>

#include "base/sort.h"
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

static orr_status by_order(const uint64_t *ids, size_t n, bool *same, uint64_t *which)
{
    orr_keyed *items = malloc(n * sizeof *items), *room = malloc(n * sizeof *room);
    orr_status status = items && room ? ORR_OK : ORR_E_NO_MEMORY;
    if (status == ORR_OK) {
        for (size_t k = 0; k < n; k++)
            items[k] = (orr_keyed){ids[k], k};
        orr_sort_keyed(items, room, n);
        for (size_t k = 1; k < n && !*same; k++) {
            *same = items[k].key == items[k - 1].key;
            *which = items[k].key;
        }
    }
    free(items), free(room);
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
