/* failure.c - what is said of a step that failed: when, and which bodies were closest. */
#include "sim_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *orr_sim_name_of(const orr_sim *sim, uint64_t id, char buffer[64])
{
    const char *name = sim->name ? sim->name(sim->name_user, id) : NULL;
    if (!name)
        snprintf(buffer, 64, "body %llu", (unsigned long long)id);
    return name ? name : buffer;
}

/* Where and when a step failed. */
typedef struct failure {
    double t;
    const double *pos;
} failure;

static failure failure_of(const orr_sim *sim, const orr_step_report *report)
{
    return (failure){sim->t.high + report->failed_after,
                     report->failed_at ? report->failed_at : sim->bodies.pos};
}

/* The two closest bodies: where a step failed, they are most often the reason. */
static double closest(const orr_sim *sim, const double *pos, size_t found[2])
{
    const orr_bodies *b = &sim->bodies;
    size_t limit = b->n < 3000 ? b->n : 3000;
    double least = INFINITY;
    const double *x = pos, *y = x + b->stride, *z = y + b->stride;
    for (size_t i = 0; i < limit; i++)
        for (size_t j = 0; j < i && j < b->n_active; j++) {
            double dx = x[i] - x[j], dy = y[i] - y[j], dz = z[i] - z[j];
            double r2 = dx * dx + dy * dy + dz * dz;
            if (r2 < least)
                least = r2, found[0] = j, found[1] = i;
        }
    return sqrt(least);
}

/* "Sun and stone, 0.0046 au apart" */
static const char *closest_text(const orr_sim *sim, const double *pos, char text[240])
{
    size_t found[2] = {0, 0};
    char first[64], second[64];
    double apart = closest(sim, pos, found);
    snprintf(text, 240, "%.80s and %.80s, %.6g%s%s apart",
             orr_sim_name_of(sim, sim->bodies.id[found[0]], first),
             orr_sim_name_of(sim, sim->bodies.id[found[1]], second), apart,
             *sim->length_unit ? " " : "", sim->length_unit);
    return text;
}

const char *orr_sim_time_text(const orr_sim *sim, double t, char text[64])
{
    snprintf(text, 64, "t = %.12g%s%s", t, *sim->time_unit ? " " : "", sim->time_unit);
    return text;
}

orr_status orr_sim_not_finite(orr_sim *sim, const orr_step_report *report)
{
    failure f = failure_of(sim, report);
    const orr_bodies *b = &sim->bodies;
    const double *x = f.pos, *y = x + b->stride, *z = y + b->stride;
    char when[64], pair[240];
    orr_sim_time_text(sim, f.t, when);
    for (size_t i = 0; i < b->n; i++)
        if (!isfinite(x[i] + y[i] + z[i]))
            return orr_sim_fail(sim, ORR_E_NOT_FINITE,
                                "%s left the finite numbers in the step after %s: a collision of "
                                "point masses, or a step that is too long",
                                orr_sim_name_of(sim, b->id[i], (char[64]){0}), when);
    return orr_sim_fail(sim, ORR_E_NOT_FINITE,
                        "the step after %s gave a velocity that is not finite; closest are %s",
                        when, closest_text(sim, f.pos, pair));
}

orr_status orr_sim_failed(orr_sim *sim, orr_status status, const orr_step_report *report)
{
    failure f = failure_of(sim, report);
    const char *method = sim->method->name;
    char when[64], pair[240];
    orr_sim_time_text(sim, f.t, when);
    bool adaptive = (sim->method->traits & ORR_ADAPTIVE) != 0;
    if (status == ORR_E_NO_CONVERGENCE && !adaptive)
        return orr_sim_fail(
            sim, status,
            "%s at %s: the iteration that solves for the step did not converge: "
            "the step of %.6g%s%s is too long (try half of it, or a tenth), or a force is not "
            "smooth to rounding, as that of solver 'fmm' (take leapfrog)",
            method, when, sim->step, *sim->time_unit ? " " : "", sim->time_unit);
    if (status == ORR_E_STEP_TOO_SMALL && report->failed_body)
        return orr_sim_fail(sim, status,
                            "%s at %s: %s wants a shorter step than may be; closest are %s.  If "
                            "points come close, soften gravity, or give them radii and say what "
                            "becomes of those that touch (collisions: merge); else allow shorter "
                            "steps (deepest), or loosen the accuracy (eta)",
                            method, when, orr_sim_name_of(sim, *report->failed_body, (char[64]){0}),
                            closest_text(sim, f.pos, pair));
    if (status != ORR_E_STEP_TOO_SMALL || sim->bodies.n < 2)
        return orr_sim_fail(sim, status, "%s at %s: %s", method, when, orr_status_text(status));
    return orr_sim_fail(sim, status,
                        "%s at %s: the step fell below its minimum; closest are %s.  If points "
                        "collide, soften gravity, or give them radii and say what becomes of "
                        "those that touch (collisions: merge)%s; else loosen the tolerance or "
                        "lower min_step",
                        method, when, closest_text(sim, f.pos, pair),
                        strcmp(method, "regularized") != 0 ? ", or take 'regularized'" : "");
}
