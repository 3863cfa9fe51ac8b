/* primaries.c - see primaries.h. */
#include "primaries.h"

#include <math.h>

double primaries_distance(const orr_bodies *b, size_t i, size_t j)
{
    double r2 = 0;
    for (size_t c = 0; c < 3; c++) {
        double d = b->pos[i + c * b->stride] - b->pos[j + c * b->stride];
        r2 += d * d;
    }
    return sqrt(r2);
}

/* The heaviest bodies, in the order of their masses. */
static size_t heaviest(const orr_bodies *b, size_t most[PRIMARIES_MOST], double *total)
{
    size_t n = 0;
    *total = 0;
    for (size_t i = 0; i < b->n_active; i++) {
        *total += b->gm[i];
        if (!(b->gm[i] > 0) || (n == PRIMARIES_MOST && !(b->gm[i] > b->gm[most[n - 1]])))
            continue;
        size_t at = n < PRIMARIES_MOST ? n++ : n - 1;
        for (; at > 0 && b->gm[most[at - 1]] < b->gm[i]; at--)
            most[at] = most[at - 1];
        most[at] = i;
    }
    return n;
}

void primaries_find(const orr_bodies *b, size_t first, size_t last, size_t *around)
{
    size_t heavy[PRIMARIES_MOST];
    double hill[PRIMARIES_MOST], total;
    size_t n = heaviest(b, heavy, &total);
    for (size_t k = 0; k < n; k++) { /* of each about those that are heavier */
        size_t i = heavy[k];
        hill[k] = b->gm[i] > 0.5 * total ? INFINITY : 0;
        for (size_t j = 0; j < k; j++) {
            double r = primaries_distance(b, i, heavy[j]) * cbrt(b->gm[i] / (3 * b->gm[heavy[j]]));
            if (hill[k] == 0 || r < hill[k])
                hill[k] = r;
        }
    }
    if (n > 1 && hill[0] == 0) /* nobody dominates: as far as to the second */
        hill[0] = primaries_distance(b, heavy[0], heavy[1]) *
                  cbrt(b->gm[heavy[0]] / (3 * b->gm[heavy[1]]));
    for (size_t i = first; i < last && i < b->n; i++) {
        double least = INFINITY;
        size_t found = SIZE_MAX;
        for (size_t k = 0; k < n; k++) {
            if (heavy[k] == i || !(b->gm[heavy[k]] >= 3 * b->gm[i]))
                continue;
            if (hill[k] == INFINITY
                    ? found == SIZE_MAX
                    : hill[k] < least && primaries_distance(b, i, heavy[k]) < hill[k]) {
                found = heavy[k];
                least = hill[k];
            }
        }
        around[i - first] = found;
    }
}

bool primaries_orbit(const orr_bodies *b, size_t i, size_t j, orr_elements *el, orr_orbit *o)
{
    if (i >= b->n || j >= b->n || i == j)
        return false;
    orr_state relative;
    for (size_t c = 0; c < 3; c++) {
        relative.pos[c] = b->pos[i + c * b->stride] - b->pos[j + c * b->stride];
        relative.vel[c] = b->vel[i + c * b->stride] - b->vel[j + c * b->stride];
    }
    double mu = b->gm[i] + b->gm[j];
    if (!(mu > 0) || orr_elements_from_state(&relative, mu, el) != ORR_OK)
        return false;
    *o = orr_orbit_of(el, mu);
    return isfinite(el->q) && isfinite(el->e);
}
