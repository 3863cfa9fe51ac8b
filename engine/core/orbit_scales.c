/* orbit_scales.c - the shortest bound orbit, what is bound, and whether one body dominates. */
#include <orrery/orbit_scales.h>

#include <math.h>

#include <orrery/osculating.h>
#include <orrery/primaries.h>

/* Beyond so many bodies the first ones stand for all: with 64 primaries this takes 10 ms. */
enum { MOST_BODIES = 20000 };

/* Massive bodies from which on a system without a dominant one is a cluster: each moves in the
 * field of all, and the tightest pairs of the moment are no orbits that last. */
enum { FEWEST_OF_CLUSTER = 51 };

/* The tightest bound orbit of body i around a heavier one; false if there is none. */
static bool tightest(const orr_bodies *b, size_t i, const size_t *primaries, size_t n,
                     orr_orbit_scale *out)
{
    orr_body body = orr_bodies_get(b, i);
    bool found = false;
    for (size_t k = 0; k < n; k++) {
        size_t j = primaries[k];
        orr_body around = orr_bodies_get(b, j);
        if (j == i || around.gm < body.gm || (around.gm == body.gm && j > i))
            continue;
        orr_elements el;
        orr_orbit o;
        if (orr_osculating_pair(b, i, j, &el, &o) != ORR_OK || !(el.e < 1))
            continue;
        double mu = body.gm + around.gm;
        if (found && o.period >= out->period)
            continue;
        double circular = 2 * 3.14159265358979324 * sqrt(el.q * el.q * el.q / mu);
        *out = (orr_orbit_scale){.body = body.id,
                                 .around = around.id,
                                 .period = o.period,
                                 .peri_time = circular / sqrt(1 + el.e),
                                 .a = o.a,
                                 .e = el.e};
        found = true;
    }
    return found;
}

/* Is body i bound to all the others together? */
static bool is_bound(const orr_bodies *b, size_t i)
{
    const orr_body body = orr_bodies_get(b, i);
    double mass = 0, v[3] = {0}, potential = 0, kinetic = 0;
    for (size_t j = 0; j < b->n_active && j < ORR_MOST_PRIMARIES; j++) {
        if (j == i)
            continue;
        orr_body other = orr_bodies_get(b, j);
        double r2 = 0;
        for (int c = 0; c < 3; c++) {
            r2 += (other.pos[c] - body.pos[c]) * (other.pos[c] - body.pos[c]);
            v[c] += other.gm * other.vel[c];
        }
        mass += other.gm;
        potential -= other.gm / sqrt(r2);
    }
    for (int c = 0; c < 3 && mass > 0; c++)
        kinetic += 0.5 * (body.vel[c] - v[c] / mass) * (body.vel[c] - v[c] / mass);
    return kinetic * mass + (mass + body.gm) * potential < 0;
}

orr_orbit_scales orr_orbit_scales_of(const orr_bodies *b)
{
    orr_orbit_scales s = {.mass_ratio = 0};
    size_t primaries[ORR_MOST_PRIMARIES];
    double total;
    size_t n = orr_heaviest(b, primaries, &total);
    if (n > 0) {
        double largest = b->gm[primaries[0]];
        s.mass_ratio = total > largest ? largest / (total - largest) : INFINITY;
        s.dominated = largest > ORR_PART_KEPLERIAN * total;
    }
    s.cluster = b->n_active >= FEWEST_OF_CLUSTER && !s.dominated;
    for (size_t i = 0; i < b->n && i < MOST_BODIES && !s.cluster; i++) {
        orr_orbit_scale o = {.body = 0};
        if (n > 0 && i == primaries[0])
            continue;
        if (!is_bound(b, i) && s.n_unbound++ == 0)
            s.first_unbound = b->id[i];
        if (!tightest(b, i, primaries, n, &o))
            continue;
        s.n_bound++;
        if (n > 0 && o.around != b->id[primaries[0]] && s.n_satellites++ == 0)
            s.first_satellite = o;
        if (!s.has_orbit || o.peri_time < s.shortest.peri_time)
            s.shortest = o;
        s.has_orbit = true;
    }
    return s;
}

/* Two digits, rounded down: enough for advice. */
static double two_digits(double x)
{
    double scale = pow(10, floor(log10(x)) - 1);
    return floor(x / scale) * scale;
}

double orr_orbit_step(const orr_orbit_scales *s, double steps)
{
    return s->has_orbit ? two_digits(s->shortest.peri_time / steps) : 0;
}

double orr_leapfrog_step(const orr_orbit_scales *s)
{
    const double steps = 250; /* Kepler problem, e = 0.5 and 0.9: errors of 1e-4 and 1e-3 */
    return orr_orbit_step(s, steps);
}
