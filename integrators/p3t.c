/* Particle-particle particle-tree: far pairs by a leapfrog, near ones as exactly as is asked for.
 *
 * Oshino, Funato & Makino 2011, PASJ 63, 881, doi 10.1093/pasj/63.4.881; Iwasawa, Portegies Zwart &
 * Makino 2015, Comput. Astrophys. 2, 6, doi 10.1186/s40668-015-0010-1; Wang et al. 2020, MNRAS 497,
 * 536, doi 10.1093/mnras/staa1915 (PeTar).
 *
 *     H = [ T + pulls of near pairs beyond far ones ] + far pulls        near: closer than H
 *
 * Far pulls are those of points that were balls of radius H (orr_eval.changeover): Newton's beyond
 * H, smooth within; kicks of a leapfrog, from any gravity that knows them, `direct` or `fmm`.
 * Between kicks bodies whose reaches touch move in groups (shared/close_group.h), all others on
 * straight lines.  All of it is Newton's law of points, whatever H is: H only says what is kicked.
 */
#include "shared/close_group.h"
#include "shared/motion.h"
#include "shared/neighbours.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include <orrery/primaries.h>

enum { FEW = 64 }; /* bodies that may be one group, whatever they are */

typedef struct p3t {
    orr_motion motion;
    double changeover, tolerance; /* as asked for; changeover 0: from the step */
    double radius;                /* that is used; 0: not chosen yet */
    bool crowded;                 /* some group became large: the next step has a smaller one */
    bool have_acc;                /* acc belongs to the present positions */
    double *acc;
    orr_close close;
} p3t;

static orr_status prepare(void *state, orr_problem *p)
{
    p3t *self = state;
    if (p->bodies->n_passive > 0 || p->softening > 0) {
        p->reason = p->softening > 0 ? "it is for points: leave out 'softening', or take leapfrog"
                                     : "passive bodies are not supported: make them active or test";
        return ORR_E_INCOMPATIBLE;
    }
    if (p->bodies->n_active > FEW &&
        orr_dominant_body(p->bodies, ORR_PART_OUTWEIGHS) < p->bodies->n) {
        p->reason = "it is for clusters: around one heavy body all would be one group; take "
                    "leapfrog, wh or trace";
        return ORR_E_INCOMPATIBLE;
    }
    self->have_acc = self->crowded = false;
    self->radius = self->changeover;
    orr_keep(p->memory, &self->acc, orr_motion_length(p));
    orr_close_prepare(&self->close, p->bodies->n < ORR_MOST_CLOSE ? p->bodies->n : ORR_MOST_CLOSE,
                      p->memory);
    return orr_motion_prepare(&self->motion, p);
}

/* ---- how far bodies reach ---- */

typedef struct reaches {
    size_t *nearest;
    double *distance, *reach;
    double *speed; /* of the body, or of the hard pair that it is of */
    double *apart; /* how far it may go from the middle of that pair */
} reaches;

static orr_status make_reaches(orr_problem *p, reaches *r)
{
    const size_t n = p->bodies->n;
    r->nearest = orr_arena_alloc(p->scratch, (n + 1) * sizeof *r->nearest);
    double *at = orr_arena_alloc(p->scratch, 4 * n * sizeof *at + 8);
    if (!r->nearest || !at)
        return ORR_E_NO_MEMORY;
    r->distance = at, r->reach = at + n, r->speed = at + 2 * n, r->apart = at + 3 * n;
    return ORR_OK;
}

/* The largest distance of two bodies that stay together; INFINITY if they do not. */
static double apocentre(const orr_bodies *b, size_t i, size_t j, double r)
{
    double v2 = 0, rv = 0, mu = b->gm[i] + b->gm[j];
    for (size_t c = 0; c < 3; c++) {
        size_t at = c * b->stride;
        double v = b->vel[at + j] - b->vel[at + i];
        v2 += v * v;
        rv += v * (b->pos[at + j] - b->pos[at + i]);
    }
    double inverse_a = 2 / r - v2 / mu;
    if (!(inverse_a > 0))
        return INFINITY;
    double e2 = 1 - (r * r * v2 - rv * rv) * inverse_a / mu;
    return (1 + sqrt(fmax(e2, 0))) / inverse_a;
}

/* Speeds from the mean motion, a pair that stays within `wide` as one. */
static void speeds(const orr_bodies *b, double wide, const reaches *r)
{
    double mean[3] = {0}, total = 0;
    for (size_t i = 0; i < b->n; i++) {
        total += b->gm[i];
        for (size_t c = 0; c < 3; c++)
            mean[c] += b->gm[i] * b->vel[c * b->stride + i];
    }
    for (size_t i = 0; i < b->n; i++) {
        size_t j = r->nearest[i];
        double apo = j < b->n && r->nearest[j] == i && b->gm[i] + b->gm[j] > 0
                         ? apocentre(b, i < j ? i : j, i < j ? j : i, r->distance[i])
                         : INFINITY;
        bool pair = apo < wide;
        double share = pair ? b->gm[j] / (b->gm[i] + b->gm[j]) : 0, v2 = 0;
        for (size_t c = 0; c < 3; c++) {
            const double *v = b->vel + c * b->stride;
            double one = v[i] - (total > 0 ? mean[c] / total : 0);
            if (pair)
                one += share * (v[j] - v[i]);
            v2 += one * one;
        }
        r->speed[i] = sqrt(v2);
        r->apart[i] = pair ? apo : 0;
    }
}

/* The radius that is chosen: so many steps does it take to cross it at the rms speed; less, where
 * groups become larger than that.  What a group costs grows faster than its bodies. */
static const double steps_across = 12, less = 0.8;
static const size_t most_in_group = 24;

static size_t largest(const orr_groups *groups)
{
    size_t most = 0;
    for (size_t k = 0; k < groups->n; k++)
        if (groups->first[k + 1] - groups->first[k] > most)
            most = groups->first[k + 1] - groups->first[k];
    return most;
}

static orr_status find_groups(p3t *self, orr_problem *p, double h, orr_groups *groups)
{
    const orr_bodies *b = p->bodies;
    const double H = self->radius;
    reaches r;
    ORR_TRY(make_reaches(p, &r));
    ORR_TRY(orr_neighbours_nearest(p, b->n, H, r.nearest, r.distance));
    speeds(b, H / 2, &r);
    for (size_t i = 0; i < b->n; i++)
        r.reach[i] = H / 2 + r.apart[i] + r.speed[i] * fabs(h);
    return orr_groups_find(p, b->n, r.reach, groups);
}

static orr_status choose_radius(p3t *self, orr_problem *p, double h)
{
    const orr_bodies *b = p->bodies;
    const size_t massive = b->n_active > 0 ? b->n_active : b->n;
    reaches r;
    ORR_TRY(make_reaches(p, &r));
    double radius = 0;
    for (int round = 0; round < 2; round++) {
        double sum = 0;
        for (size_t i = 0; i < b->n; i++)
            r.nearest[i] = b->n;
        if (round == 1)
            ORR_TRY(orr_neighbours_nearest(p, b->n, radius, r.nearest, r.distance));
        speeds(b, radius / 2, &r);
        for (size_t i = 0; i < massive; i++)
            sum += r.speed[i] * r.speed[i];
        radius = steps_across * fabs(h) * sqrt(sum / (double)massive);
        if (!(radius > 0))
            break;
    }
    self->radius = radius > 0 ? radius : 1e-3;
    for (size_t most = SIZE_MAX; most > most_in_group;
         self->radius *= most > most_in_group ? less : 1) {
        orr_groups groups;
        ORR_TRY(find_groups(self, p, h, &groups));
        most = largest(&groups);
    }
    return ORR_OK;
}

/* ---- between kicks ---- */

static void load(p3t *self, const orr_bodies *b, const size_t *member, size_t n, double center[3])
{
    orr_close *g = &self->close;
    double total = 0;
    g->n = n;
    for (size_t k = 0; k < n; k++)
        total += g->gm[k] = b->gm[member[k]];
    for (size_t c = 0; c < 3; c++) {
        const double *x = b->pos + c * b->stride, *v = b->vel + c * b->stride;
        const double *x_low = self->motion.pos_low ? self->motion.pos_low + c * b->stride : NULL;
        const double *v_low = self->motion.vel_low ? self->motion.vel_low + c * b->stride : NULL;
        double x0 = x[member[0]], momentum = 0;
        for (size_t k = 0; k < n; k++)
            momentum += g->gm[k] * (v[member[k]] - v[member[0]]);
        center[c] = v[member[0]] + (total > 0 ? momentum / total : 0);
        for (size_t k = 0; k < n; k++) {
            orr_two d = orr_two_sum(x[member[k]], -x0), u = orr_two_sum(v[member[k]], -center[c]);
            d = orr_two_sum(d.high, d.low + (x_low ? x_low[member[k]] : 0));
            u = orr_two_sum(u.high, u.low + (v_low ? v_low[member[k]] : 0));
            g->x[3 * k + c] = d.high, g->x_low[3 * k + c] = d.low;
            g->w[3 * k + c] = u.high, g->w_low[3 * k + c] = u.low;
        }
    }
}

/* y + low becomes base + x + x_low + more, to twice the precision where low is kept. */
static void place(double *y, double *low, double base, double x, double x_low, double more)
{
    orr_two a = orr_two_sum(base, x), s = orr_two_sum(a.high, more);
    s = orr_two_sum(s.high, s.low + (a.low + x_low));
    *y = s.high;
    if (low)
        *low = s.low;
}

static void unload(p3t *self, orr_bodies *b, const size_t *member, double h, const double center[3])
{
    const orr_close *g = &self->close;
    for (size_t c = 0; c < 3; c++) {
        double x0 = b->pos[c * b->stride + member[0]];
        for (size_t k = 0; k < g->n; k++) {
            size_t at = c * b->stride + member[k], of = 3 * k + c;
            place(&b->pos[at], self->motion.pos_low ? &self->motion.pos_low[at] : NULL, x0,
                  g->x[of], g->x_low[of], h * center[c]);
            place(&b->vel[at], self->motion.vel_low ? &self->motion.vel_low[at] : NULL, center[c],
                  g->w[of], g->w_low[of], 0);
        }
    }
}

static orr_status near_motion(p3t *self, orr_problem *p, double h)
{
    orr_bodies *b = p->bodies;
    orr_groups groups;
    if (p->softening < 0) { /* bodies do not attract each other */
        orr_drift(&self->motion, p, h, b->vel);
        return ORR_OK;
    }
    ORR_TRY(find_groups(self, p, h, &groups));
    /* straight lines for all, but those of groups stay where they are */
    double *line = orr_arena_alloc(p->scratch, 3 * b->stride * sizeof *line);
    if (!line)
        return ORR_E_NO_MEMORY;
    memcpy(line, b->vel, 3 * b->stride * sizeof *line);
    for (size_t k = 0; k < groups.first[groups.n]; k++)
        for (size_t c = 0; c < 3; c++)
            line[c * b->stride + groups.member[k]] = 0;
    orr_drift(&self->motion, p, h, line);
    self->close.changeover = self->radius;
    self->close.tolerance = self->tolerance;
    self->close.evaluations = 0;
    for (size_t k = 0; k < groups.n; k++) {
        const size_t *member = groups.member + groups.first[k];
        size_t n = groups.first[k + 1] - groups.first[k];
        double center[3];
        if (n > ORR_MOST_CLOSE) {
            p->reason = "too many bodies are within the changeover radius of each other: take "
                        "shorter steps, or a smaller 'changeover'";
            return ORR_E_STEP_TOO_SMALL;
        }
        load(self, b, member, n, center);
        ORR_TRY(orr_close_advance(&self->close, h));
        unload(self, b, member, h, center);
    }
    self->crowded = largest(&groups) > 2 * most_in_group && self->changeover == 0;
    return ORR_OK;
}

static orr_status far_pulls(p3t *self, orr_problem *p, double t, orr_step_report *report)
{
    report->evaluations++;
    return p->eval(
        p, (orr_eval){.t = t, .want = ORR_WANT_ACC, .acc = self->acc, .changeover = self->radius});
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    p3t *self = state;
    if (self->radius == 0) {
        ORR_TRY(choose_radius(self, p, h));
        self->have_acc = false;
    } else if (self->crowded) {
        self->radius *= less;
        self->have_acc = false;
    }
    if (!self->have_acc)
        ORR_TRY(far_pulls(self, p, p->t, report));
    self->have_acc = false;
    orr_kick(&self->motion, p, h / 2, self->acc);
    ORR_TRY(near_motion(self, p, h));
    ORR_TRY(far_pulls(self, p, p->t + h, report));
    self->have_acc = true;
    orr_kick(&self->motion, p, h / 2, self->acc);
    report->h_done = h;
    return ORR_OK;
}

static const orr_field fields[] = {
    ORR_MOTION_FIELDS(1),
    {.name = "changeover",
     .type = ORR_DOUBLE,
     .dim = {1, 0, 0, 0},
     .offset = offsetof(p3t, changeover),
     .max = 1e50,
     .role = ORR_OPTION,
     .doc = "closer pairs are not kicked but followed; 0: the way of twelve steps, or less where "
            "many are near"},
    {.name = "group_tolerance",
     .type = ORR_DOUBLE,
     .offset = offsetof(p3t, tolerance),
     .fallback = 1e-10,
     .min = 1e-14,
     .max = 1e6,
     .role = ORR_OPTION,
     .doc = "error of a step of a group, relative to each separation and velocity"},
    ORR_STATE_VALUE(p3t, radius),
    ORR_STATE_VALUE(p3t, crowded),
    ORR_STATE_VALUE(p3t, have_acc),
    ORR_STATE_KEPT(p3t, acc),
    ORR_CLOSE_FIELDS(p3t),
    {0}};

const orr_integrator orr_integrator_p3t = {
    .name = "p3t",
    .summary = "Clusters with close pairs: leapfrog for far pulls, near bodies followed in groups.",
    .reference = "10.1093/pasj/63.4.881",
    .kind = "splitting",
    .order = 2,
    .evaluations = 1,
    .traits = ORR_NEEDS_CHANGEOVER | ORR_COUPLES_BODIES,
    .fields = fields,
    .state_size = sizeof(p3t),
    .prepare = prepare,
    .step = step,
};
