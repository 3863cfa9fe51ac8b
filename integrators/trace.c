/* TRACE: planets that meet.  Wisdom-Holman in democratic heliocentric coordinates as long as
 * everybody keeps apart; pairs that come close are integrated with their Kepler motion by ias15
 * instead of being kicked, and where somebody passes close to the star the whole step is.  Who is
 * close is asked before and after the step, in the same way; if the step has brought new pairs
 * together it is taken back and done again with them.  So the choice is (almost) the same in both
 * directions of time, and the energy does not drift.  Lu, Hernandez & Rein 2024, MNRAS 533, 3708,
 * doi 10.1093/mnras/stae1982
 *
 *     H = sum (p^2/2m - G m0 m/q)  +  (sum p)^2/2 m0  -  sum over pairs G m m'/|q - q'|
 *         Kepler: drift               jump               kick, or with the drift where close
 *
 * A pair is close if, moving straight on for a step in either direction, it would come within
 * `hill_radii` of the greater of its Hill radii.  Somebody is close to the star where the period of
 * a circle is less than `pericentre_steps` steps; everybody is where no body dominates.
 *
 * Planets never know of test bodies, which go through the same map in their field afterwards
 * (wisdom_holman/trace_tests.c).  Passive bodies are planets that do not kick each other. */
#include <orrery/integrator.h>

#include <math.h>
#include <string.h>

#include "core/math/reproducible.h"
#include "wisdom_holman/trace_parts.h"
#include "wisdom_holman/wh_parts.h"

/* ---- coordinates ---- */

/* star, velocity: where the star and how fast the centre of mass is. */
static void take(orr_trace *self, const orr_bodies *b, double star[3], double velocity[3])
{
    for (size_t c = 0; c < 3; c++) {
        double x0 = orr_component(b->pos, b, self->s.star, c);
        double v0 = orr_component(b->vel, b, self->s.star, c), mean = 0;
        for (size_t k = 0; k < self->n; k++)
            mean += self->gm[k] * (orr_component(b->vel, b, self->body[k], c) - v0);
        mean /= self->s.total;
        for (size_t k = 0; k < self->n; k++) {
            size_t i = self->body[k], at = k + c * self->stride;
            self->q[at] = orr_component(b->pos, b, i, c) - x0;
            self->w[at] = orr_component(b->vel, b, i, c) - v0 - mean;
        }
        star[c] = x0;
        velocity[c] = v0 + mean;
    }
}

/* The bodies with mass, from coordinates q, w; their centre of mass is at `center`. */
static void place(const orr_trace *self, const orr_bodies *b, const double *q, const double *w,
                  const double *gm, double gm_star, const double center[3],
                  const double velocity[3], double star[3])
{
    for (size_t c = 0; c < 3; c++) {
        double x = 0, v = 0;
        for (size_t k = 0; k < self->n; k++) {
            x += gm[k] * q[k + c * self->stride];
            v += gm[k] * w[k + c * self->stride];
        }
        double x0 = center[c] - x / self->s.total, *pos = b->pos + c * b->stride;
        double *vel = b->vel + c * b->stride;
        star[c] = x0;
        pos[self->s.star] = x0;
        vel[self->s.star] = velocity[c] - v / gm_star;
        for (size_t k = 0; k < self->n; k++) {
            pos[self->body[k]] = x0 + q[k + c * self->stride];
            vel[self->body[k]] = velocity[c] + w[k + c * self->stride];
        }
    }
}

void orr_trace_place_at_rest(const orr_trace *self, const orr_bodies *b, const double *q,
                             const double *w, const double *gm, double star[3])
{
    const double zero[3] = {0};
    place(self, b, q, w, gm, b->gm[self->s.star], zero, zero, star);
}

/* All bodies where they are now. */
static void give(const orr_trace *self, const orr_bodies *b)
{
    double center[3], velocity[3], star[3];
    orr_wh_center(&self->s, center, velocity);
    place(self, b, self->q, self->w, self->gm, self->s.gm0, center, velocity, star);
    orr_trace_tests_give(self, b, star, velocity);
}

static orr_status prepare(void *state, orr_problem *p)
{
    orr_trace *self = state;
    const orr_bodies *b = p->bodies;
    ORR_TRY(orr_wh_prepare_massive(&self->s, p));
    size_t n = self->n = self->s.n;
    self->n_active = b->n_active - 1;
    self->stride = (n + 7) / 8 * 8;
    size_t length = 3 * self->stride;
    double **const vectors[] = {&self->q, &self->w, &self->q0, &self->w0, &self->qd, &self->wd};
    double **const scalars[] = {&self->gm, &self->gm0, &self->mu};
    orr_keep(p->memory, &self->body, n + 1);
    orr_keep(p->memory, &self->near, n * n + 1);
    orr_keep(p->memory, &self->in, n + 1);
    orr_keep_arrays(p->memory, vectors, 6, length + 1);
    orr_keep_arrays(p->memory, scalars, 3, self->stride + 1);
    ORR_TRY(orr_kept(p->memory));
    for (size_t k = 0; k < self->stride; k++)
        self->q[k] = 1; /* spare lanes are somewhere */
    for (size_t k = 0; k < n; k++) {
        self->body[k] = k < self->s.star ? k : k + 1;
        self->gm[k] = b->gm[self->body[k]];
        self->mu[k] = self->s.gm0;
    }
    double star[3], velocity[3];
    take(self, b, star, velocity);
    return orr_trace_tests_prepare(self, p, star, velocity);
}

/* ---- who is close ---- */

/* Two passive bodies feel each other never, however close. */
static bool are_blind(const orr_trace *self, size_t i, size_t j)
{
    return (i >= self->n_active && j >= self->n_active) || (self->gm[i] == 0 && self->gm[j] == 0);
}

static double distance2(const orr_trace *self, size_t i, size_t j)
{
    double r2 = 0;
    for (size_t c = 0; c < 3; c++) {
        double d = self->q[j + c * self->stride] - self->q[i + c * self->stride];
        r2 += d * d;
    }
    return r2;
}

double orr_trace_least2(const double d[3], const double v[3], double h)
{
    double d2 = 0, dv = 0, v2 = 0;
    for (size_t c = 0; c < 3; c++) {
        d2 += d[c] * d[c];
        dv += d[c] * v[c];
        v2 += v[c] * v[c];
    }
    double t = v2 > 0 ? fmin(fabs(dv) / v2, fabs(h)) : 0;
    return d2 - 2 * t * fabs(dv) + t * t * v2;
}

/* Of the pair of planets. */
static double least_distance2(const orr_trace *self, size_t i, size_t j, double h)
{
    double d[3], v[3];
    for (size_t c = 0; c < 3; c++) {
        d[c] = self->q[j + c * self->stride] - self->q[i + c * self->stride];
        v[c] = self->w[j + c * self->stride] - self->w[i + c * self->stride];
    }
    return orr_trace_least2(d, v, h);
}

double orr_trace_hill2(const orr_trace *self, const double *q, size_t k)
{
    double size = orr_cbrt(self->gm[k] / (3 * self->s.gm0));
    return orr_square3(q, k, self->stride) * size * size;
}

/* Nobody dominates: no Kepler orbit about one body is a part of the motion. */
static bool has_no_star(const orr_trace *self)
{
    double next = 0;
    for (size_t k = 0; k < self->n; k++)
        next = fmax(next, self->gm[k]);
    return next > ORR_MOST_PLANET * self->s.gm0;
}

double orr_trace_at_star2(const orr_trace *self, double h)
{
    if (has_no_star(self))
        return INFINITY; /* every step is an encounter of all */
    double slow = self->pericentre_steps * h / 6.283185307179586;
    double least = orr_cbrt(slow * slow * self->s.gm0);
    return least * least;
}

/* Marks close pairs; *added: somebody was not marked before.  True: somebody is close to the star.
 */
static bool look(orr_trace *self, double h, bool *added)
{
    bool at_star = false;
    double least2 = orr_trace_at_star2(self, h);
    for (size_t i = 0; i < self->n; i++) {
        double own = orr_trace_hill2(self, self->q, i);
        at_star |= orr_square3(self->q, i, self->stride) < least2;
        for (size_t j = i + 1; j < self->n; j++) {
            unsigned char *near = &self->near[i * self->n + j];
            if (*near || are_blind(self, i, j))
                continue;
            double limit2 =
                self->hill_radii * self->hill_radii * fmax(own, orr_trace_hill2(self, self->q, j));
            if (least_distance2(self, i, j, h) > limit2)
                continue;
            *near = self->in[i] = self->in[j] = 1;
            *added = true;
        }
    }
    return at_star;
}

/* ---- the parts of a step ---- */

/* moved: by how much. */
static void jump(orr_trace *self, double h, double moved[3])
{
    for (size_t c = 0; c < 3; c++) {
        double *q = self->q + c * self->stride, *w = self->w + c * self->stride, sum = 0;
        for (size_t k = 0; k < self->n; k++)
            sum += self->gm[k] * w[k];
        moved[c] = h * (sum / self->s.gm0);
        for (size_t k = 0; k < self->n; k++)
            q[k] += moved[c];
    }
}

static void kick(orr_trace *self, double h)
{
    for (size_t i = 0; i < self->n; i++)
        for (size_t j = i + 1; j < self->n; j++) {
            if (self->near[i * self->n + j] || are_blind(self, i, j))
                continue;
            double r2 = distance2(self, i, j), pull = h / (r2 * sqrt(r2));
            for (size_t c = 0; c < 3; c++) {
                double d = self->q[j + c * self->stride] - self->q[i + c * self->stride];
                self->w[i + c * self->stride] += self->gm[j] * pull * d;
                self->w[j + c * self->stride] -= self->gm[i] * pull * d;
            }
        }
}

static orr_status drift(orr_trace *self, orr_problem *p, double h, orr_step_report *report)
{
    size_t m = 0;
    for (size_t k = 0; k < self->n; k++)
        m += self->in[k];
    orr_encounter e = {.n_planets = m};
    if (m > 0) {
        ORR_TRY(orr_encounter_make(&e, self, p->scratch, self->in, false));
        ORR_TRY(orr_encounter_run(self, p, &e, h, &self->hits, report));
        for (size_t k = 0; k < m; k++)
            self->gm[e.who[k]] = e.bodies.gm[k];
    }
    double *q[3], *w[3];
    for (size_t c = 0; c < 3; c++)
        q[c] = self->q + c * self->stride, w[c] = self->w + c * self->stride;
    orr_kepler(self->n, q, w, self->mu, h);
    for (size_t k = 0; k < m; k++) /* these did not follow their Kepler orbits */
        for (size_t c = 0; c < 3; c++) {
            q[c][e.who[k]] = e.bodies.pos[k + c * e.bodies.stride];
            w[c][e.who[k]] = e.bodies.vel[k + c * e.bodies.stride];
        }
    return ORR_OK;
}

/* A planet is close to the star: all of them, in inertial coordinates. */
static orr_status whole(orr_trace *self, orr_problem *p, double h, orr_step_report *report)
{
    double star[3], velocity[3];
    orr_bodies massive, *b = p->bodies;
    if (self->tests.n > 0) {
        ORR_TRY(orr_trace_massive(self, p, 0, &massive));
        b = &massive;
    }
    orr_trace_place_at_rest(self, b, self->q, self->w, self->gm, star);
    orr_status status = orr_trace_inertial(self, p, b, false, h, &self->hits, report);
    for (size_t c = 0; status != ORR_OK && c < 3 && b == &massive; c++) /* to say who was closest */
        memcpy(p->bodies->pos + c * p->bodies->stride, b->pos + c * b->stride,
               b->n * sizeof *b->pos);
    ORR_TRY(status);
    self->s.gm0 = b->gm[self->s.star];
    for (size_t k = 0; k < self->n; k++)
        self->gm[k] = b->gm[self->body[k]];
    take(self, b, star, velocity);
    return ORR_OK;
}

static orr_status advance(orr_trace *self, orr_problem *p, double h, bool at_star,
                          orr_trace_path *path, orr_step_report *report)
{
    const size_t bytes = 3 * self->stride * sizeof(double);
    path->whole = at_star;
    if (at_star)
        return whole(self, p, h, report);
    kick(self, h / 2);
    jump(self, h / 2, path->jump[0]);
    memcpy(self->qd, self->q, bytes);
    memcpy(self->wd, self->w, bytes);
    ORR_TRY(drift(self, p, h, report));
    jump(self, h / 2, path->jump[1]);
    kick(self, h / 2);
    return ORR_OK;
}

static orr_status dismiss(const orr_trace *self, orr_problem *p, double r2, size_t i, double t)
{
    const orr_bodies *b = p->bodies;
    if (r2 <= self->remove_beyond * self->remove_beyond)
        return ORR_OK;
    orr_event e = {.t = t,
                   .kind = ORR_ESCAPE,
                   .a = b->id[i],
                   .b = b->id[self->s.star],
                   .separation = sqrt(r2)};
    ORR_TRY(p->record(p, &e));
    return p->remove(p, e.a);
}

/* Who is too far from the star goes. */
static orr_status dismiss_far(const orr_trace *self, orr_problem *p, double t)
{
    const orr_trace_tests *tests = &self->tests;
    for (size_t k = 0; k < self->n; k++)
        ORR_TRY(dismiss(self, p, orr_square3(self->q, k, self->stride), self->body[k], t));
    for (size_t k = 0; k < tests->n; k++)
        ORR_TRY(dismiss(self, p, orr_square3(tests->q, k, tests->stride), tests->first + k, t));
    return ORR_OK;
}

/* The step stands: what happened is told, and those who are no more go. */
static orr_status settle(const orr_trace *self, orr_problem *p, double h)
{
    for (size_t k = 0; k < self->hits.n; k++) {
        const orr_hit *i = &self->hits.hit[k];
        ORR_TRY(p->record(p, &i->event));
        p->stop = p->stop || (self->collisions == ORR_STOP && i->event.kind == ORR_COLLISION);
        if (!i->merged)
            continue;
        p->bodies->gm[i->heir] = i->gm;
        p->bodies->gm[i->gone] = 0;
        p->bodies->radius[i->heir] = i->radius;
        ORR_TRY(p->remove(p, p->bodies->id[i->gone]));
    }
    return self->remove_beyond > 0 && !p->aside ? dismiss_far(self, p, p->t + h) : ORR_OK;
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    orr_trace *self = state;
    size_t bytes = 3 * self->stride * sizeof(double);
    orr_trace_path path;
    memcpy(self->q0, self->q, bytes);
    memcpy(self->w0, self->w, bytes);
    memcpy(self->gm0, self->gm, self->stride * sizeof(double));
    self->hits = (orr_hits){0};
    memset(self->near, 0, self->n * self->n);
    memset(self->in, 0, self->n);
    bool added = false, at_star = look(self, h, &added);
    ORR_TRY(advance(self, p, h, at_star, &path, report));
    added = false;
    bool at_star_now = look(self, h, &added);
    if (!at_star && (added || at_star_now)) {
        memcpy(self->q, self->q0, bytes);
        memcpy(self->w, self->w0, bytes);
        memcpy(self->gm, self->gm0, self->stride * sizeof(double));
        self->hits.n = 0;
        report->rejected++;
        ORR_TRY(advance(self, p, h, at_star_now, &path, report));
    }
    ORR_TRY(orr_trace_tests_step(self, p, &path, h, report));
    orr_wh_pass(&self->s, h, 1);
    give(self, p->bodies);
    ORR_TRY(settle(self, p, h));
    report->h_done = h;
    report->evaluations++;
    return ORR_OK;
}

static void forget(void *state, orr_problem *p, size_t index)
{
    orr_trace *self = state;
    (void)p;
    orr_trace_tests_forget(self, index - self->tests.first);
}

static const orr_field fields[] = {
    {.name = "hill_radii",
     .offset = offsetof(orr_trace, hill_radii),
     .fallback = 6,
     .min = 0.5,
     .max = 100,
     .role = ORR_OPTION,
     .doc = "a pair closer than this many Hill radii is integrated accurately"},
    {.name = "pericentre_steps",
     .offset = offsetof(orr_trace, pericentre_steps),
     .fallback = 6,
     .min = 0.5,
     .max = 1000,
     .role = ORR_OPTION,
     .doc = "so is a body whose circular period is shorter than this many steps"},
    {.name = "encounters_by",
     .type = ORR_CHOICE,
     .offset = offsetof(orr_trace, by),
     .role = ORR_OPTION,
     .choices = ORR_TRACE_CHILDREN,
     .doc = "the method for what is integrated accurately"},
    {.name = "collisions",
     .type = ORR_CHOICE,
     .offset = offsetof(orr_trace, collisions),
     .role = ORR_OPTION | ORR_MOVED,
     .choices = ORR_COLLISION_NAMES,
     .doc = "of bodies with radii: the lighter becomes part of the other, they bounce, it is only "
            "written down, or the run stops"},
    {.name = "restitution",
     .offset = offsetof(orr_trace, restitution),
     .fallback = 1,
     .max = 1,
     .role = ORR_OPTION | ORR_MOVED,
     .doc = "bounce: part of the normal velocity that is left; pairs that cannot part merge"},
    {.name = "record_within_hill",
     .offset = offsetof(orr_trace, tell_within),
     .max = 100,
     .role = ORR_OPTION | ORR_MOVED,
     .doc = "write down approaches within this many Hill radii, at most hill_radii (0: none)"},
    {.name = "remove_beyond",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(orr_trace, remove_beyond),
     .max = 1e50,
     .role = ORR_OPTION | ORR_MOVED,
     .doc = "take bodies out beyond this distance from the star (0: never)"},
    ORR_STATE_VALUE(orr_trace, n),
    ORR_STATE_VALUE(orr_trace, n_active),
    ORR_STATE_VALUE(orr_trace, stride),
    ORR_STATE_KEPT(orr_trace, body),
    ORR_STATE_KEPT(orr_trace, gm),
    ORR_STATE_KEPT(orr_trace, mu),
    ORR_STATE_KEPT(orr_trace, q),
    ORR_STATE_KEPT(orr_trace, w),
    ORR_STATE_ROOM(orr_trace, gm0),
    ORR_STATE_ROOM(orr_trace, q0),
    ORR_STATE_ROOM(orr_trace, w0),
    ORR_STATE_ROOM(orr_trace, qd),
    ORR_STATE_ROOM(orr_trace, wd),
    ORR_STATE_ROOM(orr_trace, near),
    ORR_STATE_ROOM(orr_trace, in),
    ORR_STATE_UNSAVED(orr_trace, hits),
    ORR_WH_FIELDS(orr_trace, s),
    ORR_STATE_VALUE(orr_trace, tests.n),
    ORR_STATE_VALUE(orr_trace, tests.stride),
    ORR_STATE_VALUE(orr_trace, tests.first),
    ORR_STATE_KEPT(orr_trace, tests.mu),
    ORR_STATE_KEPT(orr_trace, tests.q),
    ORR_STATE_KEPT(orr_trace, tests.w),
    ORR_STATE_ROOM(orr_trace, tests.q0),
    ORR_STATE_ROOM(orr_trace, tests.w0),
    ORR_STATE_ROOM(orr_trace, tests.near),
    ORR_STATE_ROOM(orr_trace, tests.special),
    {0}};

const orr_integrator orr_integrator_trace = {
    .name = "trace",
    .summary = "TRACE: Wisdom-Holman with close encounters resolved by ias15, reversible; for "
               "planets that meet and comets that graze the star.",
    .reference = "10.1093/mnras/stae1982",
    .kind = "hybrid",
    .order = 2,
    .evaluations = 0,
    .traits = ORR_REVERSIBLE | ORR_OWN_GRAVITY | ORR_NEEDS_STAR,
    .fields = fields,
    .state_size = sizeof(orr_trace),
    .prepare = prepare,
    .step = step,
    .forget = forget,
};
