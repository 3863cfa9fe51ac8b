/* cmd_plot.c - `orrery plot`: figures of what is in an output file. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "io/osculating.h"
#include "io/suggest.h"
#include "measure.h"
#include "plot/figure.h"

enum { MOST_CHOSEN = 12, MOST_FRAMES = 3000, MOST_PANELS = 12, MOST_TERMS = 8, MOST_SWARM = 20000 };

typedef enum view {
    ORBITS,
    ENERGY,
    MOMENTUM,
    AXIS,
    ECCENTRICITY,
    INCLINATION,
    NODE,
    PERICENTRE,
    SEPARATION,
    RESONANCE,
    SHADOW,
    N_VIEWS
} view;
static const char *const view_names[N_VIEWS] = {"orbits",     "energy",    "momentum", "a",
                                                "e",          "i",         "Omega",    "omega",
                                                "separation", "resonance", "shadow"};

/* k times the mean longitude, or the longitude of the pericentre, of a body. */
typedef struct term {
    double k;
    bool pericentre;
    size_t body; /* index into chosen */
} term;

typedef struct plotter {
    orr_reader *r;
    const orr_file_info *info;
    size_t chosen[MOST_CHOSEN], n_chosen; /* index in the bodies */
    size_t around;                        /* index in the bodies; SIZE_MAX: the centre of mass */
    int plane[2];
    view views[MOST_PANELS];
    size_t n_views;
    term terms[MOST_TERMS];
    size_t n_terms;
    const char *resonance;
    size_t n_frames;
    double *t;                    /* [n_frames] */
    orr_body *track[MOST_CHOSEN]; /* [n_frames] as they are */
    orr_body *center;             /* [n_frames] */
    double *swarm[2];             /* the others at the end, if they are many */
    size_t n_swarm;
    double *pool[4 * MOST_PANELS * MOST_CHOSEN]; /* what is to be freed */
    size_t n_pool;
    char labels[MOST_PANELS][4][200];
} plotter;

static double *numbers(plotter *p, size_t n)
{
    double *x = malloc((n + 1) * sizeof *x);
    if (x && p->n_pool < sizeof p->pool / sizeof *p->pool)
        p->pool[p->n_pool++] = x;
    return x;
}

/* ---- what was asked for ---- */

static bool find_body(const plotter *p, const char *name, size_t length, size_t *out)
{
    for (size_t i = 0; i < p->info->n_bodies; i++) {
        const char *own = orr_reader_name(p->r, i);
        if (strlen(own) == length && memcmp(own, name, length) == 0) {
            *out = i;
            return true;
        }
    }
    enum { MOST = 200 };
    const char *names[MOST];
    size_t n = p->info->n_bodies < MOST ? p->info->n_bodies : MOST;
    for (size_t i = 0; i < n; i++)
        names[i] = orr_reader_name(p->r, i);
    char text[100], hint[300];
    snprintf(text, sizeof text, "%.*s", (int)length, name);
    orr_suggest(text, names, n, hint, sizeof hint);
    print_error("there is no body '%s' in the file; %s", text, hint);
    return false;
}

static bool choose(plotter *p, size_t i, size_t *at)
{
    for (size_t k = 0; k < p->n_chosen; k++)
        if (p->chosen[k] == i) {
            *at = k;
            return true;
        }
    if (p->n_chosen == MOST_CHOSEN) {
        print_error("at most %d bodies go into one figure", MOST_CHOSEN);
        return false;
    }
    *at = p->n_chosen;
    p->chosen[p->n_chosen++] = i;
    return true;
}

static bool parse_bodies(plotter *p, const char *list)
{
    while (*list) {
        size_t n = strcspn(list, ","), i, at;
        if (!find_body(p, list, n, &i) || !choose(p, i, &at))
            return false;
        list += n + (list[n] == ',');
    }
    return true;
}

static bool parse_views(plotter *p, const char *list)
{
    while (*list) {
        size_t n = strcspn(list, ",");
        int found = -1;
        for (int k = 0; k < N_VIEWS; k++)
            if (strlen(view_names[k]) == n && memcmp(view_names[k], list, n) == 0)
                found = k;
        if (found < 0 || p->n_views == MOST_PANELS) {
            char text[60], hint[200];
            snprintf(text, sizeof text, "%.*s", (int)n, list);
            orr_suggest(text, view_names, N_VIEWS, hint, sizeof hint);
            print_error("there is nothing called '%s' to show; %s", text, hint);
            return false;
        }
        p->views[p->n_views++] = (view)found;
        list += n + (list[n] == ',');
    }
    return true;
}

/* "Io - 3 Europa + 2 Ganymede - pomega:Io": names up to the next blank. */
static bool parse_resonance(plotter *p, const char *text)
{
    double sign = 1;
    p->resonance = text;
    for (;;) {
        text += strspn(text, " ");
        if (!*text)
            return p->n_terms > 0;
        if (*text == '+' || *text == '-') {
            sign = *text++ == '-' ? -1 : 1;
            continue;
        }
        char *end;
        double k = strtod(text, &end);
        if (end == text)
            k = 1;
        text = end + strspn(end, " *");
        bool pericentre = strncmp(text, "pomega:", 7) == 0;
        text += pericentre ? 7 : 0;
        size_t n = strcspn(text, " "), i;
        if (p->n_terms == MOST_TERMS || n == 0) {
            print_error(
                "a resonance looks like 'Io - 3 Europa + 2 Ganymede', with at most %d terms",
                MOST_TERMS);
            return false;
        }
        term *t = &p->terms[p->n_terms];
        if (!find_body(p, text, n, &i) || !choose(p, i, &t->body))
            return false;
        t->k = sign * k;
        t->pericentre = pericentre;
        p->n_terms++;
        text += n;
        sign = 1;
    }
}

static bool parse_plane(plotter *p, const char *text)
{
    static const char *const planes[] = {"xy", "xz", "yz"};
    size_t k;
    if (!parse_word("plane", text, planes, 3, &k))
        return false;
    p->plane[0] = planes[k][0] - 'x';
    p->plane[1] = planes[k][1] - 'x';
    return true;
}

static bool parse(plotter *p, const arguments *a)
{
    const char *of = value_of(a, "of"), *around = value_of(a, "around"),
               *show = value_of(a, "show");
    const char *resonance = value_of(a, "resonance"), *plane = value_of(a, "plane");
    p->plane[1] = 1;
    p->around = dominant_body(orr_reader_bodies(p->r));
    if (around && strcmp(around, "barycentre") == 0)
        p->around = SIZE_MAX;
    else if (around && !find_body(p, around, strlen(around), &p->around))
        return false;
    if ((plane && !parse_plane(p, plane)) || (of && !parse_bodies(p, of)) ||
        (resonance && !parse_resonance(p, resonance)))
        return false;
    const orr_bodies *b = orr_reader_bodies(p->r);
    for (size_t i = 0, at; i < b->n && !of && !resonance; i++)
        if (i != p->around && (b->n <= MOST_CHOSEN || (b->gm[i] > 0 && p->around != SIZE_MAX)) &&
            p->n_chosen < MOST_CHOSEN)
            choose(p, i, &at);
    bool elements = p->around != SIZE_MAX;
    if (show)
        return parse_views(p, show);
    const view standard[] = {ORBITS, ENERGY, MOMENTUM, ECCENTRICITY};
    for (size_t k = 0; k < 4; k++)
        if (standard[k] != ECCENTRICITY || (elements && p->n_chosen > 0))
            p->views[p->n_views++] = standard[k];
    if (resonance)
        p->views[p->n_views++] = RESONANCE;
    return true;
}

/* ---- reading ---- */

static orr_body centre_of_mass(const orr_bodies *b)
{
    orr_body c = {.gm = 0};
    for (size_t i = 0; i < b->n; i++) {
        orr_body o = orr_bodies_get(b, i);
        for (int k = 0; k < 3 && o.gm > 0; k++)
            c.pos[k] += o.gm * o.pos[k], c.vel[k] += o.gm * o.vel[k];
        c.gm += o.gm;
    }
    for (int k = 0; k < 3 && c.gm > 0; k++)
        c.pos[k] /= c.gm, c.vel[k] /= c.gm;
    return c;
}

static bool keep_swarm(plotter *p, const orr_bodies *b, orr_body center)
{
    size_t step = b->n / MOST_SWARM + 1;
    for (int k = 0; k < 2; k++)
        if (!(p->swarm[k] = numbers(p, b->n)))
            return false;
    for (size_t i = 0; i < b->n; i += step, p->n_swarm++)
        for (int k = 0; k < 2; k++)
            p->swarm[k][p->n_swarm] =
                orr_bodies_get(b, i).pos[p->plane[k]] - center.pos[p->plane[k]];
    return true;
}

static exit_code read_frames(plotter *p)
{
    size_t all = p->info->n_frames, step = all / MOST_FRAMES + 1, most = all / step + 2;
    orr_diagnosis why;
    bool good = (p->t = numbers(p, most)) && (p->center = calloc(most, sizeof *p->center));
    for (size_t k = 0; k < p->n_chosen; k++)
        good = good && (p->track[k] = calloc(most, sizeof *p->track[k]));
    if (!good) {
        print_error("out of memory");
        return EXIT_FILES;
    }
    for (size_t f = 0; f < all; f = f + step < all || f + 1 == all ? f + step : all - 1) {
        size_t at = p->n_frames++;
        if (orr_reader_read(p->r, f, &p->t[at], &why) != ORR_OK) {
            print_diagnosis(&why);
            return EXIT_FILES;
        }
        const orr_bodies *b = orr_reader_bodies(p->r);
        p->center[at] = p->around == SIZE_MAX ? centre_of_mass(b) : orr_bodies_get(b, p->around);
        for (size_t k = 0; k < p->n_chosen; k++)
            p->track[k][at] = orr_bodies_get(b, p->chosen[k]);
        if (f + 1 == all && b->n > MOST_CHOSEN && !keep_swarm(p, b, p->center[at]))
            return EXIT_FILES;
    }
    return EXIT_OK;
}

/* ---- panels ---- */

static const char *unit(char label[200], const char *what, const char *unit)
{
    if (*unit && strcmp(unit, "1") != 0)
        snprintf(label, 200, "%s [%s]", what, unit);
    else
        snprintf(label, 200, "%s", what);
    return label;
}

static double value_of_element(view v, const orr_elements *el, const orr_orbit *o)
{
    const double degree = 57.29577951308232;
    switch (v) {
    case AXIS:
        return o->a;
    case ECCENTRICITY:
        return el->e;
    case INCLINATION:
        return el->i * degree;
    case NODE:
        return fmod(el->Omega * degree + 360, 360);
    default:
        return fmod(el->omega * degree + 360, 360);
    }
}

/* Of chosen body k around the centre at frame f; false: it has none. */
static bool orbit_at(const plotter *p, size_t k, size_t f, orr_elements *el, orr_orbit *o)
{
    return isfinite(p->track[k][f].pos[0]) &&
           orr_osculating(p->track[k][f], p->center[f], el, o) == ORR_OK;
}

static double longitude(const plotter *p, const term *t, size_t f)
{
    orr_elements el;
    orr_orbit o;
    if (!orbit_at(p, t->body, f, &el, &o))
        return NAN;
    return t->k * (t->pericentre ? o.pomega : o.L);
}

static double distance(const orr_body *a, const orr_body *b)
{
    double r2 = 0;
    for (int c = 0; c < 3; c++)
        r2 += (a->pos[c] - b->pos[c]) * (a->pos[c] - b->pos[c]);
    return sqrt(r2);
}

/* The curve of one chosen body in a panel. */
static bool curve_of(plotter *p, view v, size_t k, orr_curve *out)
{
    double *x = numbers(p, p->n_frames), *y = numbers(p, p->n_frames);
    if (!x || !y)
        return false;
    for (size_t f = 0; f < p->n_frames; f++) {
        orr_elements el;
        orr_orbit o;
        x[f] = p->t[f];
        if (v == ORBITS) {
            x[f] = p->track[k][f].pos[p->plane[0]] - p->center[f].pos[p->plane[0]];
            y[f] = p->track[k][f].pos[p->plane[1]] - p->center[f].pos[p->plane[1]];
        } else if (v == SEPARATION) {
            y[f] = distance(&p->track[k][f], k ? &p->track[0][f] : &p->center[f]);
        } else {
            y[f] = orbit_at(p, k, f, &el, &o) ? value_of_element(v, &el, &o) : NAN;
        }
    }
    bool angle = v == NODE || v == PERICENTRE;
    *out = (orr_curve){.name = orr_reader_name(p->r, p->chosen[k]),
                       .drawing = angle ? ORR_DOTS : ORR_LINE,
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
    double *t = numbers(p, n), *y = numbers(p, n), *l = numbers(p, n), l2 = 0;
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
    double *y = numbers(p, p->n_frames);
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
    static const char *const titles[N_VIEWS] = {"orbits",
                                                "relative energy error (filled: up, hollow: down)",
                                                "relative error of angular momentum",
                                                "semi-major axis",
                                                "eccentricity",
                                                "inclination",
                                                "longitude of ascending node",
                                                "argument of pericentre",
                                                "separation",
                                                "resonance angle",
                                                "distance from the shadow"};
    const char *center =
        p->around == SIZE_MAX ? "centre of mass" : orr_reader_name(p->r, p->around);
    if (v == ORBITS)
        snprintf(label, 200, "orbits around %s%s", p->around == SIZE_MAX ? "the " : "", center);
    else if (v == RESONANCE)
        snprintf(label, 200, "%s", p->resonance ? p->resonance : "");
    else if (v == SEPARATION)
        snprintf(label, 200, "distance from %s",
                 p->n_chosen > 1 ? orr_reader_name(p->r, p->chosen[0]) : center);
    else
        snprintf(label, 200, "%s", titles[v]);
    return label;
}

static bool panel_of(plotter *p, view v, size_t number, orr_panel *out, orr_curve *curves)
{
    char(*text)[200] = p->labels[number];
    static const char axes[] = "xyz";
    const char *quantity[N_VIEWS] = {
        [AXIS] = "a",           [ECCENTRICITY] = "e",      [INCLINATION] = "i",  [NODE] = "Omega",
        [PERICENTRE] = "omega", [SEPARATION] = "distance", [RESONANCE] = "angle"};
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
        bool angle = v == INCLINATION || v == NODE || v == PERICENTRE || v == RESONANCE;
        bool length = v == AXIS || v == SEPARATION;
        out->y_label = unit(text[2], quantity[v],
                            angle    ? "deg"
                            : length ? p->info->length_unit
                                     : "");
        if (v == RESONANCE) {
            if (p->n_terms == 0) {
                print_error("say which resonance: --resonance 'Io - 3 Europa + 2 Ganymede'");
                return false;
            }
            out->y_range[1] = 360;
            out->n = 1;
            return resonance_curve(p, &curves[0]);
        }
        out->log_y = v == AXIS && p->n_chosen > 2;
    }
    out->legend = p->n_chosen > 1 || v == SEPARATION;
    for (size_t k = v == SEPARATION && p->n_chosen > 1; k < p->n_chosen; k++)
        if ((v == SEPARATION || p->chosen[k] != p->around) && !curve_of(p, v, k, &curves[out->n++]))
            return false;
    return true;
}

static exit_code draw(plotter *p, const char *path)
{
    orr_panel panels[MOST_PANELS];
    static orr_curve curves[MOST_PANELS][MOST_CHOSEN + 1];
    char why[1024];
    for (size_t k = 0; k < p->n_views; k++) {
        if (p->around == SIZE_MAX && p->views[k] >= AXIS && p->views[k] != SEPARATION &&
            p->views[k] != SHADOW) {
            print_error("elements are about one body: name it with --around");
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
    if (code == EXIT_OK && !parse(&p, a))
        code = EXIT_USAGE;
    if (code == EXIT_OK)
        code = read_frames(&p);
    if (code == EXIT_OK)
        code = draw(&p, path);
    for (size_t k = 0; k < p.n_pool; k++)
        free(p.pool[k]);
    for (size_t k = 0; k < p.n_chosen; k++)
        free(p.track[k]);
    free(p.center);
    orr_reader_close(p.r);
    if (code == EXIT_OK && !given(a, "quiet"))
        print_text("wrote %s\n", path);
    return code;
}

static const option_doc options[] = {
    {0, "show", "LIST", "orbits,energy,momentum,a,e,i,Omega,omega,separation,resonance,shadow"},
    {0, "of", "NAMES", "which bodies, with commas between (default: all of a few)"},
    {0, "around", "NAME", "centre of orbits and elements; 'barycentre' (default: the heaviest)"},
    {0, "plane", "XY", "onto which orbits are projected: xy, xz, yz"},
    {0, "resonance", "ANGLE", "'Io - 3 Europa + 2 Ganymede': mean longitudes; pomega:Io"},
    {0, "member", "K", "which member of an ensemble, from 0 (default: the first)"},
    {'o', "output", "FILE", "ending .png or .svg (default: the name of the source with .png)"},
    {'f', "force", NULL, "replace an existing file"},
    {'q', "quiet", NULL, "only errors"},
    {0}};

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
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_OUTPUT,
    .run = run,
};
