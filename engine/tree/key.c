/* key.c - see key.h. */
#include "key.h"

#include <math.h>

#include "base/hash.h"

static uint32_t place_of(const uint32_t *order, size_t k)
{
    return order ? order[k] : (uint32_t)k;
}

orr_where orr_where_of(const double *const x[3], const uint32_t *order, size_t first, size_t n)
{
    orr_where w = {.hash = ORR_HASH_START, .finite = true};
    for (size_t axis = 0; axis < 3; axis++) {
        const double *at = x[axis];
        double low = INFINITY, high = -INFINITY, nothing = 0;
        uint64_t hash = w.hash;
        for (size_t k = first; k < first + n; k++) {
            double value = at[place_of(order, k)];
            uint64_t word;
            memcpy(&word, &value, sizeof word);
            hash = orr_hash_word_mixed(hash, word);
            low = value < low ? value : low;
            high = value > high ? value : high;
            nothing += value * 0; /* NaN for what is not finite */
        }
        w.low[axis] = low, w.high[axis] = high, w.hash = hash;
        w.finite = w.finite && nothing == 0;
    }
    return w;
}

orr_where orr_where_both(orr_where a, orr_where b)
{
    for (size_t axis = 0; axis < 3; axis++) {
        a.low[axis] = fmin(a.low[axis], b.low[axis]);
        a.high[axis] = fmax(a.high[axis], b.high[axis]);
    }
    a.hash = orr_hash_word_mixed(a.hash, b.hash);
    a.finite = a.finite && b.finite;
    return a;
}

/* A number in [0, 1) from 16 bits of the hash. */
static double random_part(uint64_t hash, unsigned k)
{
    return (double)(hash * UINT64_C(0x9E3779B97F4A7C15) >> 16 * k & 0xFFFF) / 65536;
}

orr_cube orr_cube_around(const orr_where *w)
{
    orr_cube cube = {.side = 0};
    double extent = 0;
    for (size_t axis = 0; axis < 3; axis++)
        extent = fmax(extent, w->high[axis] - w->low[axis]);
    cube.side = extent * (7 + random_part(w->hash, 3)) / 6;
    for (size_t axis = 0; axis < 3; axis++) {
        double room = cube.side - (w->high[axis] - w->low[axis]);
        cube.low[axis] = w->low[axis] - room * random_part(w->hash, (unsigned)axis);
    }
    return cube;
}

/* Bits of a 21-bit number, two places apart. */
static uint64_t spread(uint64_t v)
{
    v = (v | v << 32) & UINT64_C(0x1F00000000FFFF);
    v = (v | v << 16) & UINT64_C(0x1F0000FF0000FF);
    v = (v | v << 8) & UINT64_C(0x100F00F00F00F00F);
    v = (v | v << 4) & UINT64_C(0x10C30C30C30C30C3);
    return (v | v << 2) & UINT64_C(0x1249249249249249);
}

static uint64_t grid_of(double x, double low, double per_length)
{
    const double most = (1 << ORR_KEY_BITS) - 1;
    double at = (x - low) * per_length;
    at = at > 0 ? at : 0; /* rounding may lead out of the cube */
    return (uint64_t)(uint32_t)(at < most ? at : most);
}

void orr_keys_of(const orr_cube *cube, const double *const x[3], const uint32_t *order,
                 size_t first, size_t n, uint64_t *keys)
{
    double per_length = cube->side > 0 ? (1 << ORR_KEY_BITS) / cube->side : 0;
    if (!isfinite(per_length)) /* all within some 1e-300 */
        per_length = 0;
    for (size_t k = 0; k < n; k++) {
        size_t i = place_of(order, first + k);
        keys[k] = spread(grid_of(x[0][i], cube->low[0], per_length)) << 2 |
                  spread(grid_of(x[1][i], cube->low[1], per_length)) << 1 |
                  spread(grid_of(x[2][i], cube->low[2], per_length));
    }
}
