#include "measure.h"

#include <math.h>
#include <string.h>

static double relative(double value, double reference)
{
    return reference != 0 ? (value - reference) / fabs(reference) : value;
}

bool orr_measure(orr_sim *sim, double step_size, bool first, measured *m, orr_diagnostics *out)
{
    *out = (orr_diagnostics){.step_size = step_size};
    if (orr_sim_conserved(sim, &out->conserved) != ORR_OK)
        return false;
    const double *l = out->conserved.angular_momentum;
    double energy = out->conserved.kinetic + out->conserved.potential, change = 0, size = 0;
    energy += m->lost;
    if (first) {
        m->e0 = energy;
        memcpy(m->l0, l, sizeof m->l0);
    }
    for (int k = 0; k < 3; k++) {
        change += pow(l[k] - m->l0[k], 2);
        size += m->l0[k] * m->l0[k];
    }
    orr_snapshot now = orr_sim_snapshot(sim);
    out->t = now.t;
    out->step = now.step;
    out->energy_error = relative(energy, m->e0);
    orr_boundary box = orr_sim_boundary(sim);
    orr_watch *w = &m->watch;
    orr_collisions rules = orr_sim_collisions(sim);
    bool takes = rules.rule == ORR_CONTACT_BOUNCE && rules.unrecorded &&
                 (rules.restitution < 1 || rules.restitution_speed > 0);
    if (box.kind == ORR_SHEARING_SHEET || takes) /* its sides do work; contacts take energy */
        out->energy_error = w->energy_error_max = NAN;
    w->energy_error_final = fabs(out->energy_error);
    if (!isnan(out->energy_error))
        w->energy_error_max = fmax(w->energy_error_max, fabs(out->energy_error));
    if (box.kind != ORR_BOUNDARY_NONE) /* it changes where bodies are set on the other side */
        w->angular_momentum_error_max = NAN;
    else
        w->angular_momentum_error_max =
            fmax(w->angular_momentum_error_max, sqrt(size > 0 ? change / size : change));
    return true;
}

bool orr_is_conservative(const orr_scenario *s)
{
    for (size_t k = 0; k < s->n_forces; k++)
        if (!(s->forces[k].type->traits & ORR_CONSERVATIVE))
            return false;
    return true;
}

double orr_system_size(const orr_bodies *b)
{
    double center[3] = {0}, gm = 0, sum = 0;
    for (size_t i = 0; i < b->n; i++) {
        for (size_t c = 0; c < 3; c++)
            center[c] += b->gm[i] * b->pos[i + c * b->stride];
        gm += b->gm[i];
    }
    for (size_t i = 0; i < b->n; i++)
        for (size_t c = 0; c < 3; c++) {
            double d = b->pos[i + c * b->stride] - center[c] / (gm > 0 ? gm : 1);
            sum += d * d;
        }
    return b->n ? sqrt(sum / (double)b->n) : 0;
}
