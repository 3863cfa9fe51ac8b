/* random.h - xoshiro256** (Blackman & Vigna 2021, doi 10.1145/3460772), seeded by splitmix64
 * (Steele, Lea & Flood 2014, doi 10.1145/2714064.2660195). */
#ifndef ORRERY_GENERATORS_RANDOM_H
#define ORRERY_GENERATORS_RANDOM_H

#include <math.h>
#include <stdint.h>

#include "core/math/reproducible.h"

typedef struct orr_random {
    uint64_t s[4];
} orr_random;

static inline orr_random orr_random_seeded(uint64_t seed)
{
    orr_random r;
    for (int k = 0; k < 4; k++) {
        uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        r.s[k] = z ^ (z >> 31);
    }
    return r;
}

static inline uint64_t orr_rotate_left(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

static inline uint64_t orr_random_bits(orr_random *r)
{
    uint64_t *s = r->s, out = orr_rotate_left(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = orr_rotate_left(s[3], 45);
    return out;
}

/* Uniform in (0, 1), never either end. */
static inline double orr_random_uniform(orr_random *r)
{
    return ((double)(orr_random_bits(r) >> 12) + 0.5) * 0x1p-52;
}

static inline double orr_random_between(orr_random *r, double low, double high)
{
    return low + (high - low) * orr_random_uniform(r);
}

/* Rayleigh distributed with the given root mean square. */
static inline double orr_random_rayleigh(orr_random *r, double rms)
{
    return rms * sqrt(-orr_log(orr_random_uniform(r)));
}

/* A point on the unit sphere (Marsaglia 1972). */
static inline void orr_random_direction(orr_random *r, double out[3])
{
    double u, v, s;
    do {
        u = orr_random_between(r, -1, 1);
        v = orr_random_between(r, -1, 1);
        s = u * u + v * v;
    } while (s >= 1);
    double root = 2 * sqrt(1 - s);
    out[0] = u * root;
    out[1] = v * root;
    out[2] = 1 - 2 * s;
}

#endif
