/* sort.c - radix sort by bytes of the key, the lowest first (Knuth, TAOCP 3, 5.2.5); a byte that all
 * keys share costs nothing. */
#include "sort.h"

#include <string.h>

enum { BYTES = 8, VALUES = 256 };

uint64_t orr_key_of_double(double x)
{
    uint64_t bits;
    x += 0.0; /* -0 is 0 */
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

double orr_double_of_key(uint64_t key)
{
    double x;
    uint64_t bits = key >> 63 ? key ^ (uint64_t)1 << 63 : ~key;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void pass(const orr_keyed *from, orr_keyed *to, size_t n, unsigned shift,
                 size_t counts[VALUES])
{
    size_t before = 0;
    for (size_t v = 0; v < VALUES; v++) {
        size_t here = counts[v];
        counts[v] = before;
        before += here;
    }
    for (size_t k = 0; k < n; k++)
        to[counts[from[k].key >> shift & (VALUES - 1)]++] = from[k];
}

void orr_sort_keyed(orr_keyed *items, orr_keyed *room, size_t n)
{
    size_t counts[BYTES][VALUES] = {{0}};
    for (size_t k = 0; k < n; k++)
        for (unsigned b = 0; b < BYTES; b++)
            counts[b][items[k].key >> 8 * b & (VALUES - 1)]++;
    orr_keyed *from = items, *to = room;
    for (unsigned b = 0; b < BYTES && n > 1; b++) {
        if (counts[b][items[0].key >> 8 * b & (VALUES - 1)] == n)
            continue;
        pass(from, to, n, 8 * b, counts[b]);
        orr_keyed *swap = from;
        from = to, to = swap;
    }
    if (from != items)
        memcpy(items, room, n * sizeof *items);
}
