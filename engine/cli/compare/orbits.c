/* The orbits as each method has them, side by side and to one scale, for as long as they can be
 * told apart. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/primaries.h>

#include "report.h"
#include "plot/figure.h"

enum { MOST_RUNS = 6, MOST_BODIES = 8, POINTS = 2400 };

/* In orbits of the fastest body. */
static const double orbits_shown = 10;

typedef struct view {
    orr_curve curves[MOST_BODIES];
    char title[120];
    orr_paths paths;
} view;

/* What the trial does for `span`; false: nothing. */
static bool follow(const report *r, const orr_trial *t, double span, view *v)
{
    orr_diagnosis why;
    size_t drawn = 0;
    if (orr_comparison_paths(r->c, t, span, POINTS, &v->paths, &why) != ORR_OK)
        return false;
    const orr_paths *p = &v->paths;
    for (size_t i = 0; i < p->n_bodies; i++) {
        if (i == p->center)
            continue;
        v->curves[drawn] = (orr_curve){.drawing = ORR_LINE,
                                       .x = p->xy + 2 * i * POINTS,
                                       .y = p->xy + (2 * i + 1) * POINTS,
                                       .n = p->n,
                                       .style = (int)drawn,
                                       .thin = true};
        drawn++;
    }
    snprintf(v->title, sizeof v->title, "%s, %s", t->method->name, t->label);
    if (p->n > 1)
        return true;
    orr_paths_free(&v->paths);
    return false;
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

bool draw_orbits(const report *r, const orr_trial *const *runs, size_t n)
{
    view views[MOST_RUNS];
    orr_panel panels[MOST_RUNS];
    size_t bodies = r->n_bodies -
                    (orr_dominant_body(&r->c->scenario->bodies, ORR_PART_CENTRE) != SIZE_MAX),
           shown = 0;
    char label[2][80] = {"x", "y"}, length[64] = "", title[160], span_text[64];
    double span = r->c->scenario->t_end - r->c->scenario->t_start,
           orbits = orbits_shown * r->c->period;
    if (bodies > MOST_BODIES || bodies == 0)
        return true; /* a tangle */
    if (orbits < fabs(span))
        span = copysign(orbits, span);
    for (size_t k = 0; k < n && shown < MOST_RUNS; k++)
        shown += follow(r, runs[k], span, &views[shown]);
    if (!r->c->scenario->units.dimensionless)
        orr_units_name(&r->c->scenario->units, ORR_LENGTH, length, sizeof length);
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
    snprintf(span_text, sizeof span_text, "%.4g%s%s", r->c->scenario->t_start + span,
             *r->c->time_unit ? " " : "", r->c->time_unit);
    snprintf(title, sizeof title, "the same orbits to t = %s", span_text);
    bool good = shown == 0 || write_figure(r, "orbits",
                                           &(orr_figure){.title = title,
                                                         .panels = panels,
                                                         .n = shown,
                                                         .columns = shown == 4  ? 2
                                                                    : shown < 3 ? shown
                                                                                : 3,
                                                         .width = 300,
                                                         .height = 320});
    for (size_t k = 0; k < shown; k++)
        orr_paths_free(&views[k].paths);
    return good;
}
