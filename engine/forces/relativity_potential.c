/* The potential -3 (GM)^2/(c r)^2 about one body: it turns pericentres as general relativity does,
 * at the cost of a small change of mean motions, and depends on positions alone, so symplectic
 * methods take it.  Nobili & Roxburgh 1986, IAU Symp. 114, 105. */
#include <orrery/force.h>

#include "body.h"

typedef struct potential {
    double of;       /* id; -1: the heaviest */
    double strength; /* 3 (GM/c)^2 [length4/time2] */
    size_t center;
} potential;

static orr_status prepare(void *state, orr_problem *p, orr_arena *memory)
{
    potential *self = state;
    (void)memory;
    if (!(p->speed_of_light > 0)) {
        p->reason = "needs the speed of light: give the scenario units of length and time";
        return ORR_E_INCOMPATIBLE;
    }
    ORR_TRY(orr_force_body(p, self->of, &self->center));
    double ratio = p->bodies->gm[self->center] / p->speed_of_light;
    self->strength = 3 * ratio * ratio;
    return ORR_OK;
}

static orr_status add(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    const potential *self = state;
    (void)scratch;
    if (!(r->want & ORR_WANT_ACC))
        return ORR_OK;
    for (size_t i = 0; i < b->n; i++) {
        double x[3], a[3];
        if (i == self->center)
            continue;
        double r2 = orr_from_to(b->pos, b, self->center, i, x);
        for (int c = 0; c < 3; c++)
            a[c] = -2 * self->strength / (r2 * r2) * x[c];
        orr_push_apart(b, self->center, i, a, r->acc);
    }
    return ORR_OK;
}

static orr_status energy(const void *state, const orr_bodies *b, double t, int threads,
                         orr_arena *scratch, double *out)
{
    const potential *self = state;
    (void)t, (void)threads, (void)scratch;
    *out = 0;
    for (size_t i = 0; i < b->n_active + b->n_passive; i++) {
        double x[3];
        if (i != self->center)
            *out -= b->gm[i] * self->strength / orr_from_to(b->pos, b, self->center, i, x);
    }
    return ORR_OK;
}

static const orr_field fields[] = {{.name = "of",
                                    .type = ORR_BODY,
                                    .offset = offsetof(potential, of),
                                    .fallback = -1,
                                    .role = ORR_OPTION,
                                    .doc = "the body that dominates (none named: the heaviest)"},
                                   ORR_STATE_VALUE(potential, strength),
                                   ORR_STATE_VALUE(potential, center),
                                   {0}};

const orr_force orr_force_relativity_potential = {
    .name = "relativity-potential",
    .summary = "Turns pericentres as relativity does; for symplectic methods.",
    .reference = "Nobili & Roxburgh 1986, 1986IAUS..114..105N",
    .traits = ORR_CONSERVATIVE,
    .fields = fields,
    .state_size = sizeof(potential),
    .prepare = prepare,
    .add = add,
    .energy = energy,
};
