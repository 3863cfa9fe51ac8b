/* resume.c - a run that goes on from its last checkpoint, or begins again where it has none. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run_internal.h"
#include "start_over.h"

void orr_run_first_file(const char *path, char first[4200])
{
    orr_checkpoint_first(path, first);
    struct stat info; /* a link has no checkpoint beside it, its target has */
    char *whole = lstat(first, &info) == 0 && S_ISLNK(info.st_mode) ? realpath(first, NULL) : NULL;
    if (whole)
        orr_checkpoint_first(whole, first);
    free(whole);
}

orr_status orr_run_checkpoint_time(const char *path, const char *wish, double *t,
                                   orr_diagnosis *why)
{
    checkpoint c;
    char saved[4200], text[700];
    const orr_listener nobody = {0};
    orr_diagnosis unread;
    why = why ? why : &unread;
    *why = (orr_diagnosis){0};
    orr_checkpoint_path(path, wish, saved);
    orr_status status = orr_checkpoints_read(path, wish, false, &nobody, &c, text, sizeof text);
    if (status != ORR_OK)
        return orr_refuse(status, why, "%s", access(saved, F_OK) == 0 ? text : "");
    *t = c.t;
    orr_checkpoint_free(&c);
    return ORR_OK;
}

/* ---- what the run was ---- */

/* Nobody is at work on the output, nor on the checkpoint, which would change under our eyes. */
static orr_status is_free(const char *first, const char *wish, orr_diagnosis *why)
{
    char saved[4200];
    orr_checkpoint_path(first, wish, saved);
    ORR_TRY(orr_lock_ask(first, why));
    return orr_lock_ask(saved, why);
}

/* What a process that was killed at the very end left of its lock. */
static void remove_stale_lock(const char *first)
{
    char lock[4300];
    orr_lock l = {0};
    orr_diagnosis ignored;
    snprintf(lock, sizeof lock, "%s.lock", first);
    if (access(lock, F_OK) == 0 && orr_lock_take(&l, first, &ignored) == ORR_OK)
        orr_lock_release(&l);
}

/* The checkpoint, or how the run was started if it has none yet; *over: nothing is left to do. */
static orr_status find_past(orr_run *r, const orr_run_def *def, char **resolved, bool *over,
                            orr_diagnosis *why)
{
    char text[700], last[4200];
    checkpoint *c = &r->origin;
    ORR_TRY(is_free(r->first, def->checkpoint, why));
    orr_status status =
        orr_checkpoints_read(r->first, def->checkpoint, true, &r->listener, c, text, sizeof text);
    if (status == ORR_E_NO_MEMORY)
        return orr_refuse(status, why, "%s", text);
    if (status != ORR_OK)
        return orr_start_over(r->first, def, text, &r->listener, c, resolved, over, why);
    orr_checkpoint_output(c, r->first, last);
    if (!def->output && access(last, F_OK) != 0)
        return orr_refuse(ORR_E_FILE, why,
                          "'%.250s' is gone, its checkpoint is not: `orrery resume %.250s -o "
                          "NEW.h5` goes on in a new file",
                          last, r->first);
    *over = c->frames.over && c->checks.over && !def->until;
    return ORR_OK;
}

/* Its scenario, with another end where one is wished. */
static orr_status read_scenario(orr_run *r, const orr_run_def *def, orr_diagnosis *why)
{
    char path[4200];
    checkpoint *c = &r->origin;
    orr_checkpoint_scenario(c, r->first, path);
    r->changes = orr_checkpoint_changes(c, def->allow_plugins);
    if (def->until)
        r->changes.until = def->until;
    orr_status status = orr_scenario_parse(path, c->yaml, c->yaml_size, &r->changes, &r->s, why);
    if (status == ORR_OK && c->member >= 0) {
        orr_scenario own = {0};
        status = orr_scenario_member(&r->s, (size_t)c->member, &r->changes, &own, why);
        orr_scenario_free(&r->s);
        r->s = own;
    }
    if (status != ORR_OK)
        return orr_run_unfit(status);
    if (c->n_runs == 0 || orr_bodies_hash(&r->s.bodies) == c->bodies)
        return ORR_OK; /* of a run that starts over more is known */
    return orr_refuse(ORR_E_INCOMPATIBLE, why,
                      "the bodies of '%.500s' are not those of the run: a table or a file that it "
                      "includes is another one now",
                      path);
}

/* A run that starts over must be the same. */
static orr_status compare_with(orr_run *r, const char *resolved, orr_diagnosis *why)
{
    if (!resolved)
        return ORR_OK;
    if (strcmp(resolved, r->s.resolved) != 0)
        return orr_refuse(ORR_E_INCOMPATIBLE, why,
                          "the scenario is not that of the run: a table or a file that it includes "
                          "is another one now");
    r->origin.bodies = orr_bodies_hash(&r->s.bodies);
    orr_begin_schedules(&r->origin, &r->s);
    return ORR_OK;
}

/* The schedules and the rows of the file to a new end. */
static orr_status reach_end(orr_run *r, orr_diagnosis *why)
{
    char text[64];
    checkpoint *c = &r->origin;
    const orr_scenario *s = &r->s;
    double old_end = strtod(c->until, NULL);
    if ((old_end - s->t_start) * (s->t_end - s->t_start) < 0)
        return orr_refuse(ORR_E_ARGUMENT, why, "a run cannot turn round");
    orr_checkpoint_until(s, text); /* "today" is another day tomorrow */
    char *copy = strdup(text);
    if (!copy)
        return orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
    free(c->until);
    c->until = copy;
    r->changes.until = copy;
    reach(&c->frames, orr_scenario_span(s));
    reach(&c->checks, orr_scenario_span(s));
    if (c->marks.every > 0)
        reach(&c->marks, orr_scenario_span(s));
    c->place.left_frames = rows_left(&c->frames);
    c->place.left_diagnostics = rows_left(&c->checks);
    return ORR_OK;
}

/* ---- and goes on ---- */

/* Its file, and its simulations as they were. */
static orr_status go_on(orr_run *r, const orr_run_def *def, orr_diagnosis *why)
{
    char last[4200];
    checkpoint *c = &r->origin;
    r->resumed = c->n_runs > 0;
    orr_checkpoint_output(c, r->first, last);
    if (def->output) /* in a new file, which has a checkpoint of its own */
        snprintf(r->first, sizeof r->first, "%.4096s", def->output);
    const char *wish = def->output ? NULL : def->checkpoint;
    ORR_TRY(orr_run_prepare(r, why));
    orr_checkpoints_configure(&r->checkpoints, def, &r->s);
    ORR_TRY(orr_run_add_shadow(r, c->shadow, why));
    ORR_TRY(orr_checkpoints_claim(&r->checkpoints, r->first, wish, why));
    ORR_TRY(orr_run_recall(r, c, def->until, why));
    ORR_TRY(orr_run_open(r, def, def->output, last, false, why));
    ORR_TRY(orr_run_restore(r, c, why));
    orr_checkpoint_free_runs(c->runs, c->n_runs);
    c->runs = NULL, c->n_runs = 0;
    return ORR_OK;
}

static orr_status resume(orr_run *r, const orr_run_def *def, bool *over, orr_diagnosis *why)
{
    char *resolved = NULL;
    orr_status status = find_past(r, def, &resolved, over, why);
    if (status == ORR_OK && !*over) {
        status = read_scenario(r, def, why);
        if (status == ORR_OK)
            status = compare_with(r, resolved, why);
        if (status == ORR_OK && def->until)
            status = reach_end(r, why);
        if (status == ORR_OK)
            status = go_on(r, def, why);
    }
    free(resolved);
    return status;
}

orr_status orr_run_resume(const char *path, const orr_run_def *def, orr_run **out,
                          orr_diagnosis *why)
{
    bool over = false;
    orr_diagnosis unread;
    why = why ? why : &unread;
    *out = NULL;
    *why = (orr_diagnosis){0};
    if (!path || !def)
        return orr_refuse(ORR_E_ARGUMENT, why, "a run that goes on needs a file and a definition");
    if (isnan(def->checkpoint_every))
        return orr_refuse(ORR_E_ARGUMENT, why, "checkpoint_every is a number of seconds");
    if (def->threads < 0 || def->scenario || def->shadow)
        return orr_refuse(ORR_E_ARGUMENT, why,
                          "a run that goes on has the scenario and the shadow that it had");
    orr_run *r = orr_run_new(def);
    if (!r)
        return orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
    orr_run_first_file(path, r->first);
    orr_status status = resume(r, def, &over, why);
    if (status == ORR_OK && over)
        remove_stale_lock(r->first);
    if (status != ORR_OK || over) {
        orr_run_destroy(r);
        return status;
    }
    orr_run_fill_report(r);
    *out = r;
    return ORR_OK;
}
