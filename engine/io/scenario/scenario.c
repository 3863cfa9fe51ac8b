/* scenario.c - the scenario file as a whole. */
#include <orrery/scenario.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "internal.h"

enum { MOST_BODIES = 100000000 };

/* ---- header ---- */

/* The unit that the key names, which must be of this dimension. */
static orr_status base_unit(loader *l, orr_yaml *map, const char *key, orr_dimension dim,
                            const orr_unit **out)
{
    orr_yaml *node = orr_yaml_get(map, key);
    if (!node)
        return orr_yaml_fail(&l->doc, map, ORR_E_FORMAT,
                             "units need length, mass and time ('%s' is missing)", key);
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    const char *names[80];
    size_t n = 0;
    const orr_unit *u;
    for (size_t k = 0; (u = orr_unit_at(k)) && n < LENGTH_OF(names); k++) {
        if (memcmp(&u->dim, &dim, sizeof dim) != 0)
            continue;
        names[n++] = u->name;
        if (strcmp(u->name, node->text) == 0) {
            *out = u;
            return ORR_OK;
        }
    }
    orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "there is no unit of %s '%.60s'", key, node->text);
    orr_yaml_hint(&l->doc, node->text, names, n);
    return ORR_E_FORMAT;
}

static orr_status read_units(loader *l, orr_yaml *map)
{
    orr_units *u = &l->s->units;
    if (!map)
        return orr_yaml_fail(
            &l->doc, NULL, ORR_E_FORMAT,
            "'units:' is missing; write units: { length: au, mass: Msun, time: day }"
            ", or units: { G: 1 } for a dimensionless problem");
    ORR_TRY(orr_need_kind(l, map, ORR_MAP));
    orr_yaml *G = orr_yaml_get(map, "G"), *angle = orr_yaml_get(map, "angle");
    int named = (orr_yaml_get(map, "length") != NULL) + (orr_yaml_get(map, "mass") != NULL) +
                (orr_yaml_get(map, "time") != NULL);
    *u = (orr_units){.length = 1, .mass = 1, .time = 1, .dimensionless = !named};
    if (named) {
        const orr_unit *length, *mass, *time;
        ORR_TRY(base_unit(l, map, "length", ORR_LENGTH, &length));
        ORR_TRY(base_unit(l, map, "mass", ORR_MASS, &mass));
        ORR_TRY(base_unit(l, map, "time", ORR_TIME, &time));
        ORR_TRY(orr_units_named(length->name, mass->name, time->name, u));
    } else if (!G) {
        return orr_yaml_fail(&l->doc, map, ORR_E_FORMAT,
                             "units are empty; a dimensionless problem states its G: { G: 1 }");
    }
    const orr_unit *angles = NULL;
    if (angle)
        ORR_TRY(base_unit(l, map, "angle", ORR_ANGLE, &angles));
    u->angle = angles ? angles->si : 0;
    return G ? orr_read_positive(l, G, ORR_DIMENSIONLESS, &u->G) : ORR_OK;
}

static orr_status read_header(loader *l, orr_yaml *root)
{
    orr_scenario *s = l->s;
    orr_yaml *title = orr_yaml_get(root, "title"), *epoch = orr_yaml_get(root, "epoch");
    orr_yaml *text = orr_yaml_get(root, "description"), *origin = orr_yaml_get(root, "origin");
    orr_yaml *frame = orr_yaml_get(root, "frame");
    size_t k = 0;
    if (title)
        ORR_TRY(orr_read_text(l, title, &s->title));
    if (text)
        ORR_TRY(orr_read_text(l, text, &s->description));
    if (origin)
        ORR_TRY(orr_read_text(l, origin, &s->origin));
    if (frame)
        ORR_TRY(orr_read_word(l, ORR_IN_TOP, frame, &k));
    snprintf(s->frame, sizeof s->frame, "%s", frame ? frame->text : "inertial");
    ORR_TRY(read_units(l, orr_yaml_get(root, "units")));
    if (!epoch)
        return ORR_OK;
    ORR_TRY(orr_need_kind(l, epoch, ORR_SCALAR));
    if (s->units.dimensionless)
        return orr_yaml_fail(&l->doc, epoch, ORR_E_FORMAT,
                             "a problem without units has no dates: leave out 'epoch:', or give "
                             "its units: { length: au, mass: Msun, time: day }");
    char message[300];
    if (orr_date_read(epoch->text, ORR_TDB, &s->epoch, message, sizeof message) != ORR_OK)
        return orr_yaml_fail(&l->doc, epoch, ORR_E_FORMAT, "%s", message);
    s->has_epoch = true;
    s->epoch_jd = orr_date_jd(&s->epoch);
    orr_leap_seconds_note(&s->epoch, s->note, sizeof s->note);
    if (orr_jd_seems_modified(s->epoch_jd))
        ORR_TRY(
            orr_note(l, "the epoch is before 4411 B.C.; a modified Julian date is written MJD"));
    snprintf(s->time_scale, sizeof s->time_scale, "%s", orr_timescale_at(s->epoch.scale)->name);
    return ORR_OK;
}

/* ---- forces ---- */

/* The force in a shared library. */
static orr_status read_plugin(loader *l, orr_yaml *map, orr_yaml *node)
{
    orr_force_choice *f = &l->s->forces[l->s->n_forces];
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    if (!l->changes || !l->changes->allow_plugins)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "'%.200s' is a program that would run with your rights; if you trust "
                             "it, say --allow-plugins",
                             node->text);
    char why[400];
    ORR_TRY(orr_read_text(l, node, (char **)&f->plugin));
    f->type = orr_plugin_open(l->s->path, f->plugin, why, sizeof why);
    if (!f->type)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "%s", why);
    ORR_TRY(orr_read_options(l, map, f->type->fields, &f->options, &f->n_options));
    l->s->n_forces++;
    return ORR_OK;
}

static orr_status read_force(loader *l, orr_yaml *map, const char *key, unsigned self_gravity)
{
    orr_scenario *s = l->s;
    orr_force_choice *f = &s->forces[s->n_forces];
    const char *names[64];
    const orr_force *types[64], *type;
    size_t n = 0, chosen = 0;
    for (size_t k = 0; (type = orr_force_at(k)) && n < LENGTH_OF(names); k++)
        if ((type->traits & ORR_SELF_GRAVITY) == self_gravity) {
            types[n] = type;
            names[n++] = type->name;
        }
    if (map)
        ORR_TRY(orr_need_kind(l, map, ORR_MAP));
    orr_yaml *name = orr_yaml_get(map, key), *plugin = orr_yaml_get(map, "plugin");
    if (plugin && !self_gravity)
        return read_plugin(l, map, plugin);
    if (map && !name) {
        orr_yaml_fail(&l->doc, map, ORR_E_FORMAT, "'%s' is missing", key);
        orr_show_example(&l->doc, self_gravity ? "gravity" : "forces");
        return ORR_E_FORMAT;
    }
    if (name)
        ORR_TRY(orr_read_choice(l, name, key, names, n, &chosen));
    f->type = types[chosen];
    if (map)
        ORR_TRY(orr_read_options(l, map, f->type->fields, &f->options, &f->n_options));
    s->n_forces++;
    return ORR_OK;
}

/* Forces by names that they had once get that of now, before keys are compared with their options.
 */
static orr_status take_old_names(loader *l)
{
    orr_yaml *list = orr_yaml_get(l->doc.root, "forces");
    for (orr_yaml *node = list && list->kind == ORR_LIST ? list->first : NULL; node;
         node = node->next) {
        orr_yaml *name = node->kind == ORR_MAP ? orr_yaml_get(node, "force") : NULL;
        const orr_force *type =
            name && name->kind == ORR_SCALAR ? orr_force_find(name->text) : NULL;
        if (!type || strcmp(type->name, name->text) == 0)
            continue;
        ORR_TRY(orr_note(l, "the force '%.60s' is called '%s' now", name->text, type->name));
        name->text = type->name;
    }
    return ORR_OK;
}

static orr_status read_forces(loader *l, orr_yaml *gravity, orr_yaml *list)
{
    orr_scenario *s = l->s;
    if (list)
        ORR_TRY(orr_need_kind(l, list, ORR_LIST));
    size_t n = 1 + (list ? list->n : 0);
    s->forces = orr_arena_alloc(l->doc.memory, n * sizeof *s->forces);
    if (!s->forces)
        return ORR_E_NO_MEMORY;
    ORR_TRY(read_force(l, gravity, "solver", ORR_SELF_GRAVITY));
    ORR_TRY(orr_settle_auto_solver(l));
    for (orr_yaml *node = list ? list->first : NULL; node; node = node->next)
        ORR_TRY(read_force(l, node, "force", 0));
    return ORR_OK;
}

/* ---- the whole ---- */

/* Bodies were brought in the coordinates of the file, and a field stands still in those of the run:
 * then both must be the same. */
static orr_status has_no_field(loader *l, const orr_yaml *node)
{
    const orr_scenario *s = l->s;
    for (size_t k = 0; k < s->n_forces && s->n_brought > 0; k++)
        if (s->forces[k].plugin || strcmp(s->forces[k].type->name, "external") == 0)
            return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                                 "bodies that hold at another date cannot be brought through the "
                                 "field '%s' before 'recenter' moves them; give states in the "
                                 "coordinates of the field",
                                 s->forces[k].type->name);
    return ORR_OK;
}

/* Move the centre of mass to the origin, at rest.  Each body counts by its part of the mass, which
 * rounds otherwise than orr_barycentre() does: golden results begin with these bits. */
static orr_status recenter(loader *l, const orr_yaml *node)
{
    orr_bodies *b = &l->s->bodies;
    ORR_TRY(has_no_field(l, node));
    double mass = 0, mean[6] = {0};
    for (size_t i = 0; i < b->n; i++)
        mass += b->gm[i];
    for (size_t i = 0; i < b->n && mass > 0; i++)
        for (size_t c = 0; c < 3; c++) {
            mean[c] += b->gm[i] / mass * b->pos[c * b->stride + i];
            mean[c + 3] += b->gm[i] / mass * b->vel[c * b->stride + i];
        }
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < b->n; i++) {
            b->pos[c * b->stride + i] -= mean[c];
            b->vel[c * b->stride + i] -= mean[c + 3];
        }
    return ORR_OK;
}

/* Refuse what cannot fit into this machine before anything is allocated for it. */
static orr_status limit_bodies(loader *l)
{
    const double bytes_per_body = 300;
    double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGE_SIZE);
    double fit = memory > 0 ? 0.75 * memory / bytes_per_body : MOST_BODIES;
    l->most_bodies = fit < MOST_BODIES ? (size_t)fit : MOST_BODIES;
    if (l->changes && l->changes->most_bodies && l->changes->most_bodies < l->most_bodies)
        l->most_bodies = l->changes->most_bodies;
    return ORR_OK;
}

/* --set, what a member of an ensemble has of its own, and --until. */
static orr_status apply_changes(loader *l)
{
    const orr_scenario_changes *c = l->changes;
    char label[300], until[200];
    for (size_t k = 0; c && k < c->n_set; k++) {
        bool varied = k >= c->n_set - c->n_varied;
        snprintf(label, sizeof label, "%s%s", varied ? "vary: " : "--set ", c->set[k]);
        ORR_TRY(orr_yaml_set(&l->doc, c->set[k], label));
    }
    if (!c || !c->until)
        return ORR_OK;
    snprintf(until, sizeof until, "run.to=%s", c->until);
    snprintf(label, sizeof label, "--until %s", c->until);
    return orr_yaml_set(&l->doc, until, label);
}

/* The file tells the elements of all members by one share of light. */
static orr_status light_is_known(loader *l, const orr_yaml *elements)
{
    const orr_ensemble *e = &l->s->ensemble;
    for (size_t k = 0; k < e->parameters && l->s->output.elements.about.n_pressures; k++)
        if (strncmp(e->paths[k], "forces.", 7) == 0)
            return orr_yaml_fail(&l->doc, elements, ORR_E_FORMAT,
                                 "the members differ in '%s', and these elements count with the "
                                 "radiation's GM (1 - beta); write gm: full",
                                 e->paths[k]);
    return ORR_OK;
}

static orr_status read_all(loader *l)
{
    orr_yaml *root = l->doc.root;
    ORR_TRY(orr_read_includes(l, root, 0));
    ORR_TRY(orr_spread_collisions(l)); /* for --set collisions.do=... */
    ORR_TRY(apply_changes(l));
    ORR_TRY(orr_spread_collisions(l));
    ORR_TRY(orr_move_collisions(l));
    ORR_TRY(orr_adapt_to_method(l));
    ORR_TRY(take_old_names(l));
    ORR_TRY(orr_take_auto_solver(l));
    ORR_TRY(orr_check_keys(&l->doc));
    ORR_TRY(limit_bodies(l));
    ORR_TRY(read_header(l, root));
    ORR_TRY(orr_read_integrator(l, orr_yaml_get(root, "integrator")));
    ORR_TRY(orr_read_run(l, orr_yaml_get(root, "run")));
    ORR_TRY(orr_read_output(l, orr_yaml_get(root, "output")));
    orr_yaml *bodies = orr_yaml_get(root, "bodies"), *groups = orr_yaml_get(root, "groups");
    orr_yaml *centre = orr_yaml_get(root, "recenter"), *expect = orr_yaml_get(root, "expect");
    if (bodies)
        ORR_TRY(orr_read_bodies(l, bodies));
    if (groups)
        ORR_TRY(orr_read_groups(l, groups));
    if (l->s->bodies.n == 0)
        return orr_yaml_fail(&l->doc, bodies ? bodies : groups, ORR_E_FORMAT,
                             "there are no bodies; list them under 'bodies:' or 'groups:'");
    bool yes = false;
    if (centre)
        ORR_TRY(orr_read_bool(l, centre, &yes));
    /* after the bodies, since they may name some */
    ORR_TRY(read_forces(l, orr_yaml_get(root, "gravity"), orr_yaml_get(root, "forces")));
    ORR_TRY(orr_bring_held(l));
    if (yes)
        ORR_TRY(recenter(l, centre));
    orr_yaml *elements = orr_yaml_get(orr_yaml_get(root, "output"), "elements");
    if (elements)
        ORR_TRY(orr_read_element_choice(l, elements, &l->s->output.elements));
    ORR_TRY(orr_read_collisions(l, orr_yaml_get(root, "collisions")));
    ORR_TRY(orr_read_boundary(l, orr_yaml_get(root, "boundary")));
    ORR_TRY(orr_check_overlaps(l));
    ORR_TRY(orr_check_step(l));
    if (expect)
        ORR_TRY(orr_read_expectations(l, expect));
    orr_yaml *ensemble = orr_yaml_get(root, "ensemble");
    bool left_out = l->changes && l->changes->no_ensemble;
    if (ensemble && !left_out)
        ORR_TRY(orr_read_ensemble(l, ensemble));
    ORR_TRY(light_is_known(l, elements));
    ORR_TRY(orr_check_read(&l->doc, left_out ? ensemble : NULL));
    return orr_write_resolved(l->s);
}

orr_status orr_scenario_parse(const char *path, const char *text, size_t size,
                              const orr_scenario_changes *changes, orr_scenario *out,
                              orr_diagnosis *why)
{
    orr_diagnosis unread;
    why = why ? why : &unread;
    *out = (orr_scenario){0};
    *why = (orr_diagnosis){0};
    orr_arena *memory = calloc(1, sizeof *memory);
    char *copy = malloc(size + 1);
    out->memory = memory;
    out->yaml = copy;
    out->yaml_size = size;
    out->path = strdup(path);
    if (!memory || !copy || !out->path) {
        orr_scenario_free(out);
        return ORR_E_NO_MEMORY;
    }
    memcpy(copy, text, size);
    copy[size] = 0;
    loader l = {.s = out,
                .changes = changes,
                .doc = {.source = {out->path, copy, size, false}, .memory = memory, .why = why}};
    static char nothing[] = "";
    out->title = out->description = out->origin = nothing;
    orr_status status = orr_bodies_init(&out->bodies, 8);
    if (status == ORR_OK)
        status = orr_yaml_parse(&l.doc);
    if (status == ORR_OK)
        status = read_all(&l);
    orr_name_index_free(&l.index);
    free(l.held);
    if (status == ORR_OK)
        return ORR_OK;
    if (!*why->text)
        snprintf(why->text, sizeof why->text, "%s", orr_status_text(status));
    if (!*why->file)
        snprintf(why->file, sizeof why->file, "%s", path);
    orr_scenario_free(out);
    return status;
}

orr_status orr_scenario_load(const char *path, const orr_scenario_changes *changes,
                             orr_scenario *out, orr_diagnosis *why)
{
    orr_diagnosis unread;
    why = why ? why : &unread;
    *out = (orr_scenario){0};
    char *text;
    size_t size;
    ORR_TRY(orr_read_file(path, &text, &size, why));
    orr_status status = orr_scenario_parse(path, text, size, changes, out, why);
    free(text);
    return status;
}

double orr_scenario_span(const orr_scenario *s)
{
    return fabs(s->t_end - s->t_start);
}

void orr_scenario_free(orr_scenario *s)
{
    if (!s)
        return;
    orr_bodies_free(&s->bodies);
    orr_names_free(&s->names);
    free(s->yaml);
    free(s->resolved);
    free(s->path);
    if (s->memory)
        orr_arena_free(s->memory);
    free(s->memory);
    *s = (orr_scenario){0};
}

orr_status orr_sim_from_scenario(orr_scenario *s, int threads, orr_sim **out, orr_diagnosis *why)
{
    orr_diagnosis unread;
    why = why ? why : &unread;
    *why = (orr_diagnosis){0};
    snprintf(why->file, sizeof why->file, "%s", s->path);
    orr_sim_def def = orr_sim_def_default();
    def.bodies = &s->bodies;
    def.G = s->units.G;
    def.step = s->step;
    def.t = s->t_start;
    if (!s->units.dimensionless)
        def.speed_of_light = ORR_SPEED_OF_LIGHT / s->units.length * s->units.time;
    def.threads = threads;
    def.name = orr_names_get;
    def.name_user = &s->names;
    if (!s->units.dimensionless) {
        def.time_unit = s->units.time_name;
        def.length_unit = s->units.length_name;
    }
    orr_sim *sim;
    orr_status status = orr_sim_create(&def, &sim);
    if (status != ORR_OK) {
        snprintf(why->text, sizeof why->text, "%s", orr_status_text(status));
        return status;
    }
    status =
        orr_sim_set_integrator(sim, s->integrator, s->integrator_options, s->n_integrator_options);
    for (size_t k = 0; k < s->n_forces && status == ORR_OK; k++)
        status =
            orr_sim_add_force(sim, s->forces[k].type, s->forces[k].options, s->forces[k].n_options);
    if (status == ORR_OK)
        status = orr_sim_set_collisions(sim, &s->collisions);
    if (status == ORR_OK)
        status = orr_sim_set_boundary(sim, &s->boundary);
    if (status != ORR_OK) {
        snprintf(why->text, sizeof why->text, "%s", orr_sim_message(sim));
        orr_sim_destroy(sim);
        return status;
    }
    *out = sim;
    return ORR_OK;
}
