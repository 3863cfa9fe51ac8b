#include "compose.h"

const orr_field orr_composition_fields[] = {ORR_MOTION_FIELDS(1),
                                            ORR_STATE_VALUE(orr_composition, have_acc),
                                            ORR_STATE_KEPT(orr_composition, acc),
                                            {0}};

orr_status orr_composition_prepare(void *state, orr_problem *p)
{
    orr_composition *self = state;
    self->have_acc = false;
    orr_keep(p->memory, &self->acc, orr_motion_length(p));
    return orr_motion_prepare(&self->motion, p);
}

/* Coefficient k of a palindrome of 2 n - 1 of which the first n are given. */
static double palindrome(const double *c, size_t n, size_t k)
{
    return k < n ? c[k] : c[2 * n - 2 - k];
}

orr_status orr_compose_leapfrog(orr_composition *self, orr_problem *p, double h,
                                const double *weights, size_t n, orr_step_report *report)
{
    double t = p->t, drift = 0; /* half a drift of one step joins half a drift of the next */
    for (size_t k = 0; k < 2 * n - 1; k++) {
        double w = palindrome(weights, n, k);
        drift += w / 2;
        orr_drift(&self->motion, p, drift * h, p->bodies->vel);
        t += drift * h;
        ORR_TRY(orr_accelerate(p, t, self->acc, report));
        orr_kick(&self->motion, p, w * h, self->acc);
        drift = w / 2;
    }
    orr_drift(&self->motion, p, drift * h, p->bodies->vel);
    report->h_done = h;
    return ORR_OK;
}

orr_status orr_compose_split(orr_composition *self, orr_problem *p, double h, bool kick_first,
                             const double *c, size_t n, orr_step_report *report)
{
    double t = p->t;
    for (size_t k = 0; k < 2 * n - 1; k++) {
        double a = palindrome(c, n, k) * h;
        if (kick_first == (k % 2 == 0)) {
            if (k > 0 || !self->have_acc) /* the last kick of a step serves the next as well */
                ORR_TRY(orr_accelerate(p, t, self->acc, report));
            orr_kick(&self->motion, p, a, self->acc);
        } else {
            orr_drift(&self->motion, p, a, p->bodies->vel);
            t += a;
        }
    }
    self->have_acc = kick_first;
    report->h_done = h;
    return ORR_OK;
}
