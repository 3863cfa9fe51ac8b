/* packed_targets.inc.h - acceleration of some bodies by all, and its gradient (tides), with Plummer
 * softening: for block time steps, which ask for the bodies that end a step.
 *
 *     d = r_j - r_i     R^2 = d.d + eps^2     s = GM_j / R^3
 *     a_i = sum_j s d            da_i/dr_i = sum_j (3 s / R^2) d d^T - s
 *
 * Targets are packed, eight across the lanes, with their own numbers beside them, so that none pulls
 * itself; sources are taken one by one in order: what a target gets does not depend on who else is
 * asked for, nor on the width of a vector. */

#include "kernels/kernels.h"
#include "kernels/simd.h"

typedef struct packed_sums {
    vec acc[3][VECS], tides[6][VECS];
} packed_sums;

/* Sources [first, last) on those targets whose number is below `below` and not the source's. */
MELT void pull_packed(const orr_p2p *g, const orr_packed *t, int tides, size_t block, size_t first,
                      size_t last, size_t below, packed_sums *sums)
{
    const vec eps2 = vec_set(g->eps2);
    for (size_t j = first; j < last; j++)
        for (size_t k = 0; k < VECS; k++) {
            const size_t i = block + k * VEC_DOUBLES;
            const vec_mask number = *(const vec_mask *)(t->number + i);
            const vec_mask feels = (number != (int64_t)j) & (number < (int64_t)below);
            vec dx = g->x[j] - vec_load(t->x + i);
            vec dy = g->y[j] - vec_load(t->y + i);
            vec dz = g->z[j] - vec_load(t->z + i);
            vec r2 = (dx * dx + dy * dy) + (dz * dz + eps2), inverse = 1.0 / r2;
            vec s = vec_keep(g->gm[j] * ((inverse * inverse) * vec_sqrt(r2)), feels);
            vec ax = s * dx, ay = s * dy, az = s * dz;
            sums->acc[0][k] += ax;
            sums->acc[1][k] += ay;
            sums->acc[2][k] += az;
            if (!tides)
                continue;
            vec three = vec_keep(3.0 * inverse, feels);
            vec tx = three * dx, ty = three * dy, tz = three * dz;
            sums->tides[0][k] += ax * tx - s;
            sums->tides[1][k] += ax * ty;
            sums->tides[2][k] += ax * tz;
            sums->tides[3][k] += ay * ty - s;
            sums->tides[4][k] += ay * tz;
            sums->tides[5][k] += az * tz - s;
        }
}

MELT void packed_block(const orr_p2p *g, const orr_packed *t, int tides, size_t block,
                       size_t active, size_t massive)
{
    packed_sums sums = {{{{0}}}, {{{0}}}};
    pull_packed(g, t, tides, block, 0, active, SIZE_MAX / 2, &sums);
    pull_packed(g, t, tides, block, active, massive, active, &sums);
    for (size_t k = 0; k < VECS; k++) {
        for (size_t c = 0; c < 3; c++)
            vec_store(t->acc[c] + block + k * VEC_DOUBLES, sums.acc[c][k]);
        for (size_t c = 0; c < 6 && tides; c++)
            vec_store(t->tides[c] + block + k * VEC_DOUBLES, sums.tides[c][k]);
    }
}

static void packed(const orr_p2p *g, const orr_packed *t, size_t block, size_t active,
                   size_t massive)
{
    if (t->tides[0])
        packed_block(g, t, 1, block, active, massive);
    else
        packed_block(g, t, 0, block, active, massive);
}
