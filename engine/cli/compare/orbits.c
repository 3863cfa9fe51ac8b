/* The orbits as each method has them, side by side and to one scale, for as long as they can be
 * told apart. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/primaries.h>

#include "run/measure.h"
#include "compare.h"
#include "plot/figure.h"

enum { MOST_RUNS = 6, MOST_BODIES = 8, POINTS = 2400 };

/* In orbits of the fastest body. */
static const double orbits_shown = 10;

typedef struct view {
    orr_curve curves[MOST_BODIES];
    char title[120];
    double *xy; /* [bodies][2][POINTS] */
} view;

/* Follow the bodies for `span`; stops where the method does. */
static bool follow(const comparison *c, const trial *t, double span, view *v)
{
    const char *sets[3] = {t->set[0], t->set[1], t->set[2]};
    orr_scenario s;
    orr_sim *sim;
    orr_diagnosis why;
    if (load_changed(c, sets, 3, &s, &why) != ORR_OK)
        return false;
    size_t n = s.bodies.n, center = orr_dominant_body(&s.bodies, ORR_PART_CENTRE), drawn = 0;
    v->xy = calloc(2 * n * POINTS, sizeof *v->xy);
    if (!v->xy || orr_sim_from_scenario(&s, 1, &sim, &why) != ORR_OK) {
        orr_scenario_free(&s);
        return false;
    }
    size_t k = 0;
    for (; k < POINTS; k++) {
        if (orr_sim_run_until(sim, s.t_start + span * (double)k / (POINTS - 1)) != ORR_OK)
            break;
        const orr_bodies *b = orr_sim_snapshot(sim).bodies;
        for (size_t i = 0; i < n && b->n == n; i++)
            for (size_t d = 0; d < 2; d++)
                v->xy[(2 * i + d) * POINTS + k] =
                    b->pos[i + d * b->stride] -
                    (center == SIZE_MAX ? 0 : b->pos[center + d * b->stride]);
    }
    for (size_t i = 0; i < n; i++) {
        if (i == center)
            continue;
        v->curves[drawn] = (orr_curve){.drawing = ORR_LINE,
                                       .x = v->xy + 2 * i * POINTS,
                                       .y = v->xy + (2 * i + 1) * POINTS,
                                       .n = k,
                                       .style = (int)drawn,
                                       .thin = true};
        drawn++;
    }
    snprintf(v->title, sizeof v->title, "%s, %s", t->method->name, t->label);
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
    return k > 1;
}

/* How far out it is worth looking: half as far again as the bodies go at their farthest by the best
 * of the runs. */
static double extent(const view *v, size_t views, size_t bodies)
{
    double least = INFINITY;
    for (size_t k = 0; k < views; k++) {
        double most = 0;
        for (size_t i = 0; i < bodies; i++)
            for (size_t p = 0; p < v[k].curves[i].n; p++)
                most = fmax(most, fmax(fabs(v[k].curves[i].x[p]), fabs(v[k].curves[i].y[p])));
        least = fmin(least, most);
    }
    return 1.5 * least;
}

bool draw_orbits(const comparison *c, const trial *const *runs, size_t n)
{
    static view views[MOST_RUNS];
    orr_panel panels[MOST_RUNS];
    size_t bodies = c->n_bodies - (orr_dominant_body(&c->s.bodies, ORR_PART_CENTRE) != SIZE_MAX),
           shown = 0;
    char label[2][80] = {"x", "y"}, length[64] = "", title[160], span_text[64];
    double span = c->s.t_end - c->s.t_start, orbits = orbits_shown * c->period;
    if (bodies > MOST_BODIES || bodies == 0)
        return true; /* a tangle */
    if (orbits < fabs(span))
        span = copysign(orbits, span);
    for (size_t k = 0; k < n && shown < MOST_RUNS; k++)
        shown += follow(c, runs[k], span, &views[shown]);
    if (!c->s.units.dimensionless)
        orr_units_name(&c->s.units, ORR_LENGTH, length, sizeof length);
    for (int k = 0; k < 2 && *length; k++)
        snprintf(label[k], sizeof label[k], "%c [%s]", k ? 'y' : 'x', length);
    double far = extent(views, shown, bodies);
    for (size_t k = 0; k < shown; k++)
        panels[k] = (orr_panel){.title = views[k].title,
                                .x_label = label[0],
                                .y_label = label[1],
                                .same_scale = true,
                                .x_range = {-far, far},
                                .y_range = {-far, far},
                                .curves = views[k].curves,
                                .n = bodies};
    snprintf(span_text, sizeof span_text, "%.4g%s%s", c->s.t_start + span, *c->unit ? " " : "",
             c->unit);
    snprintf(title, sizeof title, "the same orbits to t = %s", span_text);
    bool good = shown == 0 || write_figure(c, "orbits",
                                           &(orr_figure){.title = title,
                                                         .panels = panels,
                                                         .n = shown,
                                                         .columns = shown == 4  ? 2
                                                                    : shown < 3 ? shown
                                                                                : 3,
                                                         .width = 300,
                                                         .height = 320});
    for (size_t k = 0; k < shown; k++) {
        free(views[k].xy);
        views[k].xy = NULL;
    }
    return good;
}
