/* cmd_plot.c - `orrery plot`: figures of what is in an output file. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plot/figure.h"
#include "cli/plot_data.h"

/* ---- panels ---- */

static const char *unit(char label[200], const char *what, const char *unit)
{
    if (*unit && strcmp(unit, "1") != 0)
        snprintf(label, 200, "%s [%s]", what, unit);
    else
        snprintf(label, 200, "%s", what);
    return label;
}

static const double degree = 57.29577951308232;

/* An element of chosen body k at frame f, as it is drawn: in degrees; what counts from a node or an
 * axis within a full circle.  Gaps are where it is infinite. */
static double element_at(const plotter *p, view v, size_t k, size_t f)
{
    const orr_quantity *q = orr_orbital_at((size_t)v - ELEMENT);
    double value = p->orbital[k][f * ORR_ORBITALS + (size_t)v - ELEMENT];
    if (q->dim.angle == 1)
        value *= degree;
    bool longitude = strchr("OopL", q->name[0]);
    return !isfinite(value) ? NAN : longitude ? fmod(value + 360, 360) : value;
}

static double longitude(const plotter *p, const term *t, size_t f)
{
    size_t k = t->pericentre ? orr_orbital_find("pomega", 6) : orr_orbital_find("L", 1);
    return t->k * p->orbital[t->body][f * ORR_ORBITALS + k];
}

static double distance(const double a[3], const double b[3])
{
    double r2 = 0;
    for (int c = 0; c < 3; c++)
        r2 += (a[c] - b[c]) * (a[c] - b[c]);
    return sqrt(r2);
}

/* The curve of one chosen body in a panel. */
static bool curve_of(plotter *p, view v, size_t k, orr_curve *out)
{
    double *x = plot_numbers(p, p->n_frames), *y = plot_numbers(p, p->n_frames);
    if (!x || !y)
        return false;
    for (size_t f = 0; f < p->n_frames; f++) {
        x[f] = p->t[f];
        if (v == ORBITS) {
            x[f] = p->track[k][f].pos[p->plane[0]] - p->center[f].pos[p->plane[0]];
            y[f] = p->track[k][f].pos[p->plane[1]] - p->center[f].pos[p->plane[1]];
        } else if (v == SEPARATION) {
            y[f] = distance(p->track[k][f].pos, k ? p->track[0][f].pos : p->center[f].pos);
        } else {
            y[f] = element_at(p, v, k, f);
        }
    }
    bool turns = v >= ELEMENT && strchr("OopLMfE", view_name(v)[0]);
    *out = (orr_curve){.name = orr_reader_name(p->r, p->chosen[k]),
                       .drawing = turns ? ORR_DOTS : ORR_LINE,
                       .x = x,
                       .y = y,
                       .n = p->n_frames,
                       .style = (int)k,
                       .thin = true};
    return true;
}

static bool error_curve(plotter *p, view v, orr_curve *out)
{
    size_t n = p->info->n_diagnostics;
    double *t = plot_numbers(p, n), *y = plot_numbers(p, n), *l = plot_numbers(p, n), l2 = 0;
    orr_diagnosis why;
    if (!t || !y || !l)
        return false;
    orr_status status = orr_reader_column(p->r, "time", 0, t, &why);
    if (v != MOMENTUM && status == ORR_OK) {
        status =
            orr_reader_column(p->r, v == ENERGY ? "energy_error" : "shadow_distance", 0, y, &why);
    } else {
        memset(y, 0, (n + 1) * sizeof *y);
        for (int c = 0; c < 3 && status == ORR_OK; c++) {
            status = orr_reader_column(p->r, "angular_momentum", c, l, &why);
            l2 += n ? l[0] * l[0] : 0;
            for (size_t k = 0; k < n; k++)
                y[k] += (l[k] - l[0]) * (l[k] - l[0]);
        }
        for (size_t k = 0; k < n; k++)
            y[k] = sqrt(y[k] / (l2 > 0 ? l2 : 1));
    }
    if (status != ORR_OK) {
        print_diagnosis(&why);
        return false;
    }
    *out = (orr_curve){.drawing = ORR_SIGNED, .x = t, .y = y, .n = n};
    return true;
}

static bool is_zero(const orr_curve *c)
{
    for (size_t k = 0; k < c->n; k++)
        if (c->y[k] != 0 && isfinite(c->y[k]))
            return false;
    return true;
}

static bool resonance_curve(plotter *p, orr_curve *out)
{
    double *y = plot_numbers(p, p->n_frames);
    if (!y)
        return false;
    for (size_t f = 0; f < p->n_frames; f++) {
        double sum = 0;
        for (size_t k = 0; k < p->n_terms; k++)
            sum += longitude(p, &p->terms[k], f);
        y[f] = sum * 57.29577951308232;
        y[f] -= 360 * floor(y[f] / 360);
    }
    *out = (orr_curve){.drawing = ORR_DOTS, .x = p->t, .y = y, .n = p->n_frames};
    return true;
}

static const char *title_of(const plotter *p, view v, char label[200])
{
    static const char *const titles[ELEMENT] = {
        [ENERGY] = "relative energy error (filled: up, hollow: down)",
        [MOMENTUM] = "relative error of angular momentum",
        [SHADOW] = "distance from the shadow"};
    if (v == ORBITS)
        snprintf(label, 200, "orbits around %s", p->center_name);
    else if (v == RESONANCE)
        snprintf(label, 200, "%s", p->resonance ? p->resonance : "");
    else if (v == SEPARATION)
        snprintf(label, 200, "distance from %s",
                 p->n_chosen > 1 ? orr_reader_name(p->r, p->chosen[0]) : p->center_name);
    else if (v < ELEMENT)
        snprintf(label, 200, "%s", titles[v]);
    else { /* its name, without what is said about cases */
        const char *doc = orr_orbital_at((size_t)v - ELEMENT)->doc;
        bool plain = strcmp(p->elements.plane, "reference") == 0;
        int length = (int)strcspn(doc, ",(");
        length -= length > 0 && doc[length - 1] == ' ';
        snprintf(label, 200, "%.*s, about %s%s%s", length, doc, p->elements.centre,
                 plain ? "" : ", plane: ", plain ? "" : p->elements.plane);
    }
    return label;
}

/* The unit of an element, with degrees. */
static const char *element_unit(const plotter *p, view v, char text[80])
{
    orr_dimension d = orr_orbital_at((size_t)v - ELEMENT)->dim;
    const char *time = p->info->time_unit;
    snprintf(text, 80, "%s%s%s",
             d.angle    ? "deg"
             : d.length ? p->info->length_unit
                        : "",
             d.angle && d.time && *time ? "/" : "", d.time ? time : "");
    return text;
}

/* Some are far smaller than others: on a logarithmic axis, if all are positive. */
static bool are_positive(const orr_panel *panel)
{
    for (size_t k = 0; k < panel->n; k++)
        for (size_t f = 0; f < panel->curves[k].n; f++)
            if (panel->curves[k].y[f] <= 0)
                return false;
    return true;
}

static bool panel_of(plotter *p, view v, size_t number, orr_panel *out, orr_curve *curves)
{
    char(*text)[200] = p->labels[number];
    static const char axes[] = "xyz";
    *out = (orr_panel){.title = title_of(p, v, text[0]), .curves = curves};
    out->x_label = unit(text[1], "time", p->info->time_unit);
    if (v == ORBITS) {
        char name[2] = {axes[p->plane[0]], 0};
        out->x_label = unit(text[1], name, p->info->length_unit);
        name[0] = axes[p->plane[1]];
        out->y_label = unit(text[2], name, p->info->length_unit);
        out->same_scale = true;
        if (p->n_swarm > 0)
            curves[out->n++] = (orr_curve){.drawing = ORR_DOTS,
                                           .x = p->swarm[0],
                                           .y = p->swarm[1],
                                           .n = p->n_swarm,
                                           .style = 7};
    } else if (v == ENERGY || v == MOMENTUM || v == SHADOW) {
        out->y_label = v == ENERGY     ? "|dE / E|"
                       : v == MOMENTUM ? "|dL / L|"
                                       : unit(text[2], "distance", p->info->length_unit);
        out->log_y = true;
        out->n = 1;
        if (!error_curve(p, v, &curves[0]))
            return false;
        if (is_zero(&curves[0])) {
            out->log_y = false;
            curves[0].drawing = ORR_LINE;
            out->y_range[0] = -1e-16, out->y_range[1] = 1e-16;
        }
        return true;
    } else {
        char text_[80];
        out->y_label = v == SEPARATION  ? unit(text[2], "distance", p->info->length_unit)
                       : v == RESONANCE ? unit(text[2], "angle", "deg")
                                        : unit(text[2], view_name(v), element_unit(p, v, text_));
        if (v == RESONANCE) {
            if (p->n_terms == 0) {
                print_error("say which resonance: --resonance 'Io - 3 Europa + 2 Ganymede'");
                return false;
            }
            out->y_range[1] = 360;
            out->n = 1;
            return resonance_curve(p, &curves[0]);
        }
    }
    out->legend = p->n_chosen > 1 || v == SEPARATION;
    for (size_t k = v == SEPARATION && p->n_chosen > 1; k < p->n_chosen; k++)
        if (!curve_of(p, v, k, &curves[out->n++]))
            return false;
    if (v >= ELEMENT && orr_orbital_at((size_t)v - ELEMENT)->dim.length == 1)
        out->log_y = p->n_chosen > 2 && are_positive(out);
    return true;
}

static exit_code draw(plotter *p, const char *path)
{
    orr_panel panels[MOST_PANELS];
    static orr_curve curves[MOST_PANELS][MOST_CHOSEN + 1];
    char why[1024];
    for (size_t k = 0; k < p->n_views; k++) {
        if (*p->vague.text && (p->views[k] >= ELEMENT || p->views[k] == RESONANCE)) {
            print_error("%s (--around)", p->vague.text);
            return EXIT_USAGE;
        }
        if (!panel_of(p, p->views[k], k, &panels[k], curves[k]))
            return EXIT_USAGE;
    }
    orr_figure f = {.title = *p->info->title ? p->info->title : NULL,
                    .panels = panels,
                    .n = p->n_views,
                    .columns = p->n_views > 1 ? 2 : 1,
                    .width = p->n_views > 1 ? 620 : 760,
                    .height = p->n_views > 1 ? 420 : 520};
    if (orr_figure_write(&f, path, why, sizeof why))
        return EXIT_OK;
    print_error("%s", why);
    return EXIT_FILES;
}

static exit_code run(const arguments *a)
{
    char path[4200];
    long member = 0;
    const char *which = value_of(a, "member");
    static plotter p;
    orr_diagnosis why;
    output_beside(a, a->words[0], "png", path);
    if (which && !parse_count("member", which, 0, 2000000000, &member))
        return EXIT_USAGE;
    if (!may_replace(path, a->words[0], NULL))
        return EXIT_FILES;
    if (access(path, F_OK) == 0 && !given(a, "force")) {
        print_error("'%s' exists; --force replaces it, -o writes another", path);
        return EXIT_FILES;
    }
    if (!open_run(a->words[0], &p.r))
        return EXIT_FILES;
    p.info = orr_reader_info(p.r);
    exit_code code = EXIT_OK;
    if (which && orr_reader_select(p.r, (size_t)member, &why) != ORR_OK) {
        print_diagnosis(&why);
        code = EXIT_USAGE;
    }
    if (code == EXIT_OK && p.info->n_frames == 0) {
        print_error("'%s' holds no snapshot yet", a->words[0]);
        code = EXIT_FILES;
    }
    if (code == EXIT_OK && !plot_parse(&p, a))
        code = EXIT_USAGE;
    if (code == EXIT_OK)
        code = plot_read(&p);
    if (code == EXIT_OK)
        code = draw(&p, path);
    plot_free(&p);
    orr_reader_close(p.r);
    if (code == EXIT_OK && !given(a, "quiet"))
        print_text("wrote %s\n", path);
    return code;
}

const command command_plot = {
    .name = "plot",
    .summary = "draw orbits, errors and elements from an output file",
    .usage = "plot [options] FILE.h5",
    .help =
        "Without options: orbits, energy error, error of angular momentum, and eccentricities.\n\n"
        "  orrery plot solar-system.h5 --show orbits --of Earth,Mars --plane xy -o inner.svg\n"
        "  orrery plot solar-system.h5 --show separation --of Earth,Moon\n"
        "  orrery plot galilean-moons.h5 --resonance 'Io - 3 Europa + 2 Ganymede'\n\n"
        "separation is from the first of the bodies to each other one. Needs gnuplot.",
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_OUTPUT,
    .run = run,
};
