/* Algorithmic regularisation of few-body motion: collisions of two points are regular, close
 * encounters keep every digit.
 *
 * Mikkola & Tanikawa 1999, MNRAS 310, 745, doi 10.1046/j.1365-8711.1999.02982.x (logarithmic
 * Hamiltonian); Mikkola & Aarseth 2002, Celest. Mech. Dyn. Astron. 84, 343, doi
 * 10.1023/A:1021149313347 (time-transformed leapfrog); Mikkola & Merritt 2008, AJ 135, 2398, doi
 * 10.1088/0004-6256/135/6/2398 (chain).
 *
 * With a fictitious time s, dt = ds / (T + B) = ds / U, the leapfrog
 *
 *     t += ds/2 / (T(w) + B),  x += (that) w;   w += ds / U(x) a(x);   again half a drift
 *
 * follows a Kepler orbit exactly but for the time, whatever its eccentricity: kinetic energy T and
 * potential -U appear apart, nothing is singular, B = U - T never changes.  Extrapolated to zero
 * step it has any order.  Coordinates are the vectors of a chain through all bodies, from nearest
 * to nearest, so that small separations are never differences of large numbers.  With
 * `form: ttl` time is slowed by the sum of 1/r over pairs in place of U: better for very unequal
 * masses. */
#include <orrery/primaries.h>

#include "shared/adaptive.h"
#include "shared/extrapolation.h"

#include <string.h>

enum { MOST_BODIES = 64, MOST_LINKS = MOST_BODIES - 1 };

/* The state that is extrapolated, 6 links + 2: link vectors, their velocities, time, omega. */
typedef struct regularized {
    orr_adaptive adaptive;
    int form, slow; /* as asked for; as it is done */
    size_t n;       /* bodies */
    orr_gbs gbs;
    double ds;                 /* of the next step; 0: not chosen yet */
    double binding;            /* B = U - T; constant */
    size_t order[MOST_BODIES]; /* of the bodies along the chain */
    double gm[MOST_BODIES];    /* in that order */
    size_t heaviest;           /* in that order */
    double y[6 * MOST_LINKS + 2], low[6 * MOST_LINKS + 2];
    double center[6], center_low[6]; /* position and velocity of the centre of mass */
    double total;                    /* gm */
    uint64_t evaluations;
} regularized;

enum { LOGARITHMIC, TTL };

static size_t links(const regularized *self)
{
    return self->n - 1;
}

static size_t time_at(const regularized *self)
{
    return 6 * links(self);
}

/* ---- physics: functions of link vectors x [links][3] and velocities w ---- */

/* r_j - r_i of chain members i < j: short ones are sums of few links, never differences. */
static void separation(const double *x, const double (*r)[3], size_t i, size_t j, double d[3])
{
    for (int c = 0; c < 3; c++) {
        if (j == i + 1)
            d[c] = x[3 * i + (size_t)c];
        else if (j == i + 2)
            d[c] = x[3 * i + (size_t)c] + x[3 * i + 3 + (size_t)c];
        else
            d[c] = r[j][c] - r[i][c];
    }
}

/* Accelerations of the links; returns U, and in *omega the time function of `form`. */
static double pull(regularized *self, const double *x, double *a, double *omega, double *gradient)
{
    const size_t n = self->n;
    double r[MOST_BODIES][3], acc[MOST_BODIES][3], g[MOST_BODIES][3], U = 0;
    bool ttl = self->slow == TTL;
    for (size_t k = 0; k < n; k++)
        for (size_t c = 0; c < 3; c++) {
            r[k][c] = k ? r[k - 1][c] + x[3 * (k - 1) + c] : 0;
            acc[k][c] = g[k][c] = 0;
        }
    *omega = 0;
    for (size_t i = 0; i + 1 < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double d[3];
            separation(x, (const double(*)[3])r, i, j, d);
            double r2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
            double inverse = 1 / sqrt(r2), inverse3 = inverse / r2;
            U += self->gm[i] * self->gm[j] * inverse;
            *omega += inverse;
            for (int c = 0; c < 3; c++) {
                double f = d[c] * inverse3;
                acc[i][c] += self->gm[j] * f;
                acc[j][c] -= self->gm[i] * f;
                if (ttl) { /* gradient of omega */
                    g[i][c] += f;
                    g[j][c] -= f;
                }
            }
        }
    for (size_t k = 0; k + 1 < n; k++)
        for (size_t c = 0; c < 3; c++)
            a[3 * k + c] = acc[k + 1][c] - acc[k][c];
    if (ttl)
        memcpy(gradient, g, n * sizeof g[0]);
    self->evaluations++;
    return U;
}

/* One coordinate of all bodies relative to the centre of mass, from that of the links [links][3].
 * Seen from the heaviest body first: so the small motion of a star is not the difference of large
 * numbers. */
static void from_links(const regularized *self, const double *link, double out[])
{
    double mean = 0;
    out[self->heaviest] = 0;
    for (size_t k = self->heaviest; k + 1 < self->n; k++)
        out[k + 1] = out[k] + link[3 * k];
    for (size_t k = self->heaviest; k > 0; k--)
        out[k - 1] = out[k] - link[3 * (k - 1)];
    for (size_t k = 0; k < self->n; k++)
        mean += self->gm[k] * out[k];
    for (size_t k = 0; k < self->n; k++)
        out[k] -= mean / self->total;
}

static void body_velocities(const regularized *self, const double *w, double v[3][MOST_BODIES])
{
    for (size_t c = 0; c < 3; c++)
        from_links(self, w + c, v[c]);
}

static double kinetic(const regularized *self, const double *w)
{
    double v[3][MOST_BODIES], sum = 0;
    if (self->n == 2) {
        double w2 = w[0] * w[0] + w[1] * w[1] + w[2] * w[2];
        return 0.5 * self->gm[0] * self->gm[1] / self->total * w2;
    }
    body_velocities(self, w, v);
    for (size_t k = 0; k < self->n; k++)
        sum += self->gm[k] * (v[0][k] * v[0][k] + v[1][k] * v[1][k] + v[2][k] * v[2][k]);
    return 0.5 * sum;
}

/* ---- the leapfrog in fictitious time ---- */

/* The state, with what rounding takes from it: a step may lead from apocentre to apocentre, and
 * what is lost out there would be large beside the separation at the pericentre. */
typedef struct moving {
    double x[3 * MOST_LINKS], w[3 * MOST_LINKS], x_low[3 * MOST_LINKS], w_low[3 * MOST_LINKS];
    double t, t_low, omega;
} moving;

static void drift(const regularized *self, double ds, moving *m)
{
    const size_t half = 3 * links(self);
    double rate = self->slow == TTL ? m->omega : kinetic(self, m->w) + self->binding;
    double dt = ds / rate;
    orr_add_compensated(&m->t, &m->t_low, dt);
    for (size_t i = 0; i < half; i++)
        orr_add_compensated(&m->x[i], &m->x_low[i], dt * m->w[i]);
}

static void kick(regularized *self, double ds, moving *m)
{
    const size_t half = 3 * links(self);
    double a[3 * MOST_LINKS], omega, gradient[MOST_BODIES][3], before[3][MOST_BODIES];
    double U = pull(self, m->x, a, &omega, gradient[0]);
    bool ttl = self->slow == TTL;
    double dt = ds / (ttl ? omega : U);
    if (ttl)
        body_velocities(self, m->w, before);
    for (size_t i = 0; i < half; i++)
        orr_add_compensated(&m->w[i], &m->w_low[i], dt * a[i]);
    if (ttl) { /* omega changes along the mean velocity */
        double after[3][MOST_BODIES], sum = 0;
        body_velocities(self, m->w, after);
        for (size_t k = 0; k < self->n; k++)
            for (size_t c = 0; c < 3; c++)
                sum += gradient[k][c] * (before[c][k] + after[c][k]) / 2;
        m->omega += dt * sum;
    }
}

static orr_status march(void *user, double S, int steps, double *dy)
{
    regularized *self = user;
    const size_t half = 3 * links(self);
    moving m;
    double ds = S / steps;
    memcpy(m.x, self->y, half * sizeof(double));
    memcpy(m.w, self->y + half, half * sizeof(double));
    memcpy(m.x_low, self->low, half * sizeof(double));
    memcpy(m.w_low, self->low + half, half * sizeof(double));
    m.t = m.t_low = 0;
    m.omega = self->y[2 * half + 1];
    drift(self, ds / 2, &m);
    for (int k = 1; k <= steps; k++) {
        kick(self, ds, &m);
        drift(self, k < steps ? ds : ds / 2, &m);
    }
    for (size_t i = 0; i < half; i++) {
        dy[i] = (m.x[i] - self->y[i]) + (m.x_low[i] - self->low[i]);
        dy[half + i] = (m.w[i] - self->y[half + i]) + (m.w_low[i] - self->low[half + i]);
    }
    dy[2 * half] = m.t + m.t_low;
    dy[2 * half + 1] = m.omega - self->y[2 * half + 1];
    return ORR_OK;
}

/* Corrections relative to link lengths, link velocities, and the time step. */
static double size(void *user, const double *dy, const double *correction)
{
    const regularized *self = user;
    const size_t half = 3 * links(self);
    double worst = 0;
    for (size_t at = 0; at < 2 * half; at += 3) {
        double error = 0, start = 0, end = 0;
        for (size_t c = at; c < at + 3; c++) {
            double now = self->y[c] + dy[c];
            error += correction[c] * correction[c];
            start += self->y[c] * self->y[c];
            end += now * now;
        }
        worst = fmax(worst, error / fmax(start, end));
    }
    double dt = correction[2 * half] / dy[2 * half];
    worst = fmax(worst, dt * dt);
    return isfinite(dy[2 * half]) ? sqrt(worst) / self->adaptive.tolerance : NAN;
}

/* ---- the chain ---- */

static double apart(const orr_bodies *b, size_t i, size_t j)
{
    double sum = 0;
    for (size_t c = 0; c < 3; c++) {
        double d = b->pos[c * b->stride + i] - b->pos[c * b->stride + j];
        sum += d * d;
    }
    return sum;
}

/* Begin with the closest pair, then add the body nearest to either end. */
static void link_up(const orr_bodies *b, size_t n, size_t order[])
{
    bool used[MOST_BODIES] = {false};
    size_t chain[2 * MOST_BODIES], first = MOST_BODIES, last = MOST_BODIES + 1;
    double least = INFINITY;
    chain[first] = 0, chain[last] = 1;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (apart(b, i, j) < least) {
                least = apart(b, i, j);
                chain[first] = i, chain[last] = j;
            }
    used[chain[first]] = used[chain[last]] = true;
    for (size_t count = 2; count < n; count++) {
        size_t next = 0;
        bool at_head = false;
        least = INFINITY;
        for (size_t k = 0; k < n; k++) {
            if (used[k])
                continue;
            double head = apart(b, k, chain[first]), tail = apart(b, k, chain[last]);
            if (fmin(head, tail) < least) {
                least = fmin(head, tail);
                next = k;
                at_head = head < tail;
            }
        }
        used[next] = true;
        if (at_head)
            chain[--first] = next;
        else
            chain[++last] = next;
    }
    memcpy(order, chain + first, n * sizeof *order);
}

/* Masses, and which body is the heaviest, in the order of the chain. */
static void take_masses(regularized *self, const orr_bodies *b)
{
    self->heaviest = 0;
    for (size_t k = 0; k < self->n; k++) {
        self->gm[k] = b->gm[self->order[k]];
        if (self->gm[k] > self->gm[self->heaviest])
            self->heaviest = k;
    }
}

/* Pass to the chain `order`: its links are sums of old ones, so no digit is lost. */
static void relink(regularized *self, const orr_bodies *b, const size_t order[])
{
    const size_t n = self->n, half = 3 * links(self);
    size_t place[MOST_BODIES];
    double y[6 * MOST_LINKS], low[6 * MOST_LINKS];
    for (size_t k = 0; k < n; k++)
        place[self->order[k]] = k;
    for (size_t k = 0; k + 1 < n; k++)
        for (size_t part = 0; part < 2; part++)
            for (size_t c = 0; c < 3; c++) {
                size_t from = place[order[k]], to = place[order[k + 1]];
                double sign = from < to ? 1 : -1, sum = 0, rest = 0;
                for (size_t m = from < to ? from : to; m < (from < to ? to : from); m++) {
                    orr_two s = orr_two_sum(sum, self->y[part * half + 3 * m + c]);
                    rest += s.low + self->low[part * half + 3 * m + c];
                    sum = s.high;
                }
                y[part * half + 3 * k + c] = sign * (sum + rest);
                low[part * half + 3 * k + c] = sign * ((sum - (sum + rest)) + rest);
            }
    for (size_t i = 0; i < 2 * half; i++) {
        self->y[i] = y[i];
        self->low[i] = low[i];
    }
    for (size_t k = 0; k < n; k++)
        self->order[k] = order[k];
    take_masses(self, b);
}

/* Bodies from the chain and the centre of mass. */
static void unchain(const regularized *self, orr_bodies *b)
{
    const size_t half = 3 * links(self);
    for (size_t part = 0; part < 2; part++)
        for (size_t c = 0; c < 3; c++) {
            double r[MOST_BODIES], *out = (part ? b->vel : b->pos) + c * b->stride;
            from_links(self, self->y + part * half + c, r);
            for (size_t k = 0; k < self->n; k++)
                out[self->order[k]] = self->center[3 * part + c] + r[k];
        }
}

/* Chain and centre of mass from the bodies; false: two are in the same place. */
static bool take(regularized *self, const orr_bodies *b)
{
    memset(self->low, 0, sizeof self->low);
    memset(self->center_low, 0, sizeof self->center_low);
    orr_state center;
    self->total = orr_barycentre(b, &center);
    for (size_t c = 0; c < 3; c++) {
        self->center[c] = self->total > 0 ? center.pos[c] : b->pos[c * b->stride];
        self->center[3 + c] = self->total > 0 ? center.vel[c] : b->vel[c * b->stride];
    }
    if (b->n > 1) {
        const size_t half = 3 * links(self);
        link_up(b, b->n, self->order);
        for (size_t k = 0; k + 1 < b->n; k++)
            for (size_t c = 0; c < 3; c++) {
                size_t i = c * b->stride + self->order[k], j = c * b->stride + self->order[k + 1];
                self->y[3 * k + c] = b->pos[j] - b->pos[i];
                self->y[half + 3 * k + c] = b->vel[j] - b->vel[i];
            }
        take_masses(self, b);
        double a[3 * MOST_LINKS], gradient[MOST_BODIES][3], omega;
        double U = pull(self, self->y, a, &omega, gradient[0]);
        self->binding = U - kinetic(self, self->y + half);
        self->y[2 * half] = 0;
        self->y[2 * half + 1] = omega;
        return isfinite(U);
    }
    return true;
}

static orr_status prepare(void *state, orr_problem *p)
{
    regularized *self = state;
    const orr_bodies *b = p->bodies;
    if (b->n > MOST_BODIES || b->n_passive > 0 || b->n_active < 1) {
        p->reason = b->n_passive > 0  ? "passive bodies are not supported: make them active or test"
                    : b->n_active < 1 ? "no body has a mass: there is nothing to regularize"
                                      : "it is for few bodies, at most 64";
        return b->n_active < 1 ? ORR_E_INCOMPATIBLE : ORR_E_ARGUMENT;
    }
    self->n = b->n;
    self->ds = 0;
    self->slow = self->form;
    for (size_t i = 0; i < b->n; i++)
        if (b->gm[i] == 0)
            self->slow = TTL; /* the potential does not see a body without mass */
    if (!take(self, b))
        return ORR_E_NOT_FINITE;
    orr_gbs_prepare(&self->gbs, 6 * links(self) + 2, p->memory);
    return orr_adaptive_prepare(&self->adaptive, p);
}

/* The chain keeps more digits than the bodies: it is left only where it has come away from them, as
 * in chaotic motion it does in time. */
static void follow(void *state, orr_problem *p)
{
    const double close = 1e-13; /* of the size of the system and of the speeds in it */
    regularized *self = state;
    const orr_bodies *b = p->bodies;
    const size_t half = 3 * links(self);
    double apart = 0;
    for (size_t part = 0; part < 2; part++) {
        double off = 0, size = 0;
        for (size_t c = 0; c < 3; c++) {
            double r[MOST_BODIES], center = self->center[3 * part + c];
            const double *there = (part ? b->vel : b->pos) + c * b->stride;
            from_links(self, self->y + part * half + c, r);
            for (size_t k = 0; k < self->n; k++) {
                size = fmax(size, fabs(r[k]) + fabs(center));
                off = fmax(off, fabs(center + r[k] - there[self->order[k]]));
            }
        }
        apart = fmax(apart, size > 0 ? off / size : 0);
    }
    if (self->n > 1 && apart > close)
        (void)take(self, b);
}

/* ---- steps ---- */

/* ds / dt at the state y. */
static double rate(regularized *self, const double *y)
{
    double a[3 * MOST_LINKS], gradient[MOST_BODIES][3], omega;
    double U = pull(self, y, a, &omega, gradient[0]);
    return self->slow == TTL ? omega : U;
}

/* A step in fictitious time that ends no later than h_limit [time]; one that would is solved for by
 * Newton's method with dt/ds, kept in a bracket. */
static orr_status find_step(regularized *self, orr_problem *p, double h_limit, double *ds,
                            orr_gbs_result *result, double *next, orr_step_report *report)
{
    const orr_gbs_system system = {.march = march, .size = size, .user = self, .cost = 0};
    const size_t at = time_at(self);
    const double start = rate(self, self->y), close = 4.5e-16 * fmax(fabs(p->t), fabs(h_limit));
    double high = INFINITY, low = 0; /* ds that pass the limit, and that do not */
    bool refused = true; /* one that ends at a limit may be as short as the limit asks */
    *next = 0;
    for (int tries = 0;; tries++) {
        if (orr_adaptive_too_short(&self->adaptive, p->t, fabs(*ds) / start) &&
            fabs(*ds) / start < fabs(h_limit) && refused)
            return ORR_E_STEP_TOO_SMALL;
        ORR_TRY(orr_gbs_try(&self->gbs, &system, *ds, result));
        refused = !result->accepted;
        if (refused) {
            report->rejected++;
            *ds *= result->factor;
            continue;
        }
        double dt = result->increment[at], missing = h_limit - dt;
        if (*next == 0)
            *next = *ds * result->factor;
        if (fabs(missing) <= close || tries > 60)
            return ORR_OK;
        if (fabs(dt) < fabs(h_limit)) {
            if (high == INFINITY) /* the whole step fits */
                return ORR_OK;
            low = fabs(*ds);
        } else {
            high = fabs(*ds);
        }
        double end[3 * MOST_LINKS];
        for (size_t i = 0; i < 3 * links(self); i++)
            end[i] = self->y[i] + result->increment[i];
        double better = fabs(*ds + missing * rate(self, end));
        if (!(better > low && better < high))
            better = (low + high) / 2;
        if (high - low <= 4.5e-16 * high)
            return ORR_OK;
        *ds = copysign(better, *ds);
    }
}

static orr_status free_motion(regularized *self, orr_problem *p, double h_limit,
                              orr_step_report *report)
{
    double h = isfinite(h_limit) ? h_limit : copysign(1, h_limit);
    for (size_t c = 0; c < 3; c++) {
        orr_add_compensated(&self->center[c], &self->center_low[c], h * self->center[3 + c]);
        p->bodies->pos[c * p->bodies->stride] = self->center[c];
    }
    report->h_done = h;
    return ORR_OK;
}

static orr_status step(void *state, orr_problem *p, double h_limit, orr_step_report *report)
{
    regularized *self = state;
    orr_bodies *b = p->bodies;
    const size_t half = 3 * links(self);
    if (self->n == 1)
        return free_motion(self, p, h_limit, report);
    self->evaluations = 0;
    self->y[time_at(self)] = self->low[time_at(self)] = 0;
    if (self->ds == 0) {
        double *acc = orr_arena_alloc(p->scratch, 6 * b->stride * sizeof *acc);
        if (!acc)
            return ORR_E_NO_MEMORY;
        ORR_TRY(orr_accelerate(p, p->t, acc, report));
        double first = self->adaptive.first_step;
        first = first > 0 ? first : 0.3 * orr_time_scale(p, acc, NULL);
        self->ds = (isfinite(first) ? first : 1) * rate(self, self->y);
    }
    double ds = self->ds, next, most = self->adaptive.max_step * rate(self, self->y);
    if (most > 0 && ds > most)
        ds = most;
    ds = copysign(ds, h_limit);
    orr_gbs_result result;
    ORR_TRY(find_step(self, p, h_limit, &ds, &result, &next, report));

    double dt = result.increment[time_at(self)], rest = 0;
    if (isfinite(h_limit) && fabs(dt) >= fabs(h_limit) * (1 - 1e-12)) {
        rest = h_limit - dt; /* round-off of the search */
        dt = h_limit;
    }
    for (size_t i = 0; i < half; i++)
        orr_add_compensated(&self->y[i], &self->low[i],
                            result.increment[i] + rest * self->y[half + i]);
    for (size_t i = half; i < 2 * half; i++)
        orr_add_compensated(&self->y[i], &self->low[i], result.increment[i]);
    orr_add_compensated(&self->y[2 * half + 1], &self->low[2 * half + 1],
                        result.increment[2 * half + 1]);
    for (size_t c = 0; c < 3; c++)
        orr_add_compensated(&self->center[c], &self->center_low[c], dt * self->center[3 + c]);
    unchain(self, b);
    if (self->n > 2) {
        size_t order[MOST_BODIES];
        link_up(b, self->n, order);
        if (memcmp(order, self->order, self->n * sizeof *order) != 0)
            relink(self, b, order);
    }
    self->ds = fabs(next);
    orr_adaptive_accept(&self->adaptive, dt, fabs(dt), INFINITY);
    report->evaluations += self->evaluations;
    report->h_done = dt;
    return ORR_OK;
}

static const orr_field fields[] = {
    ORR_ADAPTIVE_FIELDS(1e-14, 1e-15, "error of a step, relative to each separation and velocity"),
    ORR_STATE_VALUE(regularized, slow),
    ORR_STATE_VALUE(regularized, n),
    ORR_STATE_VALUE(regularized, ds),
    ORR_STATE_VALUE(regularized, binding),
    ORR_STATE_VALUE(regularized, order),
    ORR_STATE_VALUE(regularized, gm),
    ORR_STATE_VALUE(regularized, heaviest),
    ORR_STATE_VALUE(regularized, y),
    ORR_STATE_VALUE(regularized, low),
    ORR_STATE_VALUE(regularized, center),
    ORR_STATE_VALUE(regularized, center_low),
    ORR_STATE_VALUE(regularized, total),
    ORR_STATE_UNSAVED(regularized, evaluations),
    ORR_GBS_FIELDS(regularized),
    {.name = "form",
     .type = ORR_CHOICE,
     .offset = offsetof(regularized, form),
     .role = ORR_OPTION,
     .choices = "logarithmic-hamiltonian|ttl",
     .doc =
         "what slows time: the potential, or (very unequal masses, test bodies) sum of 1/distance"},
    {0}};

const orr_integrator orr_integrator_regularized = {
    .name = "regularized",
    .summary = "Few bodies, close encounters, collisions of points: chain and regularised time.",
    .reference = "10.1088/0004-6256/135/6/2398",
    .kind = "regularisation",
    .order = 0,
    .traits = ORR_ADAPTIVE | ORR_COUPLES_BODIES | ORR_OWN_GRAVITY,
    .fields = fields,
    .state_size = sizeof(regularized),
    .prepare = prepare,
    .step = step,
    .follow = follow,
};
