/* start_over.c - see start_over.h. */
#include "start_over.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <orrery/version.h>

#include "origin.h"

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n > m && strcmp(text + n - m, ending) == 0;
}

/* What the user may have meant by a file that is no output file. */
static orr_status say_what_it_is(const char *path, const orr_diagnosis *d, orr_diagnosis *why)
{
    if (access(path, F_OK) != 0)
        return orr_refuse(ORR_E_FILE, why, "there is no file '%.500s'", path);
    if (ends_with(path, ".yaml") || ends_with(path, ".yml"))
        return orr_refuse(ORR_E_FILE, why,
                          "'%.250s' is a scenario: `orrery run %.250s` runs it; `orrery resume` "
                          "takes the output file of a run that was stopped",
                          path, path);
    if (orr_checkpoint_is_one(path)) {
        bool beside = ends_with(path, ".checkpoint");
        int n = beside ? (int)(strlen(path) - strlen(".checkpoint")) : 0;
        return orr_refuse(
            ORR_E_FILE, why,
            "'%.250s' is a checkpoint; name the output file that it belongs to%s%.*s%s", path,
            beside ? ": `orrery resume " : "", n < 250 ? n : 250, path, beside ? "`" : "");
    }
    *why = *d;
    return ORR_E_FILE;
}

/* The state of a run is that of its last segment. */
static void last_state(const char *first, char state[16])
{
    char path[4200];
    for (int k = 1; k < 10000 && strcmp(state, "continued") == 0; k++) {
        orr_reader *r;
        orr_diagnosis ignored;
        orr_segment_path(first, k, path);
        if (orr_reader_open(path, &r, &ignored) != ORR_OK)
            return;
        memcpy(state, orr_reader_info(r)->state, 16);
        orr_reader_close(r);
    }
}

static bool same_program(const orr_file_info *i)
{
    orr_build build = orr_build_info();
    return strcmp(i->version, build.version) == 0 && strcmp(i->commit, build.commit) == 0;
}

/* NULL: the run can begin anew; else why not. */
static const char *hindrance(const orr_run_def *def, const char *why, const char *text,
                             const orr_file_info *i, bool is_read, const origin *o)
{
    const char *wish = def->checkpoint;
    if (!text || (wish && strcmp(wish, o->checkpoint) != 0))
        return why; /* of an older version, or a mistake */
    if (!is_read)
        return "how the run was started is damaged";
    if (!wish && *o->checkpoint && access(o->checkpoint, F_OK) == 0)
        return "its checkpoint is elsewhere: say --checkpoint";
    if (o->every > 0 && i->wall_seconds > 3 * o->every + 60)
        return "its checkpoint is lost: put it beside the file, or name it with --checkpoint; "
               "`orrery run --force` begins anew";
    if (!same_program(i))
        return "there is no checkpoint, and another version of the program began the run";
    if (def->until)
        return "there is no checkpoint yet; let it come to its end first, with --keep-checkpoint";
    return NULL;
}

/* The scenario that is in the file, as given and with all its numbers. */
static bool take_scenario(orr_reader *r, const char *first, checkpoint *c, char **resolved)
{
    c->yaml = orr_reader_scenario(r, false);
    c->output = strdup(first);
    *resolved = orr_reader_scenario(r, true);
    if (!c->yaml || !c->output || !*resolved)
        return false;
    c->yaml_size = strlen(c->yaml);
    return true;
}

orr_status orr_start_over(const char *first, const orr_run_def *def, const char *text,
                          const orr_listener *listener, checkpoint *c, char **resolved, bool *over,
                          orr_diagnosis *why)
{
    char state[16], saved[4200];
    origin o = {0};
    orr_reader *r;
    orr_diagnosis d;
    orr_checkpoint_path(first, def->checkpoint, saved);
    if (orr_reader_open(first, &r, &d) != ORR_OK)
        return say_what_it_is(first, &d, why);
    const orr_file_info *i = orr_reader_info(r);
    memcpy(state, i->state, sizeof state);
    last_state(first, state);
    bool is_there = access(saved, F_OK) == 0, finished = strcmp(state, "finished") == 0;
    char *start = is_there || finished ? NULL : orr_reader_origin(r);
    bool is_read = start && orr_origin_read(start, c, &o);
    const char *wrong = is_there || finished ? text : hindrance(def, text, start, i, is_read, &o);
    if (!wrong && strcmp(state, "continued") == 0) /* its rows may be more than those of anew */
        wrong = "the run goes on in another file (NAME.0001.h5, ...), which is not there: put it "
                "beside this one, with its checkpoint";
    if (!wrong && !take_scenario(r, first, c, resolved))
        wrong = "the scenario in it is damaged";
    orr_reader_close(r);
    free(start);
    *over = finished && !def->until;
    if (*over)
        return ORR_OK;
    if (wrong)
        return orr_refuse(ORR_E_FILE, why,
                          "'%.200s': %.250s\n       (`orrery export --for scenario %.200s` makes a "
                          "scenario of the last snapshot)",
                          first, wrong, first);
    orr_run_tell(listener, "'%s' has no checkpoint yet: the run begins again at its start", first);
    return ORR_OK;
}

void orr_begin_schedules(checkpoint *c, const orr_scenario *s)
{
    double span = orr_scenario_span(s);
    c->frames = (schedule){.every = s->output.every, .span = span};
    c->checks = (schedule){.every = s->output.diagnostics, .span = span};
    c->place = (orr_writer_place){.left_frames = rows_left(&c->frames),
                                  .left_diagnostics = rows_left(&c->checks)};
}
