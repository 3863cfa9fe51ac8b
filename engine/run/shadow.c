#include "shadow.h"

#include <math.h>
#include <string.h>

#include "base/suggest.h"
#include "listener.h"
#include "measure.h"

/* Of the size of the system: beyond this a position is not known. */
static const double known = 0.01;

/* Rms, of the bodies that both have. */
static double distance(const orr_bodies *a, const orr_bodies *b)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++) {
        size_t j = i < b->n && b->id[i] == a->id[i] ? i : orr_bodies_find(b, a->id[i]);
        double d2 = 0;
        if (j >= b->n)
            continue;
        for (size_t c = 0; c < 3; c++) {
            double d = a->pos[i + c * a->stride] - b->pos[j + c * b->stride];
            d2 += d * d;
        }
        sum += isfinite(d2) ? d2 : 0; /* a particle that was removed is not a number */
        n += isfinite(d2) ? 1 : 0;
    }
    return n ? sqrt(sum / (double)n) : 0;
}

/* What the shadow differs in: half the step, or the last digit of x. */
static orr_status differ(shadow *w, const char *kind, orr_diagnosis *why)
{
    static const char *const kinds[] = {"step", "ulp"};
    orr_bodies *b = &w->s.bodies;
    if (strcmp(kind, "step") == 0 && !(w->s.step > 0))
        return orr_refuse(
            ORR_E_ARGUMENT, why,
            "%s chooses its own steps, so there is no half of it; take '--shadow ulp'",
            w->s.integrator->name);
    if (strcmp(kind, "step") == 0) {
        w->s.step /= 2;
    } else if (strcmp(kind, "ulp") == 0) {
        for (size_t i = 0; i < b->n; i++) /* this way and that, or the whole would move */
            b->pos[i] = nextafter(b->pos[i], i % 2 ? INFINITY : -INFINITY);
    } else {
        char hint[400];
        orr_suggest(kind, kinds, 2, hint, sizeof hint);
        return orr_refuse(ORR_E_ARGUMENT, why, "--shadow: there is no choice '%s'; %s", kind, hint);
    }
    return ORR_OK;
}

orr_status orr_shadow_begin(shadow *w, const orr_scenario *s, const char *kind, orr_diagnosis *why)
{
    *w = (shadow){.s = *s, .lost_at = NAN};
    ORR_TRY(differ(w, kind, why));
    w->size = orr_system_size(&w->s.bodies);
    orr_status status = orr_sim_from_scenario(&w->s, 1, &w->sim, why);
    return status == ORR_OK || status == ORR_E_NO_MEMORY ? status : ORR_E_INCOMPATIBLE;
}

orr_status orr_shadow_follow(shadow *w, orr_snapshot now)
{
    ORR_TRY(orr_sim_run_until(w->sim, now.t));
    w->apart = distance(now.bodies, orr_sim_snapshot(w->sim).bodies);
    if (isnan(w->lost_at) && w->apart > known * w->size)
        w->lost_at = now.t;
    return ORR_OK;
}

void orr_shadow_end(shadow *w)
{
    orr_sim_destroy(w->sim);
    orr_scenario_free(&w->s);
}
