#include <orrery/primaries.h>

#include <math.h>

double orr_barycentre(const orr_bodies *b, orr_state *out)
{
    double gm = 0;
    *out = (orr_state){{0}, {0}};
    for (size_t i = 0; i < b->n_active + b->n_passive; i++) {
        if (!isfinite(b->pos[i]))
            continue;
        for (size_t c = 0; c < 3; c++) {
            out->pos[c] += b->gm[i] * b->pos[i + c * b->stride];
            out->vel[c] += b->gm[i] * b->vel[i + c * b->stride];
        }
        gm += b->gm[i];
    }
    for (int c = 0; c < 3; c++) {
        out->pos[c] = gm > 0 ? out->pos[c] / gm : 0;
        out->vel[c] = gm > 0 ? out->vel[c] / gm : 0;
    }
    return gm;
}

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

size_t orr_heaviest_body(const orr_bodies *b)
{
    size_t most = 0;
    for (size_t i = 1; i < b->n_active; i++)
        most = b->gm[i] > b->gm[most] ? i : most;
    return most;
}

size_t orr_dominant_body(const orr_bodies *b, double part)
{
    enum { LANES = 4 }; /* that do not wait for each other: there may be a million bodies */
    double sum[LANES] = {0}, most[LANES] = {0}, total = 0, largest = 0;
    const size_t massive = b->n_active + b->n_passive, whole = massive / LANES * LANES;
    for (size_t i = 0; i < whole; i += LANES)
        for (size_t k = 0; k < LANES; k++) {
            double gm = b->gm[i + k];
            sum[k] += gm;
            most[k] = gm > most[k] ? gm : most[k];
        }
    for (size_t i = whole; i < massive; i++) {
        sum[0] += b->gm[i];
        most[0] = b->gm[i] > most[0] ? b->gm[i] : most[0];
    }
    for (size_t k = 0; k < LANES; k++) {
        total += sum[k];
        largest = most[k] > largest ? most[k] : largest;
    }
    if (b->n < 2 || !(largest > part * total))
        return SIZE_MAX;
    size_t found = 0;
    while (b->gm[found] != largest)
        found++;
    return found;
}

void orr_primaries_find(const orr_bodies *b, size_t first, size_t last, size_t *around)
{
    size_t heavy[ORR_MOST_PRIMARIES];
    double hill[ORR_MOST_PRIMARIES], total;
    size_t n = orr_heaviest(b, heavy, &total);
    for (size_t k = 0; k < n; k++) { /* of each about those that are heavier */
        size_t i = heavy[k];
        hill[k] = b->gm[i] > ORR_PART_OUTWEIGHS * total ? INFINITY : 0;
        for (size_t j = 0; j < k; j++) {
            double r = hill_radius(b, i, heavy[j]);
            if (hill[k] == 0 || r < hill[k])
                hill[k] = r;
        }
    }
    if (n > 1 && hill[0] == 0) /* none dominates: as far as to the second */
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
