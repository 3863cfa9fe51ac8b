/* Test particles under planets: which lanes they take, what the planets do to them in each kick
 * (for the kernel that takes them through many kicks at once), and which have to go. */
#include <math.h>
#include <string.h>

#include "core/math/reproducible.h"
#include "wh_parts.h"

/* Operations that particles go through while they stay in the cache. */
enum { RECORDS = 128 };

/* A planet's sphere of influence at its present distance. */
static double hill_radius(const orr_wh_system *s, const orr_bodies *b, size_t k)
{
    double r2 = 0;
    for (size_t c = 0; c < 3; c++) {
        double x = orr_component(b->pos, b, s->planet[k], c) - orr_component(b->pos, b, s->star, c);
        r2 += x * x;
    }
    return sqrt(r2) * orr_cbrt(s->mass[k] / (3 * s->gm0));
}

orr_status orr_particles_prepare(orr_wh_system *s, orr_problem *p)
{
    const orr_removal none = {0}, *removal = p->removal ? p->removal : &none;
    orr_particles *t = &s->particles;
    const orr_bodies *b = p->bodies;
    size_t n = s->n, kinds = s->lanes.coordinates == ORR_JACOBI ? n + 1 : 1;
    *t = (orr_particles){.planets = n, .gm = s->mass, .star = s->gm0, .mu = s->gm0, .gr = s->gr};
    t->central = s->lanes.coordinates == ORR_JACOBI || s->lanes.coordinates == ORR_BARYCENTRIC;
    if (s->n_test == 0)
        return ORR_OK;
    t->blocks = (s->n_test + 8 * kinds + 7) / 8; /* each kind fills whole blocks */
    size_t lanes = 8 * t->blocks;
    uint32_t *inside;
    double *near2;
    orr_keep(p->memory, &inside, t->blocks);
    orr_keep(p->memory, &near2, n + 1);
    orr_keep(p->memory, &s->lane_of, s->n_test);
    orr_keep(p->memory, &s->fields, RECORDS);
    orr_keep(p->memory, &s->when, RECORDS);
    orr_keep_arrays(p->memory, (double **const[]){&t->gone, &t->why}, 2, lanes);
    orr_keep_arrays(p->memory,
                    (double **const[]){&s->x, &s->offset, &s->common, &s->v, &s->v_offset}, 5,
                    RECORDS * 3 * (n + 1));
    for (int c = 0; c < 3; c++)
        orr_keep_arrays(p->memory,
                        (double **const[]){&t->q[c], &t->w[c], &t->q_low[c], &t->w_low[c]}, 4,
                        lanes);
    ORR_TRY(orr_kept(p->memory));
    for (size_t k = 0; k < lanes; k++) /* empty until a particle comes */
        t->gone[k] = t->q[0][k] = 1;
    uint32_t *planets_inside = orr_arena_alloc(p->scratch, s->n_test * sizeof *planets_inside);
    if (!planets_inside)
        return ORR_E_NO_MEMORY;
    memset(planets_inside, 0, s->n_test * sizeof *planets_inside);
    for (size_t k = 0; k < s->n_test && kinds > 1; k++) {
        double a = orr_size_of_orbit(b, s->star, b->n_active + k);
        uint32_t in = 0;
        while (in < n && orr_size_of_orbit(b, s->star, s->planet[in]) < a)
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
            near = fmax(near, b->radius[s->planet[k]] + removal->radius);
        near2[k] = near * near;
        t->looks |= near > 0;
    }
    t->far2 = removal->beyond * removal->beyond;
    t->star_radius = removal->hits ? b->radius[s->star] + removal->radius : 0;
    t->blocks = lane / 8;
    t->inside = inside;
    t->near2 = near2;
    return ORR_OK;
}

static void weighted(const orr_wh_system *s, const double *weight, double *const v[3], double t,
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
static void direct(const orr_wh_system *s, const double *x, double *a)
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
static void record(const orr_wh_system *s, double t, orr_field_of_planets *f, double *x,
                   double *offset, double *common)
{
    const orr_planets *l = &s->lanes;
    size_t n = s->n;
    int kind = (int)l->coordinates;
    double a[3 * ORR_MOST_PLANETS];
    f->kick = t;
    f->x = x;
    f->offset = offset;
    f->common = common;
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

/* Velocities about the star: of the planets, and what leads to them from w. */
static void record_velocities(const orr_wh_system *s, double *v, double *offset)
{
    const orr_planets *l = &s->lanes;
    bool jacobi = l->coordinates == ORR_JACOBI;
    memset(offset, 0, 3 * (s->n + 1) * sizeof *offset);
    for (size_t c = 0; c < 3; c++) {
        double of_star = 0; /* what it moves against them */
        for (size_t k = 0; k < s->n; k++)
            of_star += l->weight[k] * l->w[c][k];
        if (!jacobi)
            offset[c] = l->coordinates == ORR_BARYCENTRIC ? 0 : of_star;
        for (size_t k = 0; k < s->n; k++) {
            double w = l->coordinates == ORR_WHDS ? l->w[c][k] / l->factor[k] : l->w[c][k];
            v[3 * k + c] = w + offset[jacobi ? 3 * k + c : c];
            if (jacobi)
                offset[3 * (k + 1) + c] = offset[3 * k + c] + l->weight[k] * l->w[c][k];
        }
    }
}

/* Time may go backwards: away from the start of the steps. */
static bool after(const orr_event *a, const orr_event *b, double start)
{
    return fabs(a->t - start) > fabs(b->t - start);
}

/* The particles that went in the operations just done, in the order of time. */
static orr_status report(orr_wh_system *s, orr_problem *p)
{
    double *gone = s->particles.gone;
    size_t n = 0, m = 0;
    for (size_t k = 0; k < s->n_test; k++)
        n += gone[s->lane_of[k]] > 0;
    orr_event *events = n ? orr_arena_alloc(p->scratch, n * sizeof *events) : NULL;
    if (n && !events)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < s->n_test; k++) { /* few: sorted by insertion */
        size_t lane = s->lane_of[k];
        if (!(gone[lane] > 0))
            continue;
        orr_event e = orr_particle_event(s, p, k, (size_t)gone[lane] - 1);
        size_t at = m++;
        for (; at > 0 && after(&events[at - 1], &e, p->t); at--)
            events[at] = events[at - 1];
        events[at] = e;
        gone[lane] = -1;
    }
    for (size_t i = 0; i < n; i++)
        ORR_TRY(p->record(p, &events[i]));
    return ORR_OK;
}

static void split_tree(const orr_wh_system *s, const orr_splitting_op *ops, size_t n,
                       uint64_t repeat)
{
    for (uint64_t r = 0; r < repeat; r++)
        for (size_t o = 0; o < n; o++) {
            orr_splitting_op drift = {.drift = ops[o].drift};
            if (ops[o].kick != 0)
                orr_wh_hierarchy_kick(s->tree, &s->lanes, ops[o].kick, ops[o].lazy);
            if (drift.drift != 0)
                orr_split(&s->lanes, &drift, 1, 1);
        }
}

orr_status orr_wh_split(orr_wh_system *s, orr_problem *p, double t, const orr_splitting_op *ops,
                        size_t n, uint64_t repeat)
{
    if (s->tree) {
        split_tree(s, ops, n, repeat);
        return ORR_OK;
    }
    if (s->n_test == 0) {
        orr_split(&s->lanes, ops, n, repeat);
        return ORR_OK;
    }
    const orr_planets *l = &s->lanes;
    size_t row = 3 * (s->n + 1), filled = 0;
    double passed = 0, reach = 0;
    for (size_t o = 0; o < n; o++)
        reach = fmax(reach, fabs(ops[o].drift) / 2);
    for (uint64_t r = 0; r < repeat; r++)
        for (size_t o = 0; o < n; o++) {
            orr_splitting_op kick = ops[o], drift = {.drift = ops[o].drift};
            kick.drift = 0;
            orr_field_of_planets *f = s->fields + filled;
            size_t at = filled * row;
            *f = (orr_field_of_planets){.reach = reach};
            if (kick.kick != 0) {
                record(s, kick.kick, f, s->x + at, s->offset + at, s->common + at);
                record_velocities(s, s->v + at, s->v_offset + at);
                f->v = s->v + at;
                f->v_offset = s->v_offset + at;
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
