/* Test bodies under TRACE: the same map, in the field of the planets, which have done their step
 * already and do not know.  All go through kick, jump and drift together.  One that is close to a
 * planet, or to the star, does its step alone, by the accurate method:
 *
 *     close to a planet   the drift, with that planet and whoever that one meets
 *     close to the star   the whole step, with all planets, in inertial coordinates
 *
 * Who is close is asked before and after the step, as for planets.  Pairs of test bodies are never
 * looked at: n of them cost n times what one does. */
#include "trace_parts.h"

#include <math.h>
#include <string.h>

#include "wh_parts.h"

enum { BY_PLANET = 1, AT_STAR = 2 };

orr_status orr_trace_tests_prepare(orr_trace *self, orr_problem *p, const double star[3],
                                   const double velocity[3])
{
    orr_trace_tests *t = &self->tests;
    const orr_bodies *b = p->bodies;
    const size_t first = b->n_active + b->n_passive, n = b->n - first, stride = (n + 7) / 8 * 8;
    *t = (orr_trace_tests){.n = n, .stride = stride, .first = first};
    if (n == 0)
        return ORR_OK;
    double **const vectors[] = {&t->q, &t->w, &t->q0, &t->w0};
    orr_keep(p->memory, &t->near, n * self->n + 1);
    orr_keep(p->memory, &t->special, n);
    orr_keep_arrays(p->memory, vectors, 4, 3 * stride);
    orr_keep(p->memory, &t->mu, stride);
    ORR_TRY(orr_kept(p->memory));
    for (size_t k = 0; k < stride; k++) {
        t->q[k] = 1; /* spare lanes are somewhere */
        t->mu[k] = k < n ? self->s.gm0 : 0;
    }
    for (size_t c = 0; c < 3; c++)
        for (size_t k = 0; k < n; k++) {
            t->q[k + c * stride] = orr_component(b->pos, b, first + k, c) - star[c];
            t->w[k + c * stride] = orr_component(b->vel, b, first + k, c) - velocity[c];
        }
    return ORR_OK;
}

void orr_trace_tests_give(const orr_trace *self, const orr_bodies *b, const double star[3],
                          const double velocity[3])
{
    const orr_trace_tests *t = &self->tests;
    for (size_t c = 0; c < 3; c++)
        for (size_t k = 0; k < t->n; k++) {
            b->pos[t->first + k + c * b->stride] = star[c] + t->q[k + c * t->stride];
            b->vel[t->first + k + c * b->stride] = velocity[c] + t->w[k + c * t->stride];
        }
}

void orr_trace_tests_forget(orr_trace *self, size_t k)
{
    orr_trace_tests *t = &self->tests;
    size_t last = --t->n, behind = (last - k) * sizeof(double);
    for (size_t c = 0; c < 3; c++) {
        double *q = t->q + c * t->stride, *w = t->w + c * t->stride;
        memmove(q + k, q + k + 1, behind);
        memmove(w + k, w + k + 1, behind);
        q[last] = c == 0;
        w[last] = 0;
    }
    t->mu[last] = 0;
}

/* ---- who is close ---- */

/* Squared distances from the planets within which somebody is close to them; 0: never. */
static double *limits_of(const orr_trace *self, orr_problem *p, const double *q)
{
    double *limit2 = orr_arena_alloc(p->scratch, (self->n + 1) * sizeof *limit2);
    for (size_t j = 0; limit2 && j < self->n_active; j++)
        limit2[j] =
            self->gm[j] > 0 ? self->hill_radii * self->hill_radii * orr_trace_hill2(self, q, j) : 0;
    return limit2;
}

/* What test body k is close to, with planets at q, w; those marked before stay. */
static unsigned look(orr_trace *self, size_t k, const double *q, const double *w,
                     const double *limit2, double h, bool *added)
{
    orr_trace_tests *t = &self->tests;
    unsigned char *near = t->near + k * self->n;
    unsigned found = 0;
    for (size_t j = 0; j < self->n_active; j++) {
        double d[3], v[3];
        if (near[j] || limit2[j] == 0) {
            found |= near[j];
            continue;
        }
        for (size_t c = 0; c < 3; c++) {
            d[c] = t->q[k + c * t->stride] - q[j + c * self->stride];
            v[c] = t->w[k + c * t->stride] - w[j + c * self->stride];
        }
        if (orr_trace_least2(d, v, h) > limit2[j])
            continue;
        near[j] = 1;
        found |= BY_PLANET;
        *added = true;
    }
    bool at_star = orr_square3(t->q, k, t->stride) < orr_trace_at_star2(self, h);
    return at_star ? found | AT_STAR : found;
}

/* ---- all together ---- */

/* By planets at q, except those that single bodies are close to (near, or NULL). */
static void kick(const orr_trace *self, size_t first, size_t last, const unsigned char *near,
                 const double *q, const double *gm, double h)
{
    const orr_trace_tests *t = &self->tests;
    const double *x = t->q, *y = x + t->stride, *z = y + t->stride;
    double *u = t->w, *v = u + t->stride, *w = v + t->stride;
    for (size_t j = 0; j < self->n_active; j++) {
        if (near && near[j])
            continue;
        const double at[3] = {q[j], q[j + self->stride], q[j + 2 * self->stride]}, mass = gm[j];
        for (size_t k = first; k < last; k++) {
            double dx = x[k] - at[0], dy = y[k] - at[1], dz = z[k] - at[2];
            double r2 = dx * dx + dy * dy + dz * dz, pull = h / (r2 * sqrt(r2));
            u[k] -= mass * pull * dx;
            v[k] -= mass * pull * dy;
            w[k] -= mass * pull * dz;
        }
    }
}

static void jump(const orr_trace *self, size_t first, size_t last, const double by[3])
{
    const orr_trace_tests *t = &self->tests;
    for (size_t c = 0; c < 3; c++)
        for (size_t k = first; k < last; k++)
            t->q[k + c * t->stride] += by[c];
}

/* As if nobody were close: right for those who are not. */
static void step_together(const orr_trace *self, const orr_trace_path *path, double h)
{
    const orr_trace_tests *t = &self->tests;
    double *q[3], *w[3];
    for (size_t c = 0; c < 3; c++)
        q[c] = t->q + c * t->stride, w[c] = t->w + c * t->stride;
    kick(self, 0, t->n, NULL, self->q0, self->gm0, h / 2);
    for (size_t k = 0; k < t->n; k++) /* so close that it may not be finite */
        for (size_t c = 0; t->special[k] && c < 3; c++)
            w[c][k] = t->w0[k + c * t->stride];
    jump(self, 0, t->n, path->jump[0]);
    orr_kepler(t->n, q, w, t->mu, h);
    jump(self, 0, t->n, path->jump[1]);
    kick(self, 0, t->n, NULL, self->q, self->gm, h / 2);
}

/* ---- one alone ---- */

/* The planets that test body k is close to, and whom these meet, directly or not. */
static unsigned char *company_of(const orr_trace *self, orr_problem *p, size_t k)
{
    const size_t n = self->n;
    unsigned char *in = orr_arena_alloc(p->scratch, n + 1);
    if (!in)
        return NULL;
    memcpy(in, self->tests.near + k * n, n);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; self->in[i] && j < n; j++)
                if (self->near[i * n + j] && in[i] != in[j])
                    in[i] = in[j] = more = true;
    }
    return in;
}

static orr_status drift_alone(const orr_trace *self, orr_problem *p, size_t k, double h,
                              orr_hits *hits, orr_step_report *report)
{
    const orr_trace_tests *t = &self->tests;
    orr_encounter e;
    unsigned char *in = company_of(self, p, k);
    if (!in)
        return ORR_E_NO_MEMORY;
    ORR_TRY(orr_encounter_make(&e, self, p->scratch, in, true));
    e.test = k;
    e.near = t->near + k * self->n;
    for (size_t c = 0; c < 3; c++) {
        e.bodies.pos[e.n_planets + c * e.bodies.stride] = t->q[k + c * t->stride];
        e.bodies.vel[e.n_planets + c * e.bodies.stride] = t->w[k + c * t->stride];
    }
    ORR_TRY(orr_encounter_run(self, p, &e, h, hits, report));
    for (size_t c = 0; c < 3; c++) {
        t->q[k + c * t->stride] = e.bodies.pos[e.n_planets + c * e.bodies.stride];
        t->w[k + c * t->stride] = e.bodies.vel[e.n_planets + c * e.bodies.stride];
    }
    return ORR_OK;
}

static void kepler_alone(const orr_trace *self, size_t k, double h)
{
    const orr_trace_tests *t = &self->tests;
    _Alignas(64) double room[6][8] = {{0}}, mu[8] = {self->s.gm0};
    double *q[3], *w[3];
    for (size_t c = 0; c < 3; c++) {
        q[c] = room[c], w[c] = room[3 + c];
        for (size_t lane = 0; lane < 8; lane++)
            q[c][lane] = 1;
        q[c][0] = t->q[k + c * t->stride];
        w[c][0] = t->w[k + c * t->stride];
    }
    orr_kepler(1, q, w, mu, h);
    for (size_t c = 0; c < 3; c++) {
        t->q[k + c * t->stride] = q[c][0];
        t->w[k + c * t->stride] = w[c][0];
    }
}

/* Test bodies [first, last), with all planets, from the start of the step, without splitting. */
static orr_status step_inertially(const orr_trace *self, orr_problem *p, size_t first, size_t last,
                                  double h, orr_hits *hits, orr_step_report *report)
{
    const orr_trace_tests *t = &self->tests;
    const size_t massive = self->n + 1, star = self->s.star;
    orr_bodies b;
    double at[3];
    ORR_TRY(orr_trace_massive(self, p, last - first, &b));
    orr_trace_place_at_rest(self, &b, self->q0, self->w0, self->gm0, at);
    for (size_t k = first; k < last; k++) {
        size_t i = massive + k - first;
        b.radius[i] = p->bodies->radius[t->first + k];
        b.id[i] = p->bodies->id[t->first + k];
        for (size_t c = 0; c < 3; c++) {
            b.pos[i + c * b.stride] = at[c] + t->q0[k + c * t->stride];
            b.vel[i + c * b.stride] = t->w0[k + c * t->stride];
        }
    }
    size_t before = hits->n;
    ORR_TRY(orr_trace_inertial(self, p, &b, true, h, hits, report));
    for (size_t m = before; m < hits->n; m++) /* places in b to places in the bodies */
        if (hits->hit[m].merged && hits->hit[m].gone >= massive)
            hits->hit[m].gone += t->first + first - massive;
    for (size_t c = 0; c < 3; c++) {
        double mean = 0;
        for (size_t i = 0; i < massive; i++)
            mean += b.gm[i] * b.vel[i + c * b.stride];
        mean /= self->s.total;
        for (size_t k = first; k < last; k++) {
            size_t i = massive + k - first + c * b.stride;
            t->q[k + c * t->stride] = b.pos[i] - b.pos[star + c * b.stride];
            t->w[k + c * t->stride] = b.vel[i] - mean;
        }
    }
    return ORR_OK;
}

/* The step of test body k, which is close to something, from the start. */
static orr_status step_alone(const orr_trace *self, orr_problem *p, const orr_trace_path *path,
                             size_t k, double h, orr_hits *hits, orr_step_report *report)
{
    const orr_trace_tests *t = &self->tests;
    const unsigned char *near = t->near + k * self->n;
    if (t->special[k] & AT_STAR)
        return step_inertially(self, p, k, k + 1, h, hits, report);
    for (size_t c = 0; c < 3; c++) {
        t->q[k + c * t->stride] = t->q0[k + c * t->stride];
        t->w[k + c * t->stride] = t->w0[k + c * t->stride];
    }
    kick(self, k, k + 1, near, self->q0, self->gm0, h / 2);
    jump(self, k, k + 1, path->jump[0]);
    if (t->special[k] & BY_PLANET)
        ORR_TRY(drift_alone(self, p, k, h, hits, report));
    else
        kepler_alone(self, k, h);
    jump(self, k, k + 1, path->jump[1]);
    kick(self, k, k + 1, near, self->q, self->gm, h / 2);
    return ORR_OK;
}

/* What happened to one joins what happened to all, in the order of time from the step's start. */
static orr_status join(orr_trace *self, const orr_problem *p, const orr_hits *own)
{
    for (size_t m = 0; m < own->n; m++)
        ORR_TRY(orr_hits_add(&self->hits, p, own->hit[m]));
    return ORR_OK;
}

orr_status orr_trace_tests_step(orr_trace *self, orr_problem *p, const orr_trace_path *path,
                                double h, orr_step_report *report)
{
    orr_trace_tests *t = &self->tests;
    const size_t bytes = 3 * t->stride * sizeof(double);
    if (t->n == 0)
        return ORR_OK;
    memcpy(t->q0, t->q, bytes);
    memcpy(t->w0, t->w, bytes);
    if (path->whole) {
        orr_hits own = {0};
        ORR_TRY(step_inertially(self, p, 0, t->n, h, &own, report));
        return join(self, p, &own);
    }
    const double *before = limits_of(self, p, self->q0), *after = limits_of(self, p, self->q);
    bool added = false;
    if (!before || !after)
        return ORR_E_NO_MEMORY;
    memset(t->near, 0, t->n * self->n);
    for (size_t k = 0; k < t->n; k++)
        t->special[k] = (unsigned char)look(self, k, self->q0, self->w0, before, h, &added);
    step_together(self, path, h);
    for (size_t k = 0; k < t->n; k++) {
        bool alone = t->special[k] != 0;
        for (int tries = 0; tries < 2; tries++) {
            orr_hits own = {0};
            if (alone)
                ORR_TRY(step_alone(self, p, path, k, h, &own, report));
            added = false;
            unsigned now = 0;
            if (tries == 0 && !(t->special[k] & AT_STAR))
                now = look(self, k, self->q, self->w, after, h, &added);
            if (!added && !(now & AT_STAR)) {
                ORR_TRY(join(self, p, &own));
                break;
            }
            t->special[k] = (unsigned char)now;
            alone = true;
        }
    }
    return ORR_OK;
}
