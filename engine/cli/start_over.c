/* start_over.c - see start_over.h. */
#include "start_over.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <orrery/version.h>

#include "origin.h"

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n > m && strcmp(text + n - m, ending) == 0;
}

/* What the user may have meant by a file that is no output file. */
static void say_what_it_is(const char *path, const orr_diagnosis *d)
{
    if (access(path, F_OK) != 0)
        print_error("there is no file '%s'", path);
    else if (ends_with(path, ".yaml") || ends_with(path, ".yml"))
        print_error("'%s' is a scenario: `orrery run %s` runs it; `orrery resume` takes the output "
                    "file of a run that was stopped",
                    path, path);
    else if (checkpoint_is_one(path))
        print_error(
            "'%s' is a checkpoint; name the output file that it belongs to%s%.*s%s", path,
            ends_with(path, ".checkpoint") ? ": `orrery resume " : "",
            ends_with(path, ".checkpoint") ? (int)(strlen(path) - strlen(".checkpoint")) : 0, path,
            ends_with(path, ".checkpoint") ? "`" : "");
    else
        print_diagnosis(d);
}

exit_code nothing_left(const arguments *a, const char *first)
{
    if (given(a, "json")) {
        json_begin("finished");
        json_text("file", first);
        json_end();
    } else if (!given(a, "quiet")) {
        printf(
            "'%s' is finished: nothing is left to be done (with --until T, and a checkpoint that "
            "was kept, it is made longer)\n",
            first);
    }
    return EXIT_OK;
}

/* The state of a run is that of its last segment. */
static void last_state(const char *first, char state[16])
{
    char path[4300];
    size_t stem = strlen(first) - (ends_with(first, ".h5") ? 3 : 0);
    for (int k = 1; k < 10000 && strcmp(state, "continued") == 0; k++) {
        orr_reader *r;
        orr_diagnosis ignored;
        snprintf(path, sizeof path, "%.*s.%04d%s", (int)stem, first, k, first + stem);
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
static const char *hindrance(const arguments *a, const char *why, const char *text,
                             const orr_file_info *i, bool is_read, const origin *o)
{
    const char *wish = value_of(a, "checkpoint");
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
    if (given(a, "until"))
        return "there is no checkpoint yet; let it come to its end first, with --keep-checkpoint";
    return NULL;
}

bool start_over(const arguments *a, const char *first, const char *why, checkpoint *c,
                char **resolved, exit_code *code)
{
    char state[16], saved[4200];
    origin o = {0};
    orr_reader *r;
    orr_diagnosis d;
    *code = EXIT_FILES;
    checkpoint_path(first, value_of(a, "checkpoint"), saved);
    if (orr_reader_open(first, &r, &d) != ORR_OK) {
        say_what_it_is(first, &d);
        return false;
    }
    const orr_file_info *i = orr_reader_info(r);
    memcpy(state, i->state, sizeof state);
    last_state(first, state);
    bool is_there = access(saved, F_OK) == 0, over = strcmp(state, "finished") == 0;
    char *text = is_there || over ? NULL : orr_reader_origin(r);
    bool is_read = text && origin_read(text, c, &o);
    const char *wrong = is_there || over ? why : hindrance(a, why, text, i, is_read, &o);
    if (!wrong && strcmp(state, "continued") == 0) /* its rows may be more than those of anew */
        wrong = "the run goes on in another file (NAME.0001.h5, ...), which is not there: put it "
                "beside this one, with its checkpoint";
    if (!wrong) {
        c->yaml = orr_reader_scenario(r, false);
        c->output = strdup(first);
        *resolved = orr_reader_scenario(r, true);
        if (c->yaml && c->output && *resolved)
            c->yaml_size = strlen(c->yaml);
        else
            wrong = "the scenario in it is damaged";
    }
    orr_reader_close(r);
    free(text);
    if (wrong && text)
        checkpoint_free(c);
    if (over && !given(a, "until"))
        *code = nothing_left(a, first);
    else if (wrong)
        print_error("'%s': %s\n       (`orrery export --for scenario %s` makes a scenario of the "
                    "last snapshot)",
                    first, wrong, first);
    else if (!given(a, "quiet"))
        print_warning("'%s' has no checkpoint yet: the run begins again at its start", first);
    return !wrong;
}

void begin_schedules(checkpoint *c, const orr_scenario *s)
{
    double span = orr_scenario_span(s);
    c->frames = (schedule){.every = s->output.every, .span = span};
    c->checks = (schedule){.every = s->output.diagnostics, .span = span};
    c->place = (orr_writer_place){.left_frames = rows_left(&c->frames),
                                  .left_diagnostics = rows_left(&c->checks)};
}
