#include <orrery/primaries.h>

#include <math.h>

double orr_separation(const orr_bodies *b, size_t i, size_t j)
{
    double r2 = 0;
    for (size_t c = 0; c < 3; c++) {
        double d = b->pos[i + c * b->stride] - b->pos[j + c * b->stride];
        r2 += d * d;
    }
    return sqrt(r2);
}

/* Radius of the Hill sphere of body i beside a heavier body j. */
static double hill_radius(const orr_bodies *b, size_t i, size_t j)
{
    return orr_separation(b, i, j) * cbrt(b->gm[i] / (3 * b->gm[j]));
}

size_t orr_heaviest(const orr_bodies *b, size_t out[ORR_MOST_PRIMARIES], double *total)
{
    size_t n = 0;
    double sum = 0;
    for (size_t i = 0; i < b->n_active; i++) {
        sum += b->gm[i];
        if (!(b->gm[i] > 0) || (n == ORR_MOST_PRIMARIES && !(b->gm[i] > b->gm[out[n - 1]])))
            continue;
        size_t at = n < ORR_MOST_PRIMARIES ? n++ : n - 1;
        for (; at > 0 && b->gm[out[at - 1]] < b->gm[i]; at--)
            out[at] = out[at - 1];
        out[at] = i;
    }
    if (total)
        *total = sum;
    return n;
}

size_t orr_dominant_body(const orr_bodies *b)
{
    double total = 0;
    size_t most = 0;
    for (size_t i = 0; i < b->n; i++) {
        total += b->gm[i];
        most = b->gm[i] > b->gm[most] ? i : most;
    }
    return b->n > 1 && b->gm[most] > 0.6 * total ? most : SIZE_MAX;
}

void orr_primaries_find(const orr_bodies *b, size_t first, size_t last, size_t *around)
{
    size_t heavy[ORR_MOST_PRIMARIES];
    double hill[ORR_MOST_PRIMARIES], total;
    size_t n = orr_heaviest(b, heavy, &total);
    for (size_t k = 0; k < n; k++) { /* of each about those that are heavier */
        size_t i = heavy[k];
        hill[k] = b->gm[i] > 0.5 * total ? INFINITY : 0;
        for (size_t j = 0; j < k; j++) {
            double r = hill_radius(b, i, heavy[j]);
            if (hill[k] == 0 || r < hill[k])
                hill[k] = r;
        }
    }
    if (n > 1 && hill[0] == 0) /* nobody dominates: as far as to the second */
        hill[0] = hill_radius(b, heavy[0], heavy[1]);
    for (size_t i = first; i < last && i < b->n; i++) {
        double least = INFINITY;
        size_t found = SIZE_MAX;
        for (size_t k = 0; k < n; k++) {
            if (heavy[k] == i || !(b->gm[heavy[k]] >= 3 * b->gm[i]))
                continue;
            if (hill[k] == INFINITY ? found == SIZE_MAX
                                    : hill[k] < least && orr_separation(b, i, heavy[k]) < hill[k]) {
                found = heavy[k];
                least = hill[k];
            }
        }
        around[i - first] = found;
    }
}
