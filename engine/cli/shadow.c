#include "shadow.h"

#include <math.h>
#include <string.h>

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

exit_code shadow_begin(shadow *w, const orr_scenario *s, const char *kind)
{
    orr_diagnosis why;
    static const char *const kinds[] = {"step", "ulp"}; /* half of it; moved by the last digit */
    size_t chosen;
    if (!parse_word("shadow", kind, kinds, 2, &chosen))
        return EXIT_USAGE;
    bool half = chosen == 0;
    *w = (shadow){.s = *s, .kind = kind, .lost_at = NAN};
    if (half && !(w->s.step > 0)) {
        print_error("%s chooses its own steps, so there is no half of it; take '--shadow ulp'",
                    w->s.integrator->name);
        return EXIT_USAGE;
    }
    if (half)
        w->s.step /= 2;
    orr_bodies *b = &w->s.bodies;
    for (size_t i = 0; i < b->n && !half; i++) /* this way and that, or the whole would move */
        b->pos[i] = nextafter(b->pos[i], i % 2 ? INFINITY : -INFINITY);
    w->size = system_size(b);
    if (orr_sim_from_scenario(&w->s, 1, &w->sim, &why) != ORR_OK) {
        print_diagnosis(&why);
        return EXIT_SCENARIO;
    }
    return EXIT_OK;
}

orr_status shadow_follow(shadow *w, orr_snapshot now)
{
    ORR_TRY(orr_sim_run_until(w->sim, now.t));
    w->apart = distance(now.bodies, orr_sim_snapshot(w->sim).bodies);
    if (isnan(w->lost_at) && w->apart > known * w->size)
        w->lost_at = now.t;
    return ORR_OK;
}

void shadow_say(const shadow *w, const orr_units *units)
{
    char length[64] = "";
    const char *time = units->dimensionless ? "" : units->time_name;
    if (!units->dimensionless)
        orr_units_name(units, ORR_LENGTH, length, sizeof length);
    printf("  shadow        %.2g%s%s away at the end (%s); ", w->apart, *length ? " " : "", length,
           strcmp(w->kind, "step") == 0 ? "half the step" : "moved by the last digit");
    if (isnan(w->lost_at))
        printf("positions mean something to the end, to %.1g of the size of the system\n",
               w->apart / w->size);
    else
        printf("positions mean nothing from t = %.4g%s%s on\n", w->lost_at, *time ? " " : "", time);
}

void shadow_end(shadow *w)
{
    orr_sim_destroy(w->sim);
    orr_scenario_free(&w->s);
}
