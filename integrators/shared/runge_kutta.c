#include "runge_kutta.h"

#include <string.h>

enum { MOST_STAGES = 16 };

orr_status orr_runge_kutta_step(const orr_tableau *tableau, const orr_motion *m, orr_problem *p,
                                double h, orr_step_report *report)
{
    size_t n = orr_motion_length(p), bytes = n * sizeof(double), stages = tableau->stages;
    double *pos = p->bodies->pos, *vel = p->bodies->vel;
    double *store = orr_arena_alloc(p->scratch, (2 * stages + 2) * bytes);
    if (!store || stages > MOST_STAGES)
        return store ? ORR_E_ARGUMENT : ORR_E_NO_MEMORY;
    double *old_pos = store, *old_vel = store + n;
    memcpy(old_pos, pos, bytes);
    memcpy(old_vel, vel, bytes);

    double *dpos[MOST_STAGES], *dvel[MOST_STAGES]; /* k_s = (dpos, dvel) */
    orr_status status = ORR_OK;
    for (size_t s = 0; s < stages && status == ORR_OK; s++) {
        dpos[s] = store + (2 + 2 * s) * n;
        dvel[s] = dpos[s] + n;
        memcpy(pos, old_pos, bytes);
        memcpy(vel, old_vel, bytes);
        for (size_t j = 0; j < s; j++) {
            double a = tableau->a[s * stages + j];
            if (a == 0)
                continue;
            orr_axpy(n, pos, h * a, dpos[j], p->threads);
            orr_axpy(n, vel, h * a, dvel[j], p->threads);
        }
        memcpy(dpos[s], vel, bytes);
        status = orr_accelerate(p, p->t + tableau->c[s] * h, dvel[s], report);
    }
    memcpy(pos, old_pos, bytes);
    memcpy(vel, old_vel, bytes);
    ORR_TRY(status);

    /* one combined increment, so that the compensated sum rounds once a step */
    memset(old_pos, 0, bytes);
    memset(old_vel, 0, bytes);
    for (size_t s = 0; s < stages; s++) {
        orr_axpy(n, old_pos, tableau->b[s], dpos[s], p->threads);
        orr_axpy(n, old_vel, tableau->b[s], dvel[s], p->threads);
    }
    orr_drift(m, p, h, old_pos);
    orr_kick(m, p, h, old_vel);
    report->h_done = h;
    return ORR_OK;
}
