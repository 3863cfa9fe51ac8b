/* A star and its planets: which is which, in which order, and the constants of the splitting.
 *
 * With eta_k the GM of the star and the k innermost planets, the Kepler orbits have the strengths
 *
 *     Jacobi m0 eta_k/eta_(k-1)   democratic m0   WHDS m0 + m   barycentric m0^2/(m0 + m)
 *
 * so that what is left for the kicks vanishes for a single planet, but in democratic coordinates.
 * Wisdom & Holman 1991, doi 10.1086/115978; Duncan, Levison & Lee 1998, doi 10.1086/300541;
 * Hernandez & Dehnen 2017, doi 10.1093/mnras/stx547; Rein, Tamayo & Brown 2019,
 * doi 10.1093/mnras/stz2503. */
#include "wh_parts.h"

#include <math.h>

#include <orrery/primaries.h>

/* Semi-major axis about the star, to sort by; unbound orbits come last. */
double orr_size_of_orbit(const orr_bodies *b, size_t star, size_t i)
{
    double r2 = 0, v2 = 0;
    for (size_t c = 0; c < 3; c++) {
        double x = orr_component(b->pos, b, i, c) - orr_component(b->pos, b, star, c);
        double v = orr_component(b->vel, b, i, c) - orr_component(b->vel, b, star, c);
        r2 += x * x;
        v2 += v * v;
    }
    double inverse = 2 / sqrt(r2) - v2 / (b->gm[star] + b->gm[i]);
    return inverse > 0 ? 1 / inverse : INFINITY;
}

static orr_status refuse(orr_problem *p, const char *why)
{
    p->reason = why;
    return ORR_E_INCOMPATIBLE;
}

static bool share_a_place(const orr_bodies *b)
{
    const double *x = b->pos, *y = x + b->stride, *z = y + b->stride;
    for (size_t i = 0; i < b->n; i++)
        for (size_t j = 0; j < i && j < b->n_active; j++)
            if (x[i] == x[j] && y[i] == y[j] && z[i] == z[j])
                return true;
    return false;
}

/* Jacobi coordinates start from the heavier body of the innermost pair: the star of a planetary
 * system, also where a companion star is far away, and of a close binary.  Moons, or planets of
 * more than one star, make a tree that is no chain.  *found: there is a hierarchy. */
static orr_status climb(orr_wh_system *s, orr_problem *p, bool *found)
{
    s->star = orr_heaviest_body(p->bodies);
    *found = false;
    if (s->lanes.coordinates != ORR_JACOBI || p->bodies->n_active > ORR_MOST_IN_TREE)
        return ORR_OK;
    orr_wh_hierarchy tree = {0};
    *found = orr_wh_hierarchy_make(&tree, p->bodies);
    if (*found && orr_wh_hierarchy_is_chain(&tree)) {
        s->star = tree.body[0];
    } else if (*found) {
        orr_keep(p->memory, &s->tree, 1);
        ORR_TRY(orr_kept(p->memory));
        *s->tree = tree;
    }
    return ORR_OK;
}

static orr_status choose(orr_wh_system *s, orr_problem *p, bool is_hybrid)
{
    const orr_bodies *b = p->bodies;
    const size_t massive = b->n_active + b->n_passive;
    double next = 0;
    if (b->n_passive > 0 && !is_hybrid)
        return refuse(p, "takes planets and test bodies, no passive ones; take 'trace', or make "
                         "them 'active' or 'test'");
    if (b->n_active == 0 || massive - 1 > ORR_MOST_PLANETS)
        return refuse(p, "needs a star, and takes up to 512 planets; make small ones 'test'");
    bool found;
    ORR_TRY(climb(s, p, &found));
    double star = b->gm[s->star];
    for (size_t i = 0; i < massive; i++)
        if (i != s->star)
            next = fmax(next, b->gm[i]);
    if (!(star > 0) ||
        (!(next <= ORR_MOST_PLANET * star) && s->lanes.coordinates != ORR_JACOBI && !is_hybrid))
        return refuse(p,
                      "no body dominates: the second greatest mass is more than a tenth of the "
                      "greatest; for binary stars take 'coordinates: jacobi', for others ias15 or "
                      "taylor");
    if (!(next <= ORR_MOST_PLANET * star) && !found && !is_hybrid)
        return refuse(p, "no body dominates, and the orbits do not lie one outside the other, with "
                         "room between them: there is no hierarchy; take ias15 or taylor");
    if (s->tree && b->n > b->n_active)
        return refuse(p, "moons of planets, or planets of both stars, go without test bodies; put "
                         "planet and moons at their barycentre, or take trace or taylor");
    if (share_a_place(b))
        return refuse(p, "two bodies are in the same place");
    s->n = massive - 1;
    s->n_test = b->n - massive;
    return ORR_OK;
}

/* planet[]: the planets from the inside out (insertion sort: stable, few, almost sorted). */
static void sort(orr_wh_system *s, const orr_bodies *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n_active + b->n_passive; i++) {
        if (i == s->star)
            continue;
        double a = orr_size_of_orbit(b, s->star, i);
        size_t k = n++;
        for (; k > 0 && orr_size_of_orbit(b, s->star, s->planet[k - 1]) > a; k--)
            s->planet[k] = s->planet[k - 1];
        s->planet[k] = i;
    }
    for (size_t k = 0; k < n; k++)
        s->mass[k] = b->gm[s->planet[k]];
}

void orr_keep_arrays(orr_arena *memory, double **const arrays[], size_t count, size_t length)
{
    for (size_t k = 0; k < count; k++)
        orr_keep(memory, arrays[k], length);
}

/* Constants of the lanes. */
static orr_status constants(orr_wh_system *s, orr_problem *p)
{
    orr_planets *l = &s->lanes;
    size_t n = s->n;
    l->span = n <= 2 ? 2 : n <= 4 ? 4 : (n + 7) / 8 * 8;
    l->blocks = (l->span + 7) / 8;
    size_t lanes = 8 * l->blocks, width = l->span < 8 ? l->span : 8;
    double *mu, *gm, *star, *live, *weight, *weight0, *factor, *inverse, *gr;
    double **const arrays[] = {&mu, &star, &live, &weight, &weight0, &factor, &inverse, &gr};
    orr_keep_arrays(p->memory, arrays, 8, lanes);
    orr_keep(p->memory, &gm, 8 * lanes);
    for (int c = 0; c < 3; c++)
        orr_keep_arrays(p->memory,
                        (double **const[]){&l->q[c], &l->w[c], &l->q_low[c], &l->w_low[c]}, 4,
                        lanes);
    ORR_TRY(orr_kept(p->memory));
    double m0 = s->gm0, eta = m0;
    for (size_t k = 0; k < lanes; k++) {
        double m = k < n ? s->mass[k] : 0;
        star[k] = m0;
        live[k] = k < n;
        gr[k] = s->gr;
        weight0[k] = m / m0;
        factor[k] = 1;
        mu[k] = m0;
        switch (l->coordinates) {
        case ORR_JACOBI:
            weight[k] = m / (eta + m);
            factor[k] = (eta + m) / eta;
            inverse[k] = 1 / eta;
            mu[k] = m0 * factor[k];
            break;
        case ORR_DEMOCRATIC:
            weight[k] = m / m0;
            break;
        case ORR_WHDS:
            weight[k] = m / (m0 + m);
            factor[k] = 1 + m / m0;
            mu[k] = m0 + m;
            break;
        case ORR_BARYCENTRIC:
            weight[k] = m / s->total;
            mu[k] = m0 * (m0 / (m0 + m));
            break;
        }
        if (s->tree && k < n)
            mu[k] = orr_wh_hierarchy_strength(s->tree, k);
        if (k >= n)
            mu[k] = 0;
        eta += m;
    }
    for (size_t k = 0; k < lanes; k++)
        for (size_t turn = 0; turn < 8; turn++) {
            size_t at = k / width * width + (k + turn) % width;
            gm[64 * (k / 8) + 8 * turn + k % 8] = at < n ? s->mass[at] : 0;
        }
    l->mu = mu, l->gm = gm, l->star = star, l->live = live, l->weight = weight;
    l->weight0 = weight0, l->factor = factor, l->inverse = inverse, l->gr = gr;
    l->relativity = s->gr > 0;
    return ORR_OK;
}

/* Which is which, and the constants; coordinates and test particles are still to come. */
static orr_status begin(orr_wh_system *s, orr_problem *p, orr_coordinates coordinates,
                        double speed_of_light, bool is_hybrid)
{
    const orr_bodies *b = p->bodies;
    *s = (orr_wh_system){.lanes.coordinates = coordinates};
    ORR_TRY(choose(s, p, is_hybrid));
    orr_keep(p->memory, &s->planet, s->n + 1);
    orr_keep(p->memory, &s->mass, s->n + 1);
    ORR_TRY(orr_kept(p->memory));
    s->gm0 = s->total = b->gm[s->star];
    sort(s, b);
    for (size_t k = 0; k < s->n; k++)
        s->total += s->mass[k];
    if (speed_of_light > 0)
        s->gr = 6 * (s->gm0 / speed_of_light) * (s->gm0 / speed_of_light);
    if (s->tree)
        s->tree->gr = s->gr;
    return constants(s, p);
}

orr_status orr_wh_prepare(orr_wh_system *s, orr_problem *p, orr_coordinates coordinates,
                          double speed_of_light)
{
    ORR_TRY(begin(s, p, coordinates, speed_of_light, false));
    ORR_TRY(orr_particles_prepare(s, p));
    orr_wh_take(s, p);
    return ORR_OK;
}

orr_status orr_wh_prepare_massive(orr_wh_system *s, orr_problem *p)
{
    ORR_TRY(begin(s, p, ORR_DEMOCRATIC, 0, true));
    s->n_test = 0;
    orr_wh_take(s, p);
    return ORR_OK;
}

double orr_wh_relativity(const orr_wh_system *s, const orr_problem *p)
{
    const orr_bodies *b = p->bodies;
    double sum = 0;
    for (size_t k = 0; k < s->n; k++) {
        double r2 = 0;
        for (size_t c = 0; c < 3; c++) {
            double x =
                orr_component(b->pos, b, s->planet[k], c) - orr_component(b->pos, b, s->star, c);
            r2 += x * x;
        }
        sum -= s->mass[k] * s->gr / 2 / r2;
    }
    return sum;
}
