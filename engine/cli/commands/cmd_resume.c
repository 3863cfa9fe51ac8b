/* cmd_resume.c - `orrery resume`: go on where a run was stopped, or died. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/ensemble.h"
#include "cli/job.h"
#include "cli/start_over.h"

static exit_code read_scenario(const arguments *a, const checkpoint *c, orr_scenario *s)
{
    orr_diagnosis why;
    char path[4200];
    checkpoint_scenario(c, a->words[0], path);
    orr_scenario_changes changes = checkpoint_changes(c, given(a, "allow-plugins"));
    orr_status status = orr_scenario_parse(path, c->yaml, c->yaml_size, &changes, s, &why);
    if (status == ORR_OK && c->member >= 0) {
        orr_scenario own = {0};
        status = orr_scenario_member(s, (size_t)c->member, &changes, &own, &why);
        orr_scenario_free(s);
        *s = own;
    }
    if (status != ORR_OK) {
        print_diagnosis(&why);
        return EXIT_SCENARIO;
    }
    if (c->n_runs == 0 || orr_bodies_hash(&s->bodies) == c->bodies)
        return EXIT_OK; /* of a run that starts over more is known */
    print_error("the bodies of '%s' are not those of the run: a table or a file that it includes "
                "is another one now",
                path);
    orr_scenario_free(s);
    return EXIT_SCENARIO;
}

/* What the job remembers of its past. */
static bool recall(job *j, const checkpoint *c)
{
    if (c->n_runs == 0)
        return true; /* it has none */
    if (c->n_expect != j->s->n_expect || c->n_runs != (*c->shadow ? 2 : 1)) {
        print_error("the checkpoint is not of this scenario");
        return false;
    }
    const orr_bodies *initial = j->m.watch.initial;
    j->m = c->runs->m;
    j->m.watch.initial = initial;
    j->events = (size_t)c->runs->events, j->unwritten = (size_t)c->unwritten;
    for (size_t k = 0; k < c->n_expect; k++) {
        bool again = given(j->a, "until") && isnan(j->s->expect[k].at); /* of the end */
        j->attended[k] = c->attended[k] != 0 && !again, j->met[k] = c->met[k] != 0;
        memcpy(j->texts[k], c->texts + 512 * k, 512);
        j->texts[k][511] = 0;
    }
    return true;
}

/* The simulation, and its shadow if it has one, as they were. */
static orr_status restore(job *j, const checkpoint *c, int threads, orr_diagnosis *why)
{
    orr_status status = orr_sim_from_scenario(j->s, threads, &j->sim, why);
    if (status != ORR_OK)
        return status;
    orr_sim *sims[2] = {j->sim, j->shadow.sim};
    for (size_t k = 0; k < c->n_runs && status == ORR_OK; k++) {
        status = orr_sim_restore(sims[k], c->runs[k].image, c->runs[k].image_size);
        snprintf(why->text, sizeof why->text, "%s%.500s", k ? "the shadow: " : "",
                 orr_sim_message(sims[k]));
    }
    if (c->n_runs == 0) { /* shown, as at the start of any run */
        status = orr_sim_run_until(j->sim, j->s->t_start);
        snprintf(why->text, sizeof why->text, "%.500s", orr_sim_message(j->sim));
    } else if (j->shadow.sim)
        j->shadow.apart = c->runs[1].apart, j->shadow.lost_at = c->runs[1].lost_at;
    double t = status == ORR_OK ? orr_sim_snapshot(j->sim).t : 0;
    if (j->direction * (t - j->s->t_start) <= orr_scenario_span(j->s))
        return status;
    snprintf(why->text, sizeof why->text, "the run is at t = %.10g already", t);
    return ORR_E_ARGUMENT;
}

static exit_code go_on(job *j, const checkpoint *c)
{
    long threads = 0;
    orr_diagnosis why;
    exit_code code = job_prepare(j, &threads);
    if (code != EXIT_OK)
        return code;
    if (!recall(j, c))
        return EXIT_FILES;
    orr_provenance provenance = provenance_of(j->a, threads);
    provenance.shadow = j->shadow.sim != NULL;
    provenance.origin = j->keeper.text;
    const char *fresh = value_of(j->a, "output");
    char last[4200];
    checkpoint_output(c, j->a->words[0], last);
    orr_status status =
        fresh ? orr_writer_open(fresh, j->s, &j->s->bodies, &provenance, false, &j->writer, &why)
              : orr_writer_reopen(last, j->s, &j->s->bodies, &provenance, &c->place, &j->writer,
                                  &why);
    if (status != ORR_OK) {
        print_diagnosis(&why);
        return EXIT_FILES;
    }
    warn_of_writer(j->writer);
    if (fresh)
        keeper_leave_older(&j->keeper, false);
    if (restore(j, c, (int)threads, &why) == ORR_OK)
        return EXIT_OK;
    print_error("%s", why.text);
    orr_diagnosis ignored;
    if (orr_writer_close(j->writer, "stopped", 0, &ignored) != ORR_OK)
        print_diagnosis(&ignored);
    j->writer = NULL;
    return EXIT_FILES;
}

/* Another end for the run: until is as for `orrery run`. */
static exit_code change_end(const arguments *a, checkpoint *c)
{
    char now[64], *copy = strdup(or_today(value_of(a, "until"), now));
    if (!copy) {
        print_error("out of memory");
        return EXIT_NUMERICAL;
    }
    free(c->until);
    c->until = copy;
    return EXIT_OK;
}

/* The schedules and the rows of the file to the new end. */
static exit_code reach_end(checkpoint *c, const orr_scenario *s, double old_end)
{
    char text[64];
    checkpoint_until(s, text); /* "today" is another day tomorrow */
    char *copy = strdup(text);
    if (!copy || (old_end - s->t_start) * (s->t_end - s->t_start) < 0) {
        print_error(copy ? "a run cannot turn round" : "out of memory");
        free(copy);
        return copy ? EXIT_USAGE : EXIT_NUMERICAL;
    }
    free(c->until);
    c->until = copy;
    reach(&c->frames, orr_scenario_span(s));
    reach(&c->checks, orr_scenario_span(s));
    if (c->marks.every > 0)
        reach(&c->marks, orr_scenario_span(s));
    c->place.left_frames = rows_left(&c->frames);
    c->place.left_diagnostics = rows_left(&c->checks);
    return EXIT_OK;
}

static exit_code resume_one(const arguments *a, checkpoint *c, orr_scenario *s)
{
    job j = {.a = a, .s = s, .started = wall_clock(), .resumed = c->n_runs > 0};
    exit_code code = EXIT_OK;
    j.direction = s->t_end < s->t_start ? -1 : 1;
    j.frames = c->frames, j.checks = c->checks;
    if (!keeper_configure(&j.keeper, a, s))
        code = EXIT_USAGE;
    if (code == EXIT_OK && *c->shadow) {
        orr_scenario copy;
        code = read_scenario(a, c, &copy);
        if (code == EXIT_OK)
            code = shadow_begin(&j.shadow, &copy, c->shadow);
    }
    if (code == EXIT_OK)
        code = keeper_go_on(&j.keeper, a, c) ? go_on(&j, c) : EXIT_FILES;
    if (code == EXIT_OK)
        code = job_go(&j);
    job_clean_up(&j);
    return code;
}

/* Nobody is at work on the output, nor on the checkpoint, which would change under our eyes. */
static bool is_free(const arguments *a, const char *first)
{
    char saved[4200];
    orr_diagnosis why;
    checkpoint_path(first, value_of(a, "checkpoint"), saved);
    if (orr_lock_ask(first, &why) == ORR_OK && orr_lock_ask(saved, &why) == ORR_OK)
        return true;
    print_error("%s", why.text);
    return false;
}

/* The checkpoint, or how the run was started if it has none yet; false: there is nothing to do. */
static bool find_past(const arguments *a, checkpoint *c, char **resolved, exit_code *code)
{
    char why[700], last[4200];
    const char *first = a->words[0];
    *code = EXIT_FILES;
    if (!is_free(a, first))
        return false;
    if (!keeper_read(a, first, true, c, why, sizeof why))
        return start_over(a, first, why, c, resolved, code);
    checkpoint_output(c, first, last);
    if (!given(a, "output") && access(last, F_OK) != 0)
        print_error(
            "'%s' is gone, its checkpoint is not: `orrery resume %s -o NEW.h5` goes on in a "
            "new file",
            last, first);
    else if (c->frames.over && c->checks.over && !given(a, "until"))
        *code = nothing_left(a, first);
    else
        return true;
    checkpoint_free(c);
    return false;
}

/* A run that starts over must be the same. */
static exit_code compare_with(const char *resolved, checkpoint *c, orr_scenario *s)
{
    if (resolved && strcmp(resolved, s->resolved) != 0) {
        print_error("the scenario is not that of the run: a table or a file that it includes is "
                    "another one now");
        return EXIT_SCENARIO;
    }
    if (resolved) {
        c->bodies = orr_bodies_hash(&s->bodies);
        begin_schedules(c, s);
    }
    return EXIT_OK;
}

/* The first file of the run; a link has no checkpoint beside it, its target has. */
static void find_first(const char *path, char first[4200])
{
    checkpoint_first(path, first);
    struct stat info;
    char *whole = lstat(first, &info) == 0 && S_ISLNK(info.st_mode) ? realpath(first, NULL) : NULL;
    if (whole)
        checkpoint_first(whole, first);
    free(whole);
}

static exit_code run(const arguments *asked)
{
    checkpoint c;
    orr_scenario s = {0};
    exit_code code;
    char first[4200], *words[] = {first}, *resolved = NULL;
    arguments with_first = *asked, *a = &with_first;
    find_first(asked->words[0], first);
    with_first.words = words;
    if (!find_past(a, &c, &resolved, &code))
        return code;
    double old_end = strtod(c.until, NULL);
    code = given(a, "until") ? change_end(a, &c) : EXIT_OK;
    code = code == EXIT_OK ? read_scenario(a, &c, &s) : code;
    if (code == EXIT_OK) {
        code = compare_with(resolved, &c, &s);
        if (code == EXIT_OK && given(a, "until"))
            code = reach_end(&c, &s, old_end);
        if (code == EXIT_OK)
            code = s.ensemble.members && c.member < 0 ? resume_ensemble(a, &c, &s)
                                                      : resume_one(a, &c, &s);
        orr_scenario_free(&s);
    }
    checkpoint_free(&c);
    free(resolved);
    return code;
}

static const option_doc options[] = {
    {'o', "output", "NEW.h5", "go on in a new file, where the old one is lost"},
    {0, "checkpoint", "FILE", "read it from there (default: the file's name with .checkpoint)"},
    {0, "checkpoint-every", "SECONDS", "of wall time (default: 60; 0: none)"},
    {0, "until", "T", "to another end: a time, a date, or 'today'"},
    {0, "keep-checkpoint", NULL, "also when it has ended, for another --until"},
    {0, "allow-plugins", NULL, "let the scenario load forces from shared libraries"},
    {'t', "threads", "N", "use N threads (the results do not depend on it)"},
    {'q', "quiet", NULL, "only errors"},
    {0, "json", NULL, "machine-readable lines on standard output"},
    {0}};

const command command_resume = {
    .name = "resume",
    .summary = "go on with a run that was stopped or died",
    .usage = "resume [options] FILE.h5",
    .help =
        "A run writes a checkpoint beside its output every minute, when it is stopped by "
        "Ctrl-C or\n"
        "SIGTERM, and on SIGUSR1. This goes on from the last one, with the bits of a run that "
        "was never\n"
        "stopped: in the same file, whatever the number of threads, the instruction set, the "
        "compiler or\n"
        "the machine, by the same version of the program. A run that was killed before its first\n"
        "checkpoint begins again at its start, in the same file. When a run has ended its "
        "checkpoint "
        "is gone,\n"
        "unless it was told to keep it; then `orrery resume FILE.h5 --until T` makes it longer.\n\n"
        "Only one process writes a file: while a run goes on, NAME.h5.lock beside its output tells "
        "which.",
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_OUTPUT,
    .run = run,
};
