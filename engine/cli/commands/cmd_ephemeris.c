/* cmd_ephemeris.c - `orrery ephemeris`: where bodies are, or are seen, at given dates. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/ephemeris.h>

#include "cli/cli.h"
#include "io/quoting.h"
#include "io/suggest.h"
#include "cli/progress.h"
#include "cli/whole_file.h"

enum { MOST_DATES = 1000000, MOST_BODIES = 256 };

typedef struct table {
    const arguments *a;
    orr_scenario s;
    double *t; /* [n] time of the scenario, ascending */
    size_t n;
    uint64_t body[MOST_BODIES]; /* ids */
    orr_ephemeris_def def;
    FILE *out;
} table;

/* ---- what was asked for ---- */

static bool find_body(const table *t, const char *name, size_t length, uint64_t *id)
{
    char text[100], hint[300];
    const char *names[MOST_BODIES];
    size_t n = 0;
    for (size_t i = 0; i < t->s.names.n; i++) {
        const char *own = orr_names_get(&t->s.names, i);
        if (strlen(own) == length && memcmp(own, name, length) == 0) {
            *id = i;
            return true;
        }
        if (n < MOST_BODIES)
            names[n++] = own;
    }
    snprintf(text, sizeof text, "%.*s", (int)length, name);
    orr_suggest(text, names, n, hint, sizeof hint);
    print_error("there is no body '%s'; %s", text, hint);
    return false;
}

/* A date, or a time after the epoch with a unit. */
static bool time_of(const table *t, const char *option, const char *text, double *out)
{
    const orr_units *u = &t->s.units;
    return parse_time(option, text, u->time, u->dimensionless ? "" : u->time_name,
                      t->s.has_epoch ? &t->s.epoch : NULL, out);
}

/* A time that is no date. */
static bool parse_duration(const table *t, const char *option, const char *text, double *out)
{
    char message[300];
    if (orr_quantity_parse(text, &t->s.units, ORR_TIME, out, message, sizeof message) == ORR_OK)
        return true;
    print_error("--%s: %s", option, message);
    return false;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool parse_list(table *t, const char *list)
{
    while (*list) {
        char text[100];
        size_t n = strcspn(list, ",");
        snprintf(text, sizeof text, "%.*s", (int)n, list + strspn(list, " "));
        double *more = realloc(t->t, (t->n + 1) * sizeof *more);
        if (!more || !time_of(t, "at", text, &more[t->n])) {
            t->t = more ? more : t->t;
            return false;
        }
        t->t = more;
        t->n++;
        list += n + (list[n] == ',');
    }
    return true;
}

static bool parse_range(table *t, const char *from, const char *to, const char *every)
{
    double first, last, step;
    if (!from || !to || !every) {
        print_error("say when: --at DATE,DATE or --from DATE --to DATE --every TIME");
        return false;
    }
    if (!time_of(t, "from", from, &first) || !time_of(t, "to", to, &last) ||
        !parse_duration(t, "every", every, &step))
        return false;
    double count = floor((last - first) / step * (1 + 1e-12)) + 1;
    if (!(step > 0) || !(count >= 1) || count > MOST_DATES) {
        print_error("from %s to %s in steps of %s is no list of 1 to %d dates", from, to, every,
                    MOST_DATES);
        return false;
    }
    t->n = (size_t)count;
    t->t = malloc(t->n * sizeof *t->t);
    for (size_t k = 0; t->t && k < t->n; k++)
        t->t[k] = first + step * (double)k;
    return t->t != NULL;
}

static bool parse_bodies(table *t, const char *list)
{
    size_t n = 0;
    for (size_t i = 0; !list && i < t->s.names.n && n < MOST_BODIES; i++)
        if (i != t->def.center)
            t->body[n++] = i;
    while (list && *list) {
        size_t length = strcspn(list, ",");
        if (n == MOST_BODIES || !find_body(t, list, length, &t->body[n++]))
            return false;
        list += length + (list[length] == ',');
    }
    t->def.n_bodies = n;
    return true;
}

/* "file", or the name of a plane. */
static bool parse_axes(table *t, const char *axes)
{
    const char *names[16] = {"file"};
    char hint[300];
    size_t n = 1;
    const orr_named_plane *p;
    if (!axes || strcmp(axes, names[0]) == 0)
        return true;
    t->def.plane = orr_plane_find(axes);
    while (n < sizeof names / sizeof *names && (p = orr_plane_at(n - 1)))
        names[n++] = p->name;
    if (t->def.plane)
        return true;
    orr_suggest(axes, names, n, hint, sizeof hint);
    print_error("--axes: there is no plane '%s'; %s", axes, hint);
    return false;
}

static bool parse_center(table *t, const char *center)
{
    t->def.center = ORR_ORIGIN;
    if (center && strcmp(center, "origin") != 0)
        return find_body(t, center, strlen(center), &t->def.center);
    return center || !t->def.apparent || find_body(t, "Earth", 5, &t->def.center);
}

static bool parse_times(table *t)
{
    static const char *const of_ranges[] = {"from", "to", "every"};
    const char *at = value_of(t->a, "at");
    for (size_t k = 0; k < 3; k++)
        if (at && given(t->a, of_ranges[k])) {
            print_error("--at and --%s exclude each other", of_ranges[k]);
            return false;
        }
    if (!(at ? parse_list(t, at)
             : parse_range(t, value_of(t->a, "from"), value_of(t->a, "to"),
                           value_of(t->a, "every"))))
        return false;
    qsort(t->t, t->n, sizeof *t->t, ascending);
    return true;
}

static bool parse(table *t)
{
    static const char *const equinoxes[] = {"J2000", "date"};
    const char *equinox = value_of(t->a, "equinox");
    size_t chosen = 0;
    orr_diagnosis why;
    t->def.scenario = &t->s;
    t->def.apparent = given(t->a, "apparent");
    if (!parse_center(t, value_of(t->a, "center")) || !parse_axes(t, value_of(t->a, "axes")) ||
        (equinox && !parse_word("equinox", equinox, equinoxes, 2, &chosen)))
        return false;
    t->def.of_date = chosen == 1;
    if (orr_ephemeris_check(&t->def, &why) != ORR_OK) {
        print_diagnosis(&why);
        return false;
    }
    if (!parse_times(t) || !parse_bodies(t, value_of(t->a, "of")))
        return false;
    t->def.times = t->t;
    t->def.n_times = t->n;
    t->def.bodies = t->body;
    return true;
}

/* ---- writing ---- */

/* 12 34 56.789 of an angle in units of 1/60/60, without ever writing 60. */
static void sexagesimal(double x, int decimals, char out[40])
{
    double scale = pow(10, decimals), whole = floor(fabs(x) * 3600 * scale + 0.5);
    double seconds = fmod(whole, 60 * scale) / scale, minutes = floor(whole / (60 * scale));
    snprintf(out, 40, "%s%02.0f %02.0f %0*.*f", x < 0 ? "-" : "", floor(minutes / 60),
             fmod(minutes, 60), decimals + 3, decimals, seconds);
}

static void when(const table *t, double time)
{
    char text[64];
    if (!t->s.has_epoch) {
        fprintf(t->out, "%.12g", time);
        return;
    }
    orr_date d = orr_date_plus(&t->s.epoch, time, t->s.units.time);
    orr_date_text(&d, 0, text, sizeof text);
    bool other = d.scale != t->s.epoch.scale; /* before 1961 there is no UTC */
    fprintf(t->out, "%.8f,%s%s%s", orr_date_jd(&d), text, other ? " " : "",
            other ? orr_timescale_at(d.scale)->name : "");
}

static void write_place(const table *t, uint64_t id, const orr_place *p)
{
    fputc(',', t->out);
    orr_write_csv(t->out, orr_names_get(&t->s.names, id));
    fprintf(t->out, ",%.15g,%.15g,%.15g,%.15g,%.15g,%.15g\n", p->pos[0], p->pos[1], p->pos[2],
            p->vel[0], p->vel[1], p->vel[2]);
}

static void write_sighting(const table *t, uint64_t id, const orr_place *p)
{
    const double degree = 57.29577951308232;
    char ra[40], dec[40];
    sexagesimal(p->ra * degree / 15, 3, ra);
    sexagesimal(p->dec * degree, 2, dec);
    fputc(',', t->out);
    orr_write_csv(t->out, orr_names_get(&t->s.names, id));
    fprintf(t->out, ",%.9f,%.9f,%s,%s,%.12g,%.6f\n", p->ra * degree, p->dec * degree, ra, dec,
            p->distance, p->light_time * t->s.units.time);
}

static void write_rows(const table *t, const orr_ephemeris *e)
{
    for (size_t k = 0; k < e->n_times; k++)
        for (size_t j = 0; j < e->n_bodies; j++) {
            const orr_place *p = &e->places[k * e->n_bodies + j];
            if (!p->there)
                continue; /* it is no more, or it is the observer */
            when(t, t->t[k]);
            if (t->def.apparent)
                write_sighting(t, t->body[j], p);
            else
                write_place(t, t->body[j], p);
        }
}

static void write_head(const table *t)
{
    char length[64], speed[64];
    const orr_named_plane *plane = t->def.plane;
    const char *center =
        t->def.center == ORR_ORIGIN ? "the origin" : orr_names_get(&t->s.names, t->def.center);
    orr_units_name(&t->s.units, (orr_dimension){1, 0, 0, 0}, length, sizeof length);
    orr_units_name(&t->s.units, (orr_dimension){1, 0, -1, 0}, speed, sizeof speed);
    const char *date = t->s.has_epoch ? "jd,date" : "t";
    char axes[80];
    snprintf(axes, sizeof axes, plane ? "%s, obliquity %.3f arcsec" : "%s",
             plane ? plane->name : t->s.frame, plane ? plane->obliquity : 0);
    if (t->def.apparent)
        fprintf(t->out,
                "# apparent places (light time, aberration) from %s, equator and equinox of %s, "
                "dates in %s; degrees, [%s], light time in s\n"
                "%s,body,ra_deg,dec_deg,ra_hms,dec_dms,distance,light_time\n",
                center, t->def.of_date ? "date" : "ICRF (J2000)", t->s.time_scale, length, date);
    else
        fprintf(t->out,
                "# from %s, axes: %s; dates in %s; positions [%s], velocities [%s]\n"
                "%s,body,x,y,z,vx,vy,vz\n",
                center, axes, t->s.has_epoch ? t->s.time_scale : "units of time", length, speed,
                date);
}

/* ---- running ---- */

static void tell_progress(void *user, const char *what, double part)
{
    (void)what;
    progress_part(user, "integrating: ", part);
}

static exit_code make(table *t)
{
    orr_ephemeris e;
    orr_diagnosis why;
    progress p = progress_begin(false, false, 0, 1, "");
    t->def.progress = tell_progress;
    t->def.progress_user = &p;
    orr_status status = orr_ephemeris_compute(&t->def, &e, &why);
    progress_end(&p);
    if (status != ORR_OK) {
        print_diagnosis(&why);
        return EXIT_NUMERICAL;
    }
    write_head(t);
    write_rows(t, &e);
    orr_ephemeris_free(&e);
    return EXIT_OK;
}

static exit_code run(const arguments *a)
{
    table t = {.a = a, .out = stdout};
    const char *path = value_of(a, "output");
    exit_code code = load_scenario(a, a->words[0], &t.s);
    if (code != EXIT_OK)
        return code;
    if (!parse(&t))
        code = EXIT_USAGE;
    if (code == EXIT_OK && path && !may_replace(path, t.s.path, t.s.inputs))
        code = EXIT_FILES;
    whole_file file;
    bool begun = false;
    if (code == EXIT_OK && path) {
        begun = whole_file_begin(&file, path, given(a, "force"));
        code = begun ? EXIT_OK : EXIT_FILES;
        t.out = file.out;
    }
    if (code == EXIT_OK)
        code = make(&t);
    if (begun && !whole_file_end(&file, code == EXIT_OK) && code == EXIT_OK)
        code = EXIT_FILES;
    free(t.t);
    orr_scenario_free(&t.s);
    return code;
}

const command command_ephemeris = {
    .name = "ephemeris",
    .summary = "where bodies are, or are seen, at given dates (CSV)",
    .usage = "ephemeris [options] SCENARIO",
    .help =
        "Integrates a scenario to each date and writes positions and velocities, or apparent "
        "places.\n\n"
        "  orrery ephemeris solar-system-jpl --at 2020-12-21 --center Sun --axes ecliptic\n"
        "  orrery ephemeris solar-system-jpl --apparent --equinox date --of Mars,Jupiter \\\n"
        "      --from 2005-01-01 --to 2005-02-01 --every '1 day'\n\n"
        "Apparent places have light time and aberration, not the bending of light by the Sun; the\n"
        "equinox of date is good to half an arc second.",
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_SCENARIO,
    .run = run,
};
