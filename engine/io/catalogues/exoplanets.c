/* exoplanets.c - the NASA Exoplanet Archive's tables ps and pscomppars, as CSV.
 *
 * A row is a planet.  Days, au, degrees, BJD TDB; the reference plane is that of the sky, with z
 * away from the observer, and pl_orblper is the star's omega (see tables/observed.c).  Of period
 * and semi-major axis the period is taken, since it is measured; of the times of transit and of
 * pericentre the transit.  Rows of `ps` with default_flag 0 are other people's solutions for the
 * same planet and left out, unless `where:` speaks of default_flag.
 * https://exoplanetarchive.ipac.caltech.edu/docs/API_PS_columns.html */
#include <string.h>

#include "io/tables/tables.h"

static const orr_alias aliases[] = {
    {"pl_name", COL_NAME, NULL},
    {"hostname", COL_HOST, NULL},
    {"pl_hostname", COL_HOST, NULL},
    {"pl_orbper", COL_ELEMENTS + EL_P, "day"},
    {"pl_orbsmax", COL_ELEMENTS + EL_A, "au"},
    {"pl_orbeccen", COL_ELEMENTS + EL_E, NULL},
    {"pl_orbincl", COL_ELEMENTS + EL_I, "deg"},
    {"pl_orblper", COL_STAR_OMEGA, "deg"},
    {"pl_tranmid", COL_TRANSIT, "JD"},
    {"pl_orbtper", COL_ELEMENTS + EL_PERI_TIME, "JD"},
    {"pl_masse", COL_MASS, "Mearth"},
    {"pl_bmasse", COL_MASS, "Mearth"},
    {"pl_massj", COL_MASS, "Mjup"},
    {"pl_bmassj", COL_MASS, "Mjup"},
    {"pl_msinie", COL_MASS, "Mearth"},
    {"pl_msinij", COL_MASS, "Mjup"},
    {"pl_rade", COL_RADIUS, "Rearth"},
    {"pl_radj", COL_RADIUS, "Rjup"},
    {"st_mass", COL_STAR_MASS, "Msun"},
    {"st_rad", COL_STAR_RADIUS, "Rsun"},
    {0},
};

static const char *const signature[] = {"pl_name", NULL};

typedef struct own {
    char host[ORR_LONGEST_NAME + 24];
    bool begun;
} own;

static const orr_cell *cell(const orr_table *t, const char *heading, int meaning)
{
    for (size_t k = 0; k < t->n_columns; k++)
        if (heading ? strcmp(t->columns[k].heading, heading) == 0
                    : t->columns[k].meaning == meaning)
            return &t->cells[k];
    return NULL;
}

static orr_status skip(orr_table *t, bool *skip)
{
    const orr_cell *flag = cell(t, "default_flag", 0), *star = cell(t, NULL, COL_HOST);
    const orr_yaml *host = orr_yaml_get(t->group->node, "host");
    for (size_t k = 0; k < t->n_conditions && flag; k++)
        if (strcmp(t->columns[t->conditions[k].column].heading, "default_flag") == 0)
            flag = NULL;
    *skip = flag && strcmp(flag->text, "0") == 0;
    if (!host)
        return ORR_OK;
    ORR_TRY(orr_need_kind(t->l, host, ORR_SCALAR));
    if (!star)
        return orr_yaml_fail(&t->l->doc, host, ORR_E_FORMAT, "'%s' has no column 'hostname'",
                             t->path);
    *skip = *skip || strcmp(star->text, host->text) != 0;
    return ORR_OK;
}

/* The star as a body, where the group names none. */
static orr_status make_star(orr_table *t, const orr_row *row)
{
    double G = t->l->s->units.G;
    orr_body star = {.role = ORR_ACTIVE};
    if (!*row->host || !row->has[COL_STAR_MASS])
        return orr_table_fail(t, NULL,
                              "the star needs a name (hostname) and a mass (st_mass) here, or "
                              "'around:' with a body of the scenario");
    star.gm = row->value[COL_STAR_MASS] * G;
    star.radius = row->has[COL_STAR_RADIUS] ? row->value[COL_STAR_RADIUS] : 0;
    memcpy(star.pos, t->centre.state.pos, sizeof star.pos);
    memcpy(star.vel, t->centre.state.vel, sizeof star.vel);
    if (!(star.gm > 0) || !(star.radius >= 0))
        return orr_table_fail(t, NULL, "the star's mass must be greater than zero");
    uint64_t id = t->l->s->bodies.n;
    ORR_TRY(orr_table_append(t, row->host, star));
    return orr_primary_of(t->l, id, &t->centre);
}

static orr_status finish(orr_table *t, orr_row *row)
{
    own *o = t->own;
    const int a = COL_ELEMENTS + EL_A, P = COL_ELEMENTS + EL_P, T = COL_ELEMENTS + EL_PERI_TIME;
    if (row->has[P])
        row->has[a] = false;
    if (row->has[COL_TRANSIT])
        row->has[T] = false;
    row->peri_is_date = false; /* one of many pericentres of mean elements: a phase */
    if (!o->begun) {
        o->begun = true;
        snprintf(o->host, sizeof o->host, "%s", row->host);
        if (t->group->centre.n == 0)
            ORR_TRY(make_star(t, row));
    }
    if (t->has[COL_HOST] && strcmp(o->host, row->host) != 0)
        return orr_table_fail(t, NULL, "planets of '%s' and of '%s': choose a star, 'host: %s'",
                              o->host, row->host, o->host);
    int i = COL_ELEMENTS + EL_I; /* not known: seen edge-on, as a transit would be */
    if (!row->has[i] && !t->falls_back[i]) {
        row->value[i] = 1.5707963267948966;
        row->has[i] = true;
        t->n_edge_on++;
    }
    return ORR_OK;
}

const orr_catalogue orr_catalogue_exoplanets = {
    .entry =
        {"exoplanets", "NASA Exoplanet Archive, CSV of ps or pscomppars: planets of one host",
         "https://exoplanetarchive.ipac.caltech.edu/docs/API_PS_columns.html",
         "    'host: NAME' chooses the star, which is made (st_mass, st_rad) unless 'around:' "
         "names\n"
         "    one.  Axes: the sky, z away from the observer; pl_orblper is the star's omega.  The\n"
         "    period is taken before the semi-major axis, the transit before the pericentre, rows\n"
         "    with default_flag 0 are left out.  Blank: e without omega is 0, inclination 90 deg, "
         "a\n"
         "    planet without mass is a test body, one without radius a point; notes count them."},
    .traits = ORR_REST_UNUSED | ORR_MASS_OR_TEST | ORR_MAKES_PRIMARY | ORR_PHASE_OR_PERICENTRE,
    .aliases = aliases,
    .signature = signature,
    .scale = "TDB",
    .own_size = sizeof(own),
    .head = orr_separated_head,
    .next = orr_separated_next,
    .skip = skip,
    .finish = finish,
};
