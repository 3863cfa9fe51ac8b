/* The plots of a comparison, each as SVG and PNG. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/progress.h"
#include "report.h"
#include "plot/figure.h"

const char *const figure_names[N_FIGURES] = {
    "energy", "position", "work-evaluations", "work-time", "momentum", "convergence", "orbits"};
const char *const figure_titles[N_FIGURES] = {
    "Energy error against time",
    "Position error against time",
    "Work and precision: energy error against force evaluations",
    "Work and precision: energy error against processor time",
    "Error of the angular momentum against time",
    "Convergence: position error against step",
    "The orbits as each method has them, to one scale"};

enum { MOST_CURVES = 40, MOST_TOLD_APART = 9 }; /* more would be a tangle */

/* Position of a method among those compared: its colour. */
static int style_of(const report *r, const orr_integrator *m)
{
    int style = 0;
    for (size_t k = 0; k < r->c->n && r->c->trials[k].method != m; k++)
        style += k + 1 == r->c->n || r->c->trials[k + 1].method != r->c->trials[k].method;
    return style;
}

bool write_figure(const report *r, const char *name, const orr_figure *f)
{
    const char *endings[] = {"svg", "png"};
    char path[4300], why[1024];
    for (int k = 0; k < 2; k++) {
        snprintf(path, sizeof path, "%.4096s/%s.%s", r->folder, name, endings[k]);
        if (!orr_figure_write(f, path, why, sizeof why)) {
            print_error("%s", why);
            return false;
        }
    }
    return true;
}

/* Higher, the more there is to name. */
static bool write_both(const report *r, const char *name, const orr_panel *p)
{
    enum { IN_A_ROW = 2, LINE = 22 };
    return write_figure(r, name,
                        &(orr_figure){.panels = p,
                                      .n = 1,
                                      .columns = 1,
                                      .width = 760,
                                      .height = 380 + LINE * (int)(p->n / IN_A_ROW)});
}

static bool against_time(const report *r, int figure, const orr_trial *const *runs, size_t n)
{
    orr_curve curves[MOST_CURVES + 1];
    char names[MOST_CURVES][120], label[64];
    size_t used = 0;
    bool position = figure == 1;
    for (size_t k = 0; k < n; k++) {
        const orr_trial *t = runs[k];
        snprintf(names[k], sizeof names[k], "%s, %s", t->method->name, t->label);
        const double *y = position ? t->position : figure == 0 ? t->energy : t->momentum;
        curves[used++] = (orr_curve){.name = names[k],
                                     .drawing = figure == 0 ? ORR_SIGNED : ORR_LINE_AND_MARKS,
                                     .x = r->c->times,
                                     .y = y,
                                     .n = t->n,
                                     .style = style_of(r, t->method)};
        curves[used - 1].drawing = ORR_SIGNED; /* marks that keep their distance */
    }
    if (position && r->c->reference.there && !r->c->reference.analytic)
        curves[used++] = (orr_curve){.name = "reference: its own error",
                                     .drawing = ORR_LINE,
                                     .x = r->c->times,
                                     .y = r->c->reference.floor,
                                     .n = ORR_COMPARISON_TIMES,
                                     .style = 7};
    snprintf(label, sizeof label, "time%s%s%s", *r->c->time_unit ? " [" : "", r->c->time_unit,
             *r->c->time_unit ? "]" : "");
    orr_panel p = {.title = figure == 0 ? "energy error (filled: E rises, hollow: E falls)"
                            : position  ? "distance from the reference"
                                        : "error of the angular momentum",
                   .x_label = label,
                   .y_label = figure == 0 ? "|E - E0| / |E0|"
                              : position  ? "rms distance / size of the system"
                                          : "|L - L0| / |L0|",
                   .log_x = r->c->scenario->t_end > r->c->scenario->t_start,
                   .log_y = true,
                   .legend = true,
                   .curves = curves,
                   .n = used};
    return write_both(r, figure_names[figure], &p);
}

/* One curve a method over its steps. */
static bool over_steps(const report *r, int figure)
{
    orr_curve curves[MOST_CURVES];
    size_t n = 0;
    char label[80];
    double *values = malloc(2 * (r->c->n + 1) * sizeof *values), *at = values;
    if (!values)
        return false;
    for (size_t k = 0; k < r->c->n && n < MOST_CURVES;) {
        const orr_integrator *m = r->c->trials[k].method;
        orr_curve *curve = &curves[n];
        size_t first = k;
        for (; k < r->c->n && r->c->trials[k].method == m; k++)
            ;
        size_t room = k - first;
        *curve = (orr_curve){.name = m->name,
                             .drawing = ORR_LINE_AND_MARKS,
                             .x = at,
                             .y = at + room,
                             .style = style_of(r, m)};
        for (size_t i = first; i < k; i++) {
            const orr_trial *t = &r->c->trials[i];
            if (t->outcome != ORR_TRIAL_DONE || (figure == 5 && m->traits & ORR_ADAPTIVE))
                continue;
            at[curve->n] = figure == 2   ? (double)t->evaluations
                           : figure == 3 ? t->seconds
                                         : t->parameter;
            at[room + curve->n++] =
                figure == 5 ? t->position[ORR_COMPARISON_TIMES - 1] : t->energy_max;
        }
        at += 2 * room;
        n += curve->n > 0;
    }
    snprintf(label, sizeof label, "step%s%s%s", *r->c->time_unit ? " [" : "", r->c->time_unit,
             *r->c->time_unit ? "]" : "");
    orr_panel p = {
        .title = figure == 5 ? "distance from the reference at the end"
                             : "greatest energy error of the run",
        .x_label = figure == 2   ? "force evaluations"
                   : figure == 3 ? "processor time [s]"
                                 : label,
        .y_label = figure == 5 ? "rms distance / size of the system" : "greatest |E - E0| / |E0|",
        .log_x = true,
        .log_y = true,
        .legend = true,
        .floor = figure == 5 && r->c->reference.there
                     ? r->c->reference.floor[ORR_COMPARISON_TIMES - 1]
                     : 0,
        .curves = curves,
        .n = n};
    bool good = write_both(r, figure_names[figure], &p);
    free(values);
    return good;
}

static bool draw(const report *r, int figure, const orr_trial *const *runs, size_t n)
{
    switch (figure) {
    case 0:
    case 1:
    case 4:
        return against_time(r, figure, runs, n);
    case 6:
        return draw_orbits(r, runs, n);
    default:
        return over_steps(r, figure);
    }
}

bool draw_figures(const report *r)
{
    const orr_trial *runs[MOST_CURVES];
    size_t n = orr_comparison_typical(r->c, runs, MOST_TOLD_APART);
    progress look = progress_begin(given(r->a, "quiet"), false, 0, 1, "");
    bool good = true;
    for (int k = 0; k < N_FIGURES && good; k++) {
        bool needs_truth = k == 1 || k == 5;
        good = (needs_truth && !r->c->reference.there) || draw(r, k, runs, n);
        progress_count(&look, "drawing: ", (uint64_t)k + 1, N_FIGURES);
    }
    progress_end(&look);
    return good;
}
