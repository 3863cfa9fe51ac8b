/* General relativity to first post-Newtonian order, in harmonic coordinates.
 *
 * eih: all bodies, as JPL's ephemerides have it (Einstein, Infeld & Hoffmann 1938; Moyer 2003,
 * Formulation for Observed and Computed Values of Deep Space Network Data Types, eq. 4-26 with
 * beta = gamma = 1).  With d = r_j - r_i, r = |d| and Newtonian accelerations a_j, the part of
 * order 1/c^2 is
 *
 *     sum over j  GM_j/r^3 { d [ -4 phi_i - phi_j + v_i^2 + 2 v_j^2 - 4 v_i.v_j - 3/2 (d.v_j/r)^2
 *                                + d.a_j/2 ] - (d.(4 v_i - 3 v_j)) (v_i - v_j) } + 7/2 GM_j a_j/r,
 *
 *     phi_i = sum over k  GM_k / |r_k - r_i|.
 *
 * 1pn: the same for test bodies about one that dominates (Damour & Deruelle 1985): with x, v from
 * it
 *
 *     mu/r^3 [ (4 mu/r - v^2) x + 4 (x.v) v ]
 *
 * and the reaction on it, so that momentum stays.  Energies are those of the Lagrangian. */
#include <orrery/force.h>

#include <math.h>
#include <string.h>

#include "body.h"

enum { EIH, ONE_PN };

typedef struct relativity {
    int model; /* index into the choices below */
    double of; /* id of the body that dominates; -1: the heaviest */
    double c2; /* of light [length2/time2] */
    size_t center;
} relativity;

static orr_status prepare(void *state, orr_problem *p, orr_arena *memory)
{
    relativity *self = state;
    (void)memory;
    if (!(p->speed_of_light > 0)) {
        p->reason = "needs the speed of light: give the scenario units of length and time";
        return ORR_E_INCOMPATIBLE;
    }
    if (p->bodies->n_passive > 0) {
        p->reason = "takes no passive bodies; make them 'active' or 'test'";
        return ORR_E_INCOMPATIBLE;
    }
    self->c2 = p->speed_of_light * p->speed_of_light;
    return orr_force_body(p, self->of, &self->center);
}

/* ---- all bodies ---- */

/* What all terms need: inverse distances [n n_active], potentials [n] and Newtonian accelerations
 * [3 n_active] by the active bodies. */
typedef struct field {
    double *inverse, *phi, *acc;
} field;

static bool newton(const orr_bodies *b, orr_arena *scratch, field *f)
{
    size_t na = b->n_active;
    f->inverse = orr_arena_alloc(scratch, b->n * na * sizeof *f->inverse);
    f->phi = orr_arena_alloc(scratch, b->n * sizeof *f->phi);
    f->acc = orr_arena_alloc(scratch, 3 * na * sizeof *f->acc);
    if (!f->inverse || !f->phi || !f->acc)
        return false;
    memset(f->phi, 0, b->n * sizeof *f->phi);
    memset(f->acc, 0, 3 * na * sizeof *f->acc);
    for (size_t i = 0; i < b->n; i++) /* pairs of active bodies once */
        for (size_t j = 0; j < i && j < na; j++) {
            double d[3], u = 1 / sqrt(orr_from_to(b->pos, b, i, j, d));
            f->inverse[i * na + j] = u;
            f->phi[i] += b->gm[j] * u;
            if (i >= na)
                continue;
            f->inverse[j * na + i] = u;
            f->phi[j] += b->gm[i] * u;
            double u3 = u * u * u;
            for (size_t c = 0; c < 3; c++) {
                f->acc[3 * i + c] += b->gm[j] * u3 * d[c];
                f->acc[3 * j + c] -= b->gm[i] * u3 * d[c];
            }
        }
    return true;
}

static orr_status add_eih(const relativity *self, const orr_bodies *b, double *out,
                          orr_arena *scratch)
{
    size_t na = b->n_active;
    field f;
    if (!newton(b, scratch, &f))
        return ORR_E_NO_MEMORY;
    for (size_t i = 0; i < b->n; i++) {
        double sum[3] = {0}, vi[3] = {0};
        double vi2 = orr_vector(b->vel, b, i, vi);
        for (size_t j = 0; j < na; j++) {
            double d[3], vj[3];
            if (i == j)
                continue;
            orr_from_to(b->pos, b, i, j, d);
            double vj2 = orr_vector(b->vel, b, j, vj), u = f.inverse[i * na + j];
            double pull = b->gm[j] * (u * u * u), dvj = orr_dot(d, vj), along = dvj * u;
            const double *aj = f.acc + 3 * j;
            double radial = -4 * f.phi[i] - f.phi[j] + vi2 + 2 * vj2 - 4 * orr_dot(vi, vj) -
                            1.5 * along * along + 0.5 * orr_dot(d, aj);
            double across = 4 * orr_dot(d, vi) - 3 * dvj, indirect = 3.5 * b->gm[j] * u;
            for (int c = 0; c < 3; c++)
                sum[c] += pull * (radial * d[c] - across * (vi[c] - vj[c])) + indirect * aj[c];
        }
        for (size_t c = 0; c < 3; c++)
            out[i + c * b->stride] += sum[c] / self->c2;
    }
    return ORR_OK;
}

static double energy_eih(const relativity *self, const orr_bodies *b)
{
    double sum = 0;
    for (size_t i = 0; i < b->n_active; i++) {
        double vi[3], vi2 = orr_vector(b->vel, b, i, vi), phi = 0;
        sum += 3. / 8 * b->gm[i] * vi2 * vi2;
        for (size_t j = 0; j < b->n_active; j++) {
            double d[3], vj[3];
            if (i == j)
                continue;
            double r2 = orr_from_to(b->pos, b, i, j, d), vj2 = orr_vector(b->vel, b, j, vj);
            phi += b->gm[j] / sqrt(r2);
            sum += b->gm[i] * b->gm[j] / sqrt(r2) / 2 *
                   (1.5 * (vi2 + vj2) - 3.5 * orr_dot(vi, vj) -
                    0.5 * orr_dot(d, vi) * orr_dot(d, vj) / r2);
        }
        sum += b->gm[i] * phi * phi / 2;
    }
    return sum / self->c2;
}

/* ---- one that dominates ---- */

static void add_one_pn(const relativity *self, const orr_bodies *b, double *out)
{
    double mu = b->gm[self->center];
    for (size_t i = 0; i < b->n; i++) {
        double x[3], v[3], a[3];
        if (i == self->center)
            continue;
        double r2 = orr_from_to(b->pos, b, self->center, i, x);
        double v2 = orr_from_to(b->vel, b, self->center, i, v), r = sqrt(r2);
        double scale = mu / (self->c2 * r2 * r);
        for (int c = 0; c < 3; c++)
            a[c] = scale * ((4 * mu / r - v2) * x[c] + 4 * orr_dot(x, v) * v[c]);
        orr_push_apart(b, self->center, i, a, out);
    }
}

static double energy_one_pn(const relativity *self, const orr_bodies *b)
{
    double mu = b->gm[self->center], sum = 0;
    for (size_t i = 0; i < b->n_active; i++) {
        double x[3], v[3];
        if (i == self->center)
            continue;
        double r2 = orr_from_to(b->pos, b, self->center, i, x);
        double v2 = orr_from_to(b->vel, b, self->center, i, v);
        sum += b->gm[i] * (3. / 8 * v2 * v2 + 1.5 * mu / sqrt(r2) * v2 + mu * mu / (2 * r2));
    }
    return sum / self->c2;
}

static orr_status add(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    const relativity *self = state;
    if (!(r->want & ORR_WANT_ACC))
        return ORR_OK;
    if (self->model == EIH)
        return add_eih(self, b, r->acc, scratch);
    add_one_pn(self, b, r->acc);
    return ORR_OK;
}

static orr_status energy(const void *state, const orr_bodies *b, double t, int threads,
                         orr_arena *scratch, double *out)
{
    const relativity *self = state;
    (void)t, (void)threads, (void)scratch;
    *out = self->model == EIH ? energy_eih(self, b) : energy_one_pn(self, b);
    return ORR_OK;
}

static const orr_field fields[] = {
    {.name = "model",
     .type = ORR_CHOICE,
     .offset = offsetof(relativity, model),
     .role = ORR_OPTION,
     .choices = "eih|1pn",
     .doc = "eih: of all bodies, as in JPL's ephemerides; 1pn: of one that dominates"},
    {.name = "of",
     .type = ORR_BODY,
     .offset = offsetof(relativity, of),
     .fallback = -1,
     .role = ORR_OPTION,
     .doc = "1pn: the body that dominates (none named: the heaviest)"},
    ORR_STATE_VALUE(relativity, c2),
    ORR_STATE_VALUE(relativity, center),
    {0}};

const orr_force orr_force_relativity = {
    .name = "relativity",
    .summary = "General relativity to order 1/c^2, for all bodies or about one.",
    .reference = "Moyer 2003, eq. 4-26; Einstein, Infeld & Hoffmann 1938, 10.2307/1968714",
    .traits = ORR_CONSERVATIVE | ORR_VELOCITY,
    .fields = fields,
    .state_size = sizeof(relativity),
    .prepare = prepare,
    .add = add,
    .energy = energy,
};
