/* plot_data.c - see plot_data.h. */
#include "plot_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/primaries.h>

#include "io/suggest.h"

static const char *const view_names[ELEMENT] = {"orbits",     "energy",    "momentum",
                                                "separation", "resonance", "shadow"};

const char *view_name(view v)
{
    return v < ELEMENT ? view_names[v] : orr_orbital_at((size_t)v - ELEMENT)->name;
}

double *plot_numbers(plotter *p, size_t n)
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

static bool parse_views(plotter *p, const char *list)
{
    while (*list) {
        size_t n = strcspn(list, ",");
        int found = -1;
        size_t orbital = orr_orbital_find(list, n);
        if (orbital < ORR_ORBITALS)
            found = ELEMENT + (int)orbital;
        for (int k = 0; k < ELEMENT; k++)
            if (strlen(view_names[k]) == n && memcmp(view_names[k], list, n) == 0)
                found = k;
        if (found < 0 || p->n_views == MOST_PANELS) {
            char text[60], hint[300];
            const char *names[N_VIEWS];
            for (int k = 0; k < N_VIEWS; k++)
                names[k] = view_name((view)k);
            snprintf(text, sizeof text, "%.*s", (int)n, list);
            if (found >= 0) {
                print_error("at most %d panels go into one figure", MOST_PANELS);
                return false;
            }
            orr_suggest(text, names, N_VIEWS, hint, sizeof hint);
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

/* xy, xz, yz; false: another plane. */
static bool is_projection(const char *text, int plane[2])
{
    static const char *const planes[] = {"xy", "xz", "yz"};
    for (int k = 0; k < 3; k++)
        if (strcmp(text, planes[k]) == 0) {
            plane[0] = planes[k][0] - 'x';
            plane[1] = planes[k][1] - 'x';
            return true;
        }
    return false;
}

/* What elements are about, and orbits are drawn about: where no body dominates, and none is named,
 * orbits are drawn about the centre of mass. */
static bool parse_elements(plotter *p, const arguments *a)
{
    const char *plane = value_of(a, "plane");
    orr_element_options o = {.of = value_of(a, "of"),
                             .around = value_of(a, "around"),
                             .plane = plane && !is_projection(plane, p->plane) ? plane : NULL,
                             .gm = value_of(a, "gm")};
    orr_diagnosis why;
    orr_status status = orr_reader_choose(p->r, &o, &p->elements, &why);
    if (status != ORR_OK && !o.around &&
        orr_dominant_body(orr_reader_bodies(p->r), ORR_PART_CENTRE) == SIZE_MAX) {
        p->vague = why;
        o.around = "barycentre";
        status = orr_reader_choose(p->r, &o, &p->elements, &why);
    }
    if (status != ORR_OK) {
        print_diagnosis(&why);
        return false;
    }
    p->center_of = p->elements.about;
    p->center_name = p->elements.centre;
    if (p->center_of.kind == ORR_ABOUT_JACOBI || p->center_of.kind == ORR_ABOUT_PRIMARY) {
        size_t most = orr_dominant_body(orr_reader_bodies(p->r), ORR_PART_CENTRE);
        p->center_of.kind = most == SIZE_MAX ? ORR_ABOUT_BARYCENTRE : ORR_ABOUT_DOMINANT;
        p->center_name = most == SIZE_MAX ? "the centre of mass" : orr_reader_name(p->r, most);
    }
    return true;
}

/* The bodies that were named; else those that are to be seen in a figure. */
static bool choose_bodies(plotter *p, bool named)
{
    const orr_bodies *b = orr_reader_bodies(p->r);
    size_t at, centre = p->center_of.n_ids == 1 ? orr_bodies_find(b, p->center_of.ids[0]) : b->n;
    if (p->elements.of) {
        for (size_t k = 0; k < p->elements.n_of && (named || k < MOST_CHOSEN); k++)
            if (!choose(p, orr_bodies_find(b, p->elements.of[k]), &at))
                return false;
        return true;
    }
    for (size_t i = 0; i < b->n && !p->n_terms; i++)
        if (i != centre && (b->n <= MOST_CHOSEN || (b->gm[i] > 0 && centre < b->n)) &&
            p->n_chosen < MOST_CHOSEN)
            choose(p, i, &at);
    return true;
}

bool plot_parse(plotter *p, const arguments *a)
{
    const char *show = value_of(a, "show"), *resonance = value_of(a, "resonance");
    p->plane[1] = 1;
    if (!parse_elements(p, a) || (resonance && !parse_resonance(p, resonance)) ||
        !choose_bodies(p, given(a, "of")))
        return false;
    if (show)
        return parse_views(p, show);
    view eccentricity = ELEMENT + (view)orr_orbital_find("e", 1);
    const view standard[] = {ORBITS, ENERGY, MOMENTUM, eccentricity};
    for (size_t k = 0; k < 4; k++)
        if (standard[k] != eccentricity || (!*p->vague.text && p->n_chosen > 0))
            p->views[p->n_views++] = standard[k];
    if (resonance)
        p->views[p->n_views++] = RESONANCE;
    return true;
}

/* ---- reading ---- */

static bool keep_swarm(plotter *p, const orr_bodies *b, const orr_state *center)
{
    size_t step = b->n / MOST_SWARM + 1;
    for (int k = 0; k < 2; k++)
        if (!(p->swarm[k] = plot_numbers(p, b->n)))
            return false;
    for (size_t i = 0; i < b->n; i += step, p->n_swarm++)
        for (int k = 0; k < 2; k++)
            p->swarm[k][p->n_swarm] =
                orr_bodies_get(b, i).pos[p->plane[k]] - center->pos[p->plane[k]];
    return true;
}

/* Elements of the chosen bodies in the frame that was read. */
static bool keep_elements(plotter *p, orr_centres *centres, size_t at, bool seen[MOST_CHOSEN])
{
    const orr_bodies *b = orr_reader_bodies(p->r);
    if (orr_centres_find(centres, &p->elements.about, b) != ORR_OK)
        return false;
    for (size_t k = 0; k < p->n_chosen; k++) {
        double *out = p->orbital[k] + at * ORR_ORBITALS, mu;
        orr_elements el;
        bool good = orr_osculating(centres, p->chosen[k], &el, &mu) == ORR_OK;
        if (good)
            orr_orbitals(&el, mu, p->t[at], out);
        for (size_t q = 0; q < ORR_ORBITALS && !good; q++)
            out[q] = NAN;
        seen[k] = seen[k] || good;
    }
    return true;
}

static bool make_room(plotter *p, size_t most)
{
    bool good = (p->t = plot_numbers(p, most)) && (p->center = calloc(most, sizeof *p->center));
    for (size_t k = 0; k < p->n_chosen; k++)
        good = good && (p->track[k] = calloc(most, sizeof *p->track[k])) &&
               (p->orbital[k] = plot_numbers(p, most * ORR_ORBITALS));
    return good;
}

static bool shows_elements(const plotter *p)
{
    for (size_t k = 0; k < p->n_views; k++)
        if (p->views[k] >= ELEMENT || p->views[k] == RESONANCE)
            return true;
    return false;
}

/* One frame; the centres are kept from frame to frame. */
static exit_code read_frame(plotter *p, size_t f, orr_centres centres[2], bool seen[MOST_CHOSEN])
{
    size_t at = p->n_frames++;
    orr_diagnosis why;
    if (orr_reader_read(p->r, f, &p->t[at], &why) != ORR_OK) {
        print_diagnosis(&why);
        return EXIT_FILES;
    }
    const orr_bodies *b = orr_reader_bodies(p->r);
    bool good = orr_centres_find(&centres[1], &p->center_of, b) == ORR_OK;
    p->center[at] = centres[1].common;
    for (size_t k = 0; k < p->n_chosen; k++)
        p->track[k][at] = orr_bodies_get(b, p->chosen[k]);
    good = good && keep_elements(p, &centres[0], at, seen);
    if (good && f + 1 == p->info->n_frames && b->n > MOST_CHOSEN)
        good = keep_swarm(p, b, &p->center[at]);
    return good ? EXIT_OK : EXIT_FILES;
}

exit_code plot_read(plotter *p)
{
    size_t all = p->info->n_frames, step = all / MOST_FRAMES + 1;
    orr_centres centres[2] = {0};
    bool seen[MOST_CHOSEN] = {false};
    if (!make_room(p, all / step + 2)) {
        print_error("out of memory");
        return EXIT_FILES;
    }
    exit_code code = EXIT_OK;
    for (size_t f = 0; f < all && code == EXIT_OK;
         f = f + step < all || f + 1 == all ? f + step : all - 1)
        code = read_frame(p, f, centres, seen);
    orr_centres_free(&centres[0]);
    orr_centres_free(&centres[1]);
    for (size_t k = 0; k < p->n_chosen && shows_elements(p) && code == EXIT_OK; k++)
        if (!seen[k])
            print_warning("'%s' has no orbit about %s", orr_reader_name(p->r, p->chosen[k]),
                          p->elements.centre);
    return code;
}

void plot_free(plotter *p)
{
    for (size_t k = 0; k < p->n_pool; k++)
        free(p->pool[k]);
    for (size_t k = 0; k < p->n_chosen; k++)
        free(p->track[k]);
    free(p->center);
    orr_element_choice_free(&p->elements);
}
