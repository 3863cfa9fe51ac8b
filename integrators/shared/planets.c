/* Coordinates of Kepler splittings.  With star-centred positions h and velocities u, C_k the centre
 * of mass, seen from the star, of the star and the k innermost planets, eta_k their GM:
 *
 *   Jacobi        q_k = h_k - C_(k-1)           w_k = u_k - C'_(k-1)       mu_k = m0
 * eta_k/eta_(k-1) democratic    q = h                         w = barycentric            mu = m0
 *   WHDS          q = h                         w = barycentric (1 + m/m0) mu = m0 + m
 *   barycentric   q = barycentric               w = u                      mu = m0^2/(m0 + m)
 *
 * Wisdom & Holman 1991, doi 10.1086/115978; Duncan, Levison & Lee 1998, doi 10.1086/300541;
 * Hernandez & Dehnen 2017, doi 10.1093/mnras/stx547; Rein, Tamayo & Brown 2019,
 * doi 10.1093/mnras/stz2503.
 *
 * A particle without mass takes the same coordinates, with as many planets inside (Jacobi) as have
 * a smaller semi-major axis than its own at the start. */
#include "planets.h"

#include <math.h>
#include <string.h>

#include "core/repmath.h"
#include "motion.h"

static double component(const double *v, const orr_bodies *b, size_t i, size_t c)
{
    return v[i + c * b->stride];
}

/* Of body i about body j: semi-major axis (infinite if unbound) and eccentricity. */
typedef struct ellipse {
    double a, e;
} ellipse;

static ellipse orbit_about(const orr_bodies *b, size_t j, size_t i, double gm)
{
    double r2 = 0, v2 = 0, rv = 0;
    for (size_t c = 0; c < 3; c++) {
        double x = component(b->pos, b, i, c) - component(b->pos, b, j, c);
        double v = component(b->vel, b, i, c) - component(b->vel, b, j, c);
        r2 += x * x;
        v2 += v * v;
        rv += x * v;
    }
    double inverse = 2 / sqrt(r2) - v2 / gm;
    if (!(inverse > 0))
        return (ellipse){INFINITY, 1};
    double e2 = 1 - (r2 * v2 - rv * rv) * inverse / gm;
    return (ellipse){1 / inverse, sqrt(fmax(0, e2))};
}

/* Semi-major axis about the star, to sort by; unbound orbits come last. */
static double size_of_orbit(const orr_bodies *b, size_t star, size_t i)
{
    return orbit_about(b, star, i, b->gm[star] + b->gm[i]).a;
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

static size_t heaviest(const orr_bodies *b)
{
    size_t star = 0;
    for (size_t i = 1; i < b->n_active; i++)
        if (b->gm[i] > b->gm[star])
            star = i;
    return star;
}

/* Jacobi coordinates start from the heavier body of the closest pair: the star of a planetary
 * system, also where a companion star is far away, and of a close binary. */
static size_t heart(const orr_bodies *b)
{
    size_t star = heaviest(b);
    double least = INFINITY;
    if (b->n_active > ORR_MOST_PLANETS)
        return star;
    for (size_t i = 0; i < b->n_active; i++)
        for (size_t j = 0; j < i; j++) {
            size_t heavy = b->gm[i] > b->gm[j] ? i : j;
            double a = orbit_about(b, i, j, b->gm[i] + b->gm[j]).a;
            if (!(b->gm[heavy] > 0.1 * b->gm[star]) || a >= least)
                continue;
            least = a;
            star = heavy;
        }
    return star;
}

/* Round masses that are no planets, orbits must lie well outside the ones before: the pericentre of
 * each beyond the apocentre of the next inner one, by a factor. */
static bool is_chain(const orr_bodies *b, size_t star)
{
    const double room = 1.8;
    for (size_t i = 0; i < b->n_active; i++)
        for (size_t j = 0; j < b->n_active; j++) {
            if (i == star || j == star || i == j)
                continue;
            ellipse inner = orbit_about(b, star, i, b->gm[star] + b->gm[i]);
            ellipse outer = orbit_about(b, star, j, b->gm[star] + b->gm[i] + b->gm[j]);
            if (outer.a < inner.a || fmax(b->gm[i], b->gm[j]) <= 0.1 * b->gm[star])
                continue;
            if (!(outer.a * (1 - outer.e) > room * inner.a * (1 + inner.e)))
                return false;
        }
    return true;
}

static orr_status choose(orr_planetary *s, orr_problem *p)
{
    const orr_bodies *b = p->bodies;
    double next = 0;
    if (b->n_passive > 0)
        return refuse(p, "takes planets and test bodies, no passive ones; make them 'active' or "
                         "'test'");
    if (b->n_active == 0 || b->n_active - 1 > ORR_MOST_PLANETS)
        return refuse(p, "needs a star, and takes up to 512 planets; make small ones 'test'");
    s->star = s->lanes.coordinates == ORR_JACOBI ? heart(b) : heaviest(b);
    double star = b->gm[s->star];
    for (size_t i = 0; i < b->n_active; i++)
        if (i != s->star)
            next = fmax(next, b->gm[i]);
    if (!(star > 0) || (!(next <= 0.1 * star) && s->lanes.coordinates != ORR_JACOBI))
        return refuse(p,
                      "no body dominates: the second greatest mass is more than a tenth of the "
                      "greatest; for binary stars take 'coordinates: jacobi', for others ias15 or "
                      "taylor");
    if (!(next <= 0.1 * star) && !is_chain(b, s->star))
        return refuse(p, "no body dominates, and the orbits do not lie one outside the other, with "
                         "room between them: there is no hierarchy; take ias15 or taylor");
    if (share_a_place(b))
        return refuse(p, "two bodies are in the same place");
    s->n = b->n_active - 1;
    s->n_test = b->n - b->n_active;
    return ORR_OK;
}

/* planet[]: the planets from the inside out (insertion sort: stable, few, almost sorted). */
static void sort(orr_planetary *s, const orr_bodies *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n_active; i++) {
        if (i == s->star)
            continue;
        double a = size_of_orbit(b, s->star, i);
        size_t k = n++;
        for (; k > 0 && size_of_orbit(b, s->star, s->planet[k - 1]) > a; k--)
            s->planet[k] = s->planet[k - 1];
        s->planet[k] = i;
    }
    for (size_t k = 0; k < n; k++)
        s->mass[k] = b->gm[s->planet[k]];
}

static bool allocate_arrays(orr_arena *memory, double **const arrays[], size_t count, size_t length)
{
    for (size_t k = 0; k < count; k++)
        if (!(*arrays[k] = orr_arena_alloc(memory, length * sizeof(double))))
            return false;
    return true;
}

/* Constants of the lanes. */
static bool constants(orr_planetary *s, orr_problem *p)
{
    orr_planets *l = &s->lanes;
    size_t n = s->n;
    l->span = n <= 2 ? 2 : n <= 4 ? 4 : (n + 7) / 8 * 8;
    l->blocks = (l->span + 7) / 8;
    size_t lanes = 8 * l->blocks, width = l->span < 8 ? l->span : 8;
    double *mu, *gm, *star, *live, *weight, *weight0, *factor, *inverse, *gr;
    double **const arrays[] = {&mu, &star, &live, &weight, &weight0, &factor, &inverse, &gr};
    if (!allocate_arrays(p->memory, arrays, 8, lanes) ||
        !allocate_arrays(p->memory, (double **const[]){&gm}, 1, 8 * lanes))
        return false;
    for (int c = 0; c < 3; c++)
        if (!allocate_arrays(p->memory,
                             (double **const[]){&l->q[c], &l->w[c], &l->q_low[c], &l->w_low[c]}, 4,
                             lanes))
            return false;
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
    return true;
}

/* Operations that particles go through while they stay in the cache. */
enum { RECORDS = 128 };

/* A planet's sphere of influence at its present distance. */
static double hill_radius(const orr_planetary *s, const orr_bodies *b, size_t k)
{
    double r2 = 0;
    for (size_t c = 0; c < 3; c++) {
        double x = component(b->pos, b, s->planet[k], c) - component(b->pos, b, s->star, c);
        r2 += x * x;
    }
    return sqrt(r2) * orr_cbrt(s->mass[k] / (3 * s->gm0));
}

static bool prepare_particles(orr_planetary *s, orr_problem *p, const orr_removal *removal)
{
    orr_particles *t = &s->particles;
    const orr_bodies *b = p->bodies;
    size_t n = s->n, kinds = s->lanes.coordinates == ORR_JACOBI ? n + 1 : 1;
    *t = (orr_particles){.planets = n, .gm = s->mass, .star = s->gm0, .mu = s->gm0, .gr = s->gr};
    t->central = s->lanes.coordinates == ORR_JACOBI || s->lanes.coordinates == ORR_BARYCENTRIC;
    if (s->n_test == 0)
        return true;
    t->blocks = (s->n_test + 8 * kinds + 7) / 8; /* each kind fills whole blocks */
    size_t lanes = 8 * t->blocks;
    uint32_t *inside = orr_arena_alloc(p->memory, t->blocks * sizeof *inside);
    double *near2 = orr_arena_alloc(p->memory, (n + 1) * sizeof *near2);
    s->lane_of = orr_arena_alloc(p->memory, s->n_test * sizeof *s->lane_of);
    s->fields = orr_arena_alloc(p->memory, RECORDS * sizeof *s->fields);
    s->when = orr_arena_alloc(p->memory, RECORDS * sizeof *s->when);
    if (!inside || !near2 || !s->lane_of || !s->fields || !s->when ||
        !allocate_arrays(p->memory, (double **const[]){&t->gone, &t->why}, 2, lanes) ||
        !allocate_arrays(p->memory, (double **const[]){&s->x, &s->offset, &s->common}, 3,
                         RECORDS * 3 * (n + 1)))
        return false;
    for (int c = 0; c < 3; c++)
        if (!allocate_arrays(p->memory,
                             (double **const[]){&t->q[c], &t->w[c], &t->q_low[c], &t->w_low[c]}, 4,
                             lanes))
            return false;
    for (size_t k = 0; k < lanes; k++) /* empty until somebody comes */
        t->gone[k] = t->q[0][k] = 1;
    uint32_t *planets_inside = orr_arena_alloc(p->scratch, s->n_test * sizeof *planets_inside);
    if (!planets_inside)
        return false;
    for (size_t k = 0; k < s->n_test && kinds > 1; k++) {
        double a = size_of_orbit(b, s->star, b->n_active + k);
        uint32_t in = 0;
        while (in < n && size_of_orbit(b, s->star, s->planet[in]) < a)
            in++;
        planets_inside[k] = in;
    }
    size_t lane = 0;
    for (size_t kind = 0; kind < kinds; kind++) {
        size_t first = lane;
        for (size_t k = 0; k < s->n_test; k++) {
            if (planets_inside[k] == kind) {
                s->lane_of[k] = lane;
                t->gone[lane++] = 0;
            }
        }
        lane = (lane + 7) / 8 * 8;
        for (size_t block = first / 8; block < lane / 8; block++)
            inside[block] = (uint32_t)kind;
    }
    for (size_t k = 0; k < n; k++) {
        double near = removal->within_hill * hill_radius(s, b, k);
        if (removal->hits)
            near = fmax(near, b->radius[s->planet[k]]);
        near2[k] = near * near;
    }
    t->far2 = removal->beyond * removal->beyond;
    t->near_star2 = removal->hits ? b->radius[s->star] * b->radius[s->star] : 0;
    t->blocks = lane / 8;
    t->inside = inside;
    t->near2 = near2;
    return true;
}

orr_status orr_planetary_prepare(orr_planetary *s, orr_problem *p, orr_coordinates coordinates,
                                 double speed_of_light, const orr_removal *removal)
{
    const orr_bodies *b = p->bodies;
    *s = (orr_planetary){.lanes.coordinates = coordinates};
    ORR_TRY(choose(s, p));
    s->planet = orr_arena_alloc(p->memory, (s->n + 1) * sizeof *s->planet);
    s->mass = orr_arena_alloc(p->memory, (s->n + 1) * sizeof *s->mass);
    if (!s->planet || !s->mass)
        return ORR_E_NO_MEMORY;
    s->gm0 = s->total = b->gm[s->star];
    sort(s, b);
    for (size_t k = 0; k < s->n; k++)
        s->total += s->mass[k];
    if (speed_of_light > 0)
        s->gr = 6 * (s->gm0 / speed_of_light) * (s->gm0 / speed_of_light);
    if (!constants(s, p) || !prepare_particles(s, p, removal))
        return ORR_E_NO_MEMORY;
    orr_planetary_take(s, p);
    return ORR_OK;
}

/* ---- bodies to coordinates and back, one component at a time ---- */

/* Position or velocity of the centre of mass. */
static double center_of(const orr_planetary *s, const orr_bodies *b, const double *v, size_t c)
{
    double x0 = component(v, b, s->star, c), sum = 0;
    for (size_t k = 0; k < s->n; k++)
        sum += s->mass[k] * (component(v, b, s->planet[k], c) - x0);
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

static double scale_of(const orr_planetary *s, size_t k, bool velocity)
{
    return velocity && s->lanes.coordinates == ORR_WHDS ? s->lanes.factor[k] : 1;
}

static void take(orr_planetary *s, const orr_bodies *b, size_t c, bool velocity)
{
    const double *v = velocity ? b->vel : b->pos;
    double *out = velocity ? s->lanes.w[c] : s->lanes.q[c];
    double *low = velocity ? s->lanes.w_low[c] : s->lanes.q_low[c];
    orr_particles *t = &s->particles;
    double x0 = component(v, b, s->star, c), center = center_of(s, b, v, c);
    int origin = origin_of(s->lanes.coordinates, velocity);
    double from = origin == CENTER ? center : x0, inside = 0;
    double far = 0;
    for (size_t k = 0; k < s->n; k++)
        far = fmax(far, fabs(component(v, b, s->planet[k], c) - from));
    far = far > 0 ? far : 1;
    memset(low, 0, 8 * s->lanes.blocks * sizeof *low);
    for (size_t k = 0; k < 8 * s->lanes.blocks; k++) {
        if (k >= s->n) { /* an empty lane: at rest, far away, all in different places */
            out[k] = velocity ? 0 : far * (1000 + (double)k);
            continue;
        }
        double x = component(v, b, s->planet[k], c) - from;
        if (origin == INSIDE) {
            x -= inside;
            inside += s->lanes.weight[k] * x;
        }
        out[k] = x * scale_of(s, k, velocity);
    }
    if (s->n_test == 0)
        return;
    double *particle = velocity ? t->w[c] : t->q[c];
    memset(velocity ? t->w_low[c] : t->q_low[c], 0, 8 * t->blocks * sizeof(double));
    for (size_t k = 0; k < s->n_test; k++) {
        size_t lane = s->lane_of[k];
        double x = component(v, b, b->n_active + k, c) - from;
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

void orr_planetary_take(orr_planetary *s, const orr_problem *p)
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

void orr_planetary_center(const orr_planetary *s, double center[3], double velocity[3])
{
    double time = s->elapsed, low = s->elapsed_low;
    after(&time, &low, s->h, s->steps);
    for (int c = 0; c < 3; c++) {
        velocity[c] = s->velocity[c];
        center[c] = s->center[c] + s->velocity[c] * time + s->velocity[c] * low;
    }
}

static void give(const orr_planetary *s, const orr_bodies *b, size_t c, bool velocity)
{
    double *v = (velocity ? b->vel : b->pos) + c * b->stride;
    const double *in = velocity ? s->lanes.w[c] : s->lanes.q[c];
    const orr_particles *t = &s->particles;
    int origin = origin_of(s->lanes.coordinates, velocity);
    double place[3], motion[3], sum = 0, inside = 0;
    orr_planetary_center(s, place, motion);
    double center = velocity ? motion[c] : place[c];
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

void orr_planetary_give(const orr_planetary *s, const orr_problem *p)
{
    for (size_t c = 0; c < 3; c++) {
        give(s, p->bodies, c, false);
        give(s, p->bodies, c, true);
    }
}

bool orr_planetary_is_finite(const orr_planetary *s)
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

void orr_planetary_pass(orr_planetary *s, double h, uint64_t n)
{
    if (h != s->h) {
        after(&s->elapsed, &s->elapsed_low, s->h, s->steps);
        s->h = h;
        s->steps = 0;
    }
    s->steps += n;
}

double orr_planetary_relativity(const orr_planetary *s, const orr_problem *p)
{
    const orr_bodies *b = p->bodies;
    double sum = 0;
    for (size_t k = 0; k < s->n; k++) {
        double r2 = 0;
        for (size_t c = 0; c < 3; c++) {
            double x = component(b->pos, b, s->planet[k], c) - component(b->pos, b, s->star, c);
            r2 += x * x;
        }
        sum -= s->mass[k] * s->gr / 2 / r2;
    }
    return sum;
}

/* ---- the planets' field for particles ---- */

static void weighted(const orr_planetary *s, const double *weight, double *const v[3], double t,
                     double out[3])
{
    for (int c = 0; c < 3; c++) {
        double sum = 0;
        for (size_t k = 0; k < s->n; k++)
            sum += weight[k] * v[c][k];
        out[c] = t * sum;
    }
}

/* Direct accelerations of the planets by the star and each other, at x about the star. */
static void direct(const orr_planetary *s, const double *x, double *a)
{
    for (size_t i = 0; i < s->n; i++) {
        const double *xi = x + 3 * i;
        double r2 = xi[0] * xi[0] + xi[1] * xi[1] + xi[2] * xi[2];
        double pull = s->gm0 / (r2 * sqrt(r2)) + s->gr / (r2 * r2);
        for (size_t c = 0; c < 3; c++)
            a[3 * i + c] = -pull * xi[c];
        for (size_t j = 0; j < i; j++) {
            const double *xj = x + 3 * j;
            double d[3] = {xj[0] - xi[0], xj[1] - xi[1], xj[2] - xi[2]};
            double d2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2], i3 = 1 / (d2 * sqrt(d2));
            for (size_t c = 0; c < 3; c++) {
                a[3 * i + c] += s->mass[j] * i3 * d[c];
                a[3 * j + c] -= s->mass[i] * i3 * d[c];
            }
        }
    }
}

/* Write down what a kick of time t from the present state will do to particles. */
static void record(orr_planetary *s, double t, orr_field_of_planets *f, double *x, double *offset,
                   double *common)
{
    const orr_planets *l = &s->lanes;
    size_t n = s->n;
    int kind = (int)l->coordinates;
    double a[3 * ORR_MOST_PLANETS];
    *f = (orr_field_of_planets){.kick = t, .x = x, .offset = offset, .common = common};
    memset(offset, 0, 3 * (n + 1) * sizeof *offset);
    memset(common, 0, 3 * (n + 1) * sizeof *common);
    if (kind != ORR_JACOBI)
        weighted(s, l->weight, l->w, kind == ORR_BARYCENTRIC ? -t / 2 : t / 2, f->before);
    for (size_t k = 0; k < n; k++) /* half-way through the jump */
        for (size_t c = 0; c < 3; c++) {
            double own = kind == ORR_WHDS ? t / 2 * (l->weight[k] * l->w[c][k]) : 0;
            x[3 * k + c] = l->q[c][k] + (f->before[c] - own);
        }
    if (kind == ORR_JACOBI) {
        for (size_t k = 0; k < n; k++)
            for (size_t c = 0; c < 3; c++) {
                double inside = offset[3 * k + c];
                offset[3 * (k + 1) + c] = inside + l->weight[k] * x[3 * k + c];
                x[3 * k + c] += inside;
            }
        direct(s, x, a);
        for (size_t k = n; k-- > 0;)
            for (size_t c = 0; c < 3; c++) /* GM a summed over the planets outside k */
                common[3 * k + c] = common[3 * (k + 1) + c] + s->mass[k] * a[3 * k + c];
        double eta = s->gm0;
        for (size_t k = 0; k <= n; k++) {
            for (size_t c = 0; c < 3; c++)
                common[3 * k + c] /= eta;
            eta += k < n ? s->mass[k] : 0;
        }
    }
    if (kind == ORR_BARYCENTRIC) {
        for (size_t k = 0; k < n; k++)
            for (size_t c = 0; c < 3; c++)
                offset[c] += l->weight0[k] * x[3 * k + c];
        for (size_t k = 0; k < n; k++) { /* what the star pulls them, they pull the star */
            double *xk = x + 3 * k;
            for (size_t c = 0; c < 3; c++)
                xk[c] += offset[c];
            double r2 = xk[0] * xk[0] + xk[1] * xk[1] + xk[2] * xk[2];
            double pull = s->gm0 / (r2 * sqrt(r2)) + s->gr / (r2 * r2);
            for (size_t c = 0; c < 3; c++)
                common[c] -= l->weight0[k] * pull * xk[c];
        }
    }
}

/* What became of particle k in operation o. */
static orr_status tell(orr_planetary *s, orr_problem *p, size_t k, size_t o)
{
    const orr_bodies *b = p->bodies;
    const orr_particles *t = &s->particles;
    const orr_field_of_planets *f = &s->fields[o];
    size_t lane = s->lane_of[k];
    double why = t->why[lane], r2 = 0;
    size_t planet = why >= 0 ? (size_t)why : 0, other = why >= 0 ? s->planet[planet] : s->star;
    for (size_t c = 0; c < 3; c++) { /* where the kick found it, from the planet or the star */
        double x = t->q[c][lane] + f->before[c] + f->offset[3 * t->inside[lane / 8] + c];
        x -= why >= 0 ? f->x[3 * planet + c] : 0;
        r2 += x * x;
    }
    orr_event e = {.t = s->when[o],
                   .kind = ORR_ENCOUNTER,
                   .a = b->id[b->n_active + k],
                   .b = b->id[other],
                   .separation = sqrt(r2)};
    if (why == -2)
        e.kind = ORR_ESCAPE;
    else if (e.separation <= b->radius[other])
        e.kind = ORR_COLLISION;
    return p->record(p, &e);
}

/* Who of the particles went in the operations just done, in the order of time. */
static orr_status report(orr_planetary *s, orr_problem *p)
{
    double *gone = s->particles.gone;
    size_t n = 0, m = 0;
    for (size_t k = 0; k < s->n_test; k++)
        n += gone[s->lane_of[k]] > 0;
    size_t *who = n ? orr_arena_alloc(p->scratch, n * sizeof *who) : NULL;
    if (n && !who)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < s->n_test; k++) { /* few: sorted by insertion */
        double when = gone[s->lane_of[k]];
        if (!(when > 0))
            continue;
        size_t at = m++;
        for (; at > 0 && gone[s->lane_of[who[at - 1]]] > when; at--)
            who[at] = who[at - 1];
        who[at] = k;
    }
    for (size_t i = 0; i < n; i++) {
        size_t lane = s->lane_of[who[i]], o = (size_t)gone[lane] - 1;
        gone[lane] = -1;
        ORR_TRY(tell(s, p, who[i], o));
    }
    return ORR_OK;
}

orr_status orr_planetary_split(orr_planetary *s, orr_problem *p, double t,
                               const orr_splitting_op *ops, size_t n, uint64_t repeat)
{
    if (s->n_test == 0) {
        orr_split(&s->lanes, ops, n, repeat);
        return ORR_OK;
    }
    const orr_planets *l = &s->lanes;
    size_t row = 3 * (s->n + 1), filled = 0;
    double passed = 0;
    for (uint64_t r = 0; r < repeat; r++)
        for (size_t o = 0; o < n; o++) {
            orr_splitting_op kick = ops[o], drift = {.drift = ops[o].drift};
            kick.drift = 0;
            orr_field_of_planets *f = s->fields + filled;
            size_t at = filled * row;
            *f = (orr_field_of_planets){.kick = 0};
            if (kick.kick != 0) {
                record(s, kick.kick, f, s->x + at, s->offset + at, s->common + at);
                orr_split(l, &kick, 1, 1);
                if (l->coordinates != ORR_JACOBI)
                    weighted(s, l->weight, l->w,
                             (l->coordinates == ORR_BARYCENTRIC ? -kick.kick : kick.kick) / 2,
                             f->after);
            }
            f->drift = drift.drift;
            s->when[filled] = t + passed;
            passed += drift.drift;
            if (drift.drift != 0)
                orr_split(l, &drift, 1, 1);
            if (++filled == RECORDS || (r + 1 == repeat && o + 1 == n)) {
                orr_split_particles(&s->particles, s->fields, filled, p->threads);
                ORR_TRY(report(s, p));
                filled = 0;
            }
        }
    return ORR_OK;
}

/* ---- several systems in one batch ---- */

/* Copy the lanes of a system to its place in the batch (blocks of its own, or half or a quarter of
 * one), or back. */
static void move_lanes(double *batch, double *own, size_t place, size_t lanes, bool back)
{
    double *at = batch + place;
    memcpy(back ? own : at, back ? at : own, lanes * sizeof *at);
}

orr_status orr_planetaries_split(orr_planetary *const *s, size_t systems, orr_arena *scratch,
                                 const orr_splitting_op *ops, size_t n, uint64_t repeat)
{
    const orr_planets *model = &s[0]->lanes;
    size_t span = model->span, blocks = (systems * span + 7) / 8, lanes = 8 * blocks;
    orr_planets all = {.coordinates = model->coordinates,
                       .span = span,
                       .blocks = blocks,
                       .relativity = model->relativity};
    double *constants[8], *gm;
    const double **const targets[8] = {&all.mu,      &all.star,   &all.live,    &all.weight,
                                       &all.weight0, &all.factor, &all.inverse, &all.gr};
    for (int k = 0; k < 8; k++)
        if (!(*targets[k] = constants[k] = orr_arena_alloc(scratch, lanes * sizeof(double))))
            return ORR_E_NO_MEMORY;
    all.gm = gm = orr_arena_alloc(scratch, 8 * lanes * sizeof *gm);
    bool good = gm != NULL;
    for (int c = 0; c < 3 && good; c++)
        good = allocate_arrays(
            scratch, (double **const[]){&all.q[c], &all.w[c], &all.q_low[c], &all.w_low[c]}, 4,
            lanes);
    if (!good)
        return ORR_E_NO_MEMORY;
    for (size_t k = systems * span; k < lanes; k++) /* lanes of nobody, at rest */
        for (int c = 0; c < 3; c++)
            all.q[c][k] = (double)(1 + k);
    for (int back = 0; back < 2; back++) {
        for (size_t i = 0; i < systems; i++) {
            orr_planets *o = &s[i]->lanes;
            size_t place = i * span;
            for (int c = 0; c < 3; c++) {
                move_lanes(all.q[c], o->q[c], place, span, back);
                move_lanes(all.w[c], o->w[c], place, span, back);
                move_lanes(all.q_low[c], o->q_low[c], place, span, back);
                move_lanes(all.w_low[c], o->w_low[c], place, span, back);
            }
            if (back)
                continue;
            const double *const own[8] = {o->mu,      o->star,   o->live,    o->weight,
                                          o->weight0, o->factor, o->inverse, o->gr};
            for (int k = 0; k < 8; k++)
                memcpy(constants[k] + place, own[k], span * sizeof(double));
            for (size_t k = 0; k < span; k++)
                for (size_t turn = 0; turn < 8; turn++)
                    gm[64 * ((place + k) / 8) + 8 * turn + (place + k) % 8] =
                        o->gm[64 * (k / 8) + 8 * turn + k % 8];
        }
        if (!back)
            orr_split(&all, ops, n, repeat);
    }
    return ORR_OK;
}
