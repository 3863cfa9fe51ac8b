/* Coordinates of Kepler splittings.  With star-centred positions h and velocities u, and C_k the
 * centre of mass, seen from the star, of the star and the k innermost planets:
 *
 *     Jacobi        q_k = h_k - C_(k-1)   w_k = u_k - C'_(k-1)
 *     democratic    q = h                 w = barycentric
 *     WHDS          q = h                 w = barycentric (1 + m/m0)
 *     barycentric   q = barycentric       w = u
 *
 * References: planets.c.  A particle without mass takes the same coordinates, with as many planets
 * inside (Jacobi) as have a smaller semi-major axis than its own at the start. */
#include <math.h>
#include <string.h>

#include "shared/motion.h"
#include "wh_planets.h"

/* Position or velocity of the centre of mass. */
static double center_of(const orr_wh_system *s, const orr_bodies *b, const double *v, size_t c)
{
    double x0 = orr_component(v, b, s->star, c), sum = 0;
    for (size_t k = 0; k < s->n; k++)
        sum += s->mass[k] * (orr_component(v, b, s->planet[k], c) - x0);
    return x0 + sum / s->total;
}

/* From the star, from the centre of mass, or from that of all inside. */
enum { STAR, CENTER, INSIDE };

static int origin_of(orr_coordinates kind, bool velocity)
{
    switch (kind) {
    case ORR_JACOBI:
        return INSIDE;
    case ORR_BARYCENTRIC:
        return velocity ? STAR : CENTER;
    default:
        return velocity ? CENTER : STAR;
    }
}

static double scale_of(const orr_wh_system *s, size_t k, bool velocity)
{
    return velocity && s->lanes.coordinates == ORR_WHDS ? s->lanes.factor[k] : 1;
}

static void take(orr_wh_system *s, const orr_bodies *b, size_t c, bool velocity)
{
    const double *v = velocity ? b->vel : b->pos;
    double *out = velocity ? s->lanes.w[c] : s->lanes.q[c];
    double *low = velocity ? s->lanes.w_low[c] : s->lanes.q_low[c];
    orr_particles *t = &s->particles;
    double x0 = orr_component(v, b, s->star, c), center = center_of(s, b, v, c);
    int origin = origin_of(s->lanes.coordinates, velocity);
    double from = origin == CENTER ? center : x0, inside = 0;
    double far = 0;
    for (size_t k = 0; k < s->n; k++)
        far = fmax(far, fabs(orr_component(v, b, s->planet[k], c) - from));
    far = far > 0 ? far : 1;
    memset(low, 0, 8 * s->lanes.blocks * sizeof *low);
    for (size_t k = 0; k < 8 * s->lanes.blocks; k++) {
        if (k >= s->n) { /* an empty lane: at rest, far away, all in different places */
            out[k] = velocity ? 0 : far * (1000 + (double)k);
            continue;
        }
        double x = orr_component(v, b, s->planet[k], c) - from;
        if (origin == INSIDE) {
            x -= inside;
            inside += s->lanes.weight[k] * x;
        }
        out[k] = x * scale_of(s, k, velocity);
    }
    if (s->tree)
        orr_wh_hierarchy_take(s->tree, b, c, velocity, out);
    if (s->n_test == 0)
        return;
    double *particle = velocity ? t->w[c] : t->q[c];
    memset(velocity ? t->w_low[c] : t->q_low[c], 0, 8 * t->blocks * sizeof(double));
    for (size_t k = 0; k < s->n_test; k++) {
        size_t lane = s->lane_of[k];
        double x = orr_component(v, b, b->n_active + k, c) - from;
        if (isnan(x)) { /* removed before */
            t->gone[lane] = -1;
            x = 1;
        }
        if (origin == INSIDE)
            for (size_t j = 0; j < t->inside[lane / 8]; j++)
                x -= s->lanes.weight[j] * out[j];
        particle[lane] = x;
    }
}

void orr_wh_take(orr_wh_system *s, const orr_problem *p)
{
    for (size_t c = 0; c < 3; c++) {
        s->center[c] = center_of(s, p->bodies, p->bodies->pos, c);
        s->velocity[c] = center_of(s, p->bodies, p->bodies->vel, c);
        take(s, p->bodies, c, false);
        take(s, p->bodies, c, true);
    }
    s->elapsed = s->elapsed_low = s->h = 0;
    s->steps = 0;
}

/* t + n h, as a sum of two. */
static void after(double *t, double *low, double h, uint64_t n)
{
    double sum = (double)n * h;
    orr_add_compensated(t, low, sum);
    orr_add_compensated(t, low, fma((double)n, h, -sum));
}

void orr_wh_center(const orr_wh_system *s, double center[3], double velocity[3])
{
    double time = s->elapsed, low = s->elapsed_low;
    after(&time, &low, s->h, s->steps);
    for (int c = 0; c < 3; c++) {
        velocity[c] = s->velocity[c];
        center[c] = s->center[c] + s->velocity[c] * time + s->velocity[c] * low;
    }
}

static void give(const orr_wh_system *s, const orr_bodies *b, size_t c, bool velocity)
{
    double *v = (velocity ? b->vel : b->pos) + c * b->stride;
    const double *in = velocity ? s->lanes.w[c] : s->lanes.q[c];
    const orr_particles *t = &s->particles;
    int origin = origin_of(s->lanes.coordinates, velocity);
    double place[3], motion[3], sum = 0, inside = 0;
    orr_wh_center(s, place, motion);
    double center = velocity ? motion[c] : place[c];
    if (s->tree) {
        orr_wh_hierarchy_give(s->tree, b, c, velocity, in, center);
        return;
    }
    for (size_t k = 0; k < s->n; k++) /* the star, from the centre of mass */
        sum += origin == INSIDE ? s->lanes.weight[k] * in[k]
                                : s->mass[k] * (in[k] / scale_of(s, k, velocity));
    double x0 = center - (origin == INSIDE ? sum : sum / (origin == CENTER ? s->gm0 : s->total));
    double from = origin == CENTER ? center : x0;
    v[s->star] = x0;
    for (size_t k = 0; k < s->n; k++) {
        v[s->planet[k]] = from + (in[k] / scale_of(s, k, velocity) + inside);
        if (origin == INSIDE)
            inside += s->lanes.weight[k] * in[k];
    }
    const double *particle = velocity ? t->w[c] : t->q[c];
    for (size_t k = 0; k < s->n_test; k++) {
        size_t lane = s->lane_of[k];
        double off = 0;
        if (origin == INSIDE)
            for (size_t j = 0; j < t->inside[lane / 8]; j++)
                off += s->lanes.weight[j] * in[j];
        v[b->n_active + k] = t->gone[lane] != 0 ? NAN : from + (particle[lane] + off);
    }
}

void orr_wh_give(const orr_wh_system *s, const orr_problem *p)
{
    for (size_t c = 0; c < 3; c++) {
        give(s, p->bodies, c, false);
        give(s, p->bodies, c, true);
    }
}

bool orr_wh_is_finite(const orr_wh_system *s)
{
    double sum = 0;
    for (int c = 0; c < 3; c++) {
        for (size_t k = 0; k < 8 * s->lanes.blocks; k++)
            sum += 0 * (s->lanes.q[c][k] + s->lanes.w[c][k]);
        for (size_t k = 0; k < 8 * s->particles.blocks; k++)
            sum += 0 * (s->particles.q[c][k] + s->particles.w[c][k]);
    }
    return sum == 0;
}

void orr_wh_pass(orr_wh_system *s, double h, uint64_t n)
{
    if (h != s->h) {
        after(&s->elapsed, &s->elapsed_low, s->h, s->steps);
        s->h = h;
        s->steps = 0;
    }
    s->steps += n;
}
