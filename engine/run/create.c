/* create.c - a run that begins: its scenario and those of its members, its simulations, its output
 * file. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "origin.h"
#include "run_internal.h"

orr_run_def orr_run_def_default(void)
{
    return (orr_run_def){.member = -1, .checkpoint_every = -1, .show_every = 1.0 / 30};
}

orr_status orr_run_unfit(orr_status status)
{
    return status == ORR_E_NO_MEMORY ? status : ORR_E_INCOMPATIBLE;
}

orr_run *orr_run_new(const orr_run_def *def)
{
    orr_run *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->def = *def;
    r->def.scenario = NULL, r->def.changes = NULL;
    r->def.shadow = r->def.until = r->def.output = r->def.checkpoint = r->def.command_line = NULL;
    r->listener = (orr_listener){def->user, def->message, def->warning};
    r->checkpoints.listener = r->listener;
    r->origin.member = -1;
    r->started = orr_clock();
    r->energy_error = NAN;
    return r;
}

void orr_run_destroy(orr_run *r)
{
    orr_diagnosis ignored;
    if (!r)
        return;
    orr_checkpoints_end(&r->checkpoints);
    if (r->writer &&
        orr_writer_close(r->writer, "stopped", orr_clock() - r->started, &ignored) != ORR_OK)
        orr_warn(&r->listener, "%s", ignored.text);
    for (size_t k = 0; k < r->n; k++) {
        if (r->sims)
            orr_sim_destroy(r->sims[k]);
        if (r->members) {
            orr_bodies_free(&r->members[k].initial);
            orr_scenario_free(&r->members[k].own);
        }
    }
    orr_shadow_end(&r->shadow);
    free(r->members), free(r->sims), free(r->status), free(r->bodies), free(r->now), free(r->rows);
    free(r->measured), free(r->met), free(r->texts), free(r->origin_text);
    orr_checkpoint_free(&r->origin);
    orr_scenario_free(&r->s);
    free(r);
}

/* ---- where it comes from ---- */

static orr_status copy_changes(orr_run *r, const orr_run_def *def, orr_diagnosis *why)
{
    checkpoint *c = &r->origin;
    const orr_scenario_changes *from = def->changes;
    if (from && from->n_set > MOST_SETS)
        return orr_refuse(ORR_E_ARGUMENT, why, "at most %d values of a scenario can be changed",
                          MOST_SETS);
    for (size_t k = 0; from && k < from->n_set; k++) {
        c->sets[k] = strdup(from->set[k]);
        if (!c->sets[k])
            return orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
        c->n_sets++;
    }
    if (from) {
        r->changes = *from;
        r->changes.progress = NULL;
        r->changes.n_varied = 0;
    }
    r->changes.set = (const char *const *)c->sets;
    r->changes.n_set = c->n_sets;
    return ORR_OK;
}

static orr_status remember_origin(orr_run *r, const orr_run_def *def, orr_diagnosis *why)
{
    checkpoint *c = &r->origin;
    char until[64];
    orr_checkpoint_until(&r->s, until); /* "today" is another day tomorrow */
    c->member = def->member;
    c->bodies = orr_bodies_hash(&r->s.bodies);
    c->scenario = realpath(r->s.path, NULL);
    if (!c->scenario)
        c->scenario = strdup(r->s.path);
    c->yaml_size = r->s.yaml_size;
    c->yaml = malloc(c->yaml_size + 1);
    c->until = strdup(until);
    c->shadow = strdup(def->shadow ? def->shadow : "");
    if (!c->scenario || !c->yaml || !c->until || !c->shadow)
        return orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
    memcpy(c->yaml, r->s.yaml, c->yaml_size);
    c->yaml[c->yaml_size] = 0;
    ORR_TRY(copy_changes(r, def, why));
    r->changes.until = c->until;
    return ORR_OK;
}

/* The same as text, for the output file. */
static orr_status write_origin(orr_run *r, orr_diagnosis *why)
{
    origin o = {.every = r->checkpoints.every};
    if (r->checkpoints.elsewhere)
        snprintf(o.checkpoint, sizeof o.checkpoint, "%.4100s", r->checkpoints.path);
    r->origin_text = orr_origin_write(&r->origin, &o);
    return r->origin_text ? ORR_OK : orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
}

/* ---- its members ---- */

orr_status orr_run_read_again(const orr_run *r, long k, orr_scenario *out, orr_diagnosis *why)
{
    orr_status status;
    if (k >= 0 && r->s.ensemble.members) {
        status = orr_scenario_member(&r->s, (size_t)k, &r->changes, out, why);
        return status == ORR_OK ? status : orr_run_unfit(status);
    }
    status =
        orr_scenario_parse(r->s.path, r->origin.yaml, r->origin.yaml_size, &r->changes, out, why);
    if (status == ORR_OK && k >= 0) {
        orr_scenario own = {0};
        status = orr_scenario_member(out, (size_t)k, &r->changes, &own, why);
        orr_scenario_free(out);
        *out = own;
    }
    return status == ORR_OK ? status : orr_run_unfit(status);
}

/* The bodies, times and names must be those of the scenario itself: one file holds all. */
static bool same_shape(const orr_scenario *a, const orr_scenario *b)
{
    return a->bodies.n == b->bodies.n && a->bodies.n_active == b->bodies.n_active &&
           a->bodies.n_passive == b->bodies.n_passive && a->t_start == b->t_start &&
           a->t_end == b->t_end && a->output.every == b->output.every &&
           a->output.diagnostics == b->output.diagnostics && a->n_expect == b->n_expect &&
           memcmp(a->bodies.id, b->bodies.id, a->bodies.n * sizeof *a->bodies.id) == 0 &&
           a->units.length == b->units.length && a->units.time == b->units.time;
}

static orr_status load_members(orr_run *r, orr_diagnosis *why)
{
    for (size_t k = 0; k < r->n; k++) {
        run_member *m = &r->members[k];
        orr_status status = orr_run_read_again(r, (long)k, &m->own, why);
        if (status != ORR_OK) {
            char text[sizeof why->text];
            snprintf(text, sizeof text, "member %zu of the ensemble: %.700s", k, why->text);
            memcpy(why->text, text, sizeof text);
            return status;
        }
        if (!same_shape(&m->own, &r->s))
            return orr_refuse(
                ORR_E_INCOMPATIBLE, why,
                "member %zu has other bodies, times or units than the scenario, or other "
                "expectations; vary numbers of bodies and options of the integrator",
                k);
        m->s = &m->own;
    }
    return ORR_OK;
}

static bool allocate(orr_run *r)
{
    size_t all = r->n * r->n_expect + 1;
    r->members = calloc(r->n, sizeof *r->members);
    r->sims = calloc(r->n, sizeof(orr_sim *));
    r->status = calloc(r->n, sizeof *r->status);
    r->bodies = calloc(r->n, sizeof *r->bodies);
    r->now = calloc(r->n, sizeof *r->now);
    r->rows = calloc(r->n, sizeof *r->rows);
    r->measured = calloc(all, sizeof *r->measured);
    r->met = calloc(all, sizeof *r->met);
    r->texts = calloc(all, sizeof *r->texts);
    return r->members && r->sims && r->status && r->bodies && r->now && r->rows && r->measured &&
           r->met && r->texts;
}

orr_status orr_run_prepare(orr_run *r, orr_diagnosis *why)
{
    orr_scenario *s = &r->s;
    r->ensemble = s->ensemble.members && r->origin.member < 0;
    r->n = r->ensemble ? s->ensemble.members : 1;
    r->n_expect = s->n_expect;
    r->direction = s->t_end < s->t_start ? -1 : 1;
    r->frames = (schedule){.every = s->output.every, .span = orr_scenario_span(s)};
    r->checks = (schedule){.every = s->output.diagnostics, .span = orr_scenario_span(s)};
    if (!allocate(r))
        return orr_refuse(ORR_E_NO_MEMORY, why, "out of memory for %zu member%s", r->n,
                          r->n == 1 ? "" : "s");
    r->members[0].s = s;
    if (r->ensemble) {
        r->def.show = NULL;
        ORR_TRY(load_members(r, why));
    }
    for (size_t k = 0; k < r->n; k++) {
        run_member *m = &r->members[k];
        m->run = r;
        r->bodies[k] = m->s->bodies; /* lent */
        if (!orr_scenario_needs_initial(m->s))
            continue;
        if (orr_bodies_copy(&m->initial, &m->s->bodies) != ORR_OK)
            return orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
        m->m.watch.initial = &m->initial;
    }
    return ORR_OK;
}

orr_status orr_run_add_shadow(orr_run *r, const char *kind, orr_diagnosis *why)
{
    orr_scenario copy;
    if (!kind || !*kind)
        return ORR_OK;
    if (r->ensemble)
        return orr_refuse(ORR_E_ARGUMENT, why,
                          "an ensemble has no shadow; take one of its members: --member K");
    ORR_TRY(orr_run_read_again(r, (long)r->origin.member, &copy, why));
    return orr_shadow_begin(&r->shadow, &copy, kind, why);
}

/* ---- its simulations ---- */

orr_status orr_run_populate(orr_run *r, orr_diagnosis *why)
{
    for (size_t k = 0; k < r->n && r->ensemble; k++) {
        r->status[k] = orr_sim_from_scenario(r->members[k].s, 1, &r->sims[k], why);
        if (r->status[k] != ORR_OK && r->status[k] != ORR_E_NO_MEMORY)
            orr_warn(&r->listener, "member %zu: %s", k, why->text);
    }
    if (r->ensemble)
        return ORR_OK;
    orr_status status = orr_sim_from_scenario(&r->s, r->def.threads, &r->sims[0], why);
    if (status != ORR_OK)
        return orr_run_unfit(status);
    status = orr_sim_run_until(r->sims[0], r->s.t_start); /* does the method take these bodies? */
    if (status != ORR_OK)
        orr_refuse(status, why, "%.500s", orr_sim_message(r->sims[0]));
    return status == ORR_OK ? ORR_OK : orr_run_unfit(status);
}

/* ---- its output ---- */

orr_status orr_run_open(orr_run *r, const orr_run_def *def, const char *fresh, const char *last,
                        bool replace, orr_diagnosis *why)
{
    char host[256] = "", stamp[40];
    struct tm utc;
    time_t now = time(NULL);
    gethostname(host, sizeof host - 1);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    ORR_TRY(write_origin(r, why));
    const orr_provenance provenance = {
        .command_line = def->command_line ? def->command_line : "",
        .host = host,
        .start = stamp,
        .threads = r->def.threads ? r->def.threads : (int)sysconf(_SC_NPROCESSORS_ONLN),
        .shadow = r->shadow.sim != NULL,
        .origin = r->origin_text};
    const orr_writer_place *place = &r->origin.place;
    orr_status status =
        fresh && r->ensemble ? orr_writer_open_ensemble(fresh, &r->s, r->bodies, &provenance,
                                                        replace, &r->writer, why)
        : fresh ? orr_writer_open(fresh, &r->s, r->bodies, &provenance, replace, &r->writer, why)
        : r->ensemble
            ? orr_writer_reopen_ensemble(last, &r->s, r->bodies, r->status, &provenance, place,
                                         &r->writer, why)
            : orr_writer_reopen(last, &r->s, r->bodies, &provenance, place, &r->writer, why);
    for (size_t k = 0; fresh && status == ORR_OK && k < r->n; k++)
        if (r->status[k] != ORR_OK) /* failed before, in the file that is lost */
            status = orr_writer_member_failed(r->writer, k, r->status[k], NAN);
    if (status != ORR_OK)
        return status == ORR_E_FORMAT ? ORR_E_FILE : status;
    if (*orr_writer_warning(r->writer))
        orr_warn(&r->listener, "%s", orr_writer_warning(r->writer));
    if (fresh)
        orr_checkpoints_leave_older(&r->checkpoints, replace);
    return ORR_OK;
}

/* A new file in which there is nothing goes with the run that could not begin. */
static void take_back(orr_run *r)
{
    char path[4200];
    orr_diagnosis ignored;
    snprintf(path, sizeof path, "%s", orr_writer_path(r->writer));
    if (orr_writer_close(r->writer, "failed", 0, &ignored) == ORR_OK)
        unlink(path);
    r->writer = NULL;
}

static orr_status can_be_asked(const orr_run_def *def, orr_diagnosis *why)
{
    const orr_scenario *s = def ? def->scenario : NULL;
    bool ensemble = s && s->ensemble.members && def->member < 0;
    if (!s || !s->integrator)
        return orr_refuse(ORR_E_ARGUMENT, why, "a run needs a scenario");
    if (ensemble && (def->shadow || def->show))
        return orr_refuse(ORR_E_ARGUMENT, why,
                          "an ensemble has no %s; take one of its members: --member K",
                          def->shadow ? "shadow" : "window");
    if (def->threads < 0)
        return orr_refuse(ORR_E_ARGUMENT, why, "%d is no number of threads", def->threads);
    if (isnan(def->checkpoint_every))
        return orr_refuse(ORR_E_ARGUMENT, why, "checkpoint_every is a number of seconds");
    return ORR_OK;
}

static orr_status begin(orr_run *r, const orr_run_def *def, orr_diagnosis *why)
{
    snprintf(r->first, sizeof r->first, "%.4096s", def->output ? def->output : r->s.output.file);
    ORR_TRY(remember_origin(r, def, why));
    ORR_TRY(orr_run_prepare(r, why));
    orr_checkpoints_configure(&r->checkpoints, def, &r->s);
    ORR_TRY(orr_run_add_shadow(r, def->shadow, why));
    ORR_TRY(orr_checkpoints_claim(&r->checkpoints, r->first, def->checkpoint, why));
    orr_status status = orr_run_open(r, def, r->first, NULL, def->replace, why);
    if (status != ORR_OK) {
        *why->file = 0; /* the text names it */
        return status;
    }
    status = orr_run_populate(r, why);
    if (status != ORR_OK)
        take_back(r);
    return status;
}

orr_status orr_run_create(orr_run_def *def, orr_run **out, orr_diagnosis *why)
{
    orr_diagnosis unread;
    why = why ? why : &unread;
    *out = NULL;
    *why = (orr_diagnosis){0};
    orr_status status = can_be_asked(def, why);
    orr_run *r = status == ORR_OK ? orr_run_new(def) : NULL;
    if (status == ORR_OK && !r)
        status = orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
    if (r) {
        r->s = *def->scenario;
        *def->scenario = (orr_scenario){0};
        status = begin(r, def, why);
    } else if (def && def->scenario) {
        orr_scenario_free(def->scenario);
    }
    if (status != ORR_OK) {
        orr_run_destroy(r);
        return status;
    }
    orr_run_fill_report(r);
    *out = r;
    return ORR_OK;
}

orr_status orr_run_check(const orr_run_def *def, double *bytes, orr_diagnosis *why)
{
    orr_diagnosis unread;
    why = why ? why : &unread;
    *why = (orr_diagnosis){0};
    ORR_TRY(can_be_asked(def, why));
    orr_run *r = orr_run_new(def);
    if (!r)
        return orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
    r->s = *def->scenario;
    orr_status status = remember_origin(r, def, why);
    if (status == ORR_OK)
        status = orr_run_prepare(r, why);
    if (status == ORR_OK)
        status = orr_run_add_shadow(r, def->shadow, why);
    if (status == ORR_OK)
        *bytes = orr_output_bytes(&r->s, r->bodies, def->shadow);
    r->s = (orr_scenario){0}; /* it is not ours */
    orr_run_destroy(r);
    return status;
}
