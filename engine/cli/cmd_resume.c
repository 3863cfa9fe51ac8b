/* cmd_resume.c - `orrery resume`: go on where a run was stopped, or died. */
#include <math.h>
#include <string.h>

#include "ensemble.h"
#include "job.h"

static exit_code read_scenario(const checkpoint *c, bool plugins, orr_scenario *s)
{
    orr_diagnosis why;
    orr_scenario_changes changes = {.set = (const char *const *)c->sets,
                                    .n_set = c->n_sets,
                                    .until = c->until,
                                    .allow_plugins = plugins};
    orr_status status = orr_scenario_parse(c->scenario, c->yaml, c->yaml_size, &changes, s, &why);
    if (status == ORR_OK && c->member >= 0) {
        orr_scenario own = {0};
        status = orr_scenario_member(s, (size_t)c->member, &changes, &own, &why);
        orr_scenario_free(s);
        *s = own;
    }
    if (status == ORR_OK)
        return EXIT_OK;
    print_diagnosis(&why);
    return EXIT_SCENARIO;
}

static exit_code go_on(job *j, const checkpoint *c, const char *output)
{
    long threads = 0;
    orr_diagnosis why;
    exit_code code = job_prepare(j, &threads);
    if (code != EXIT_OK)
        return code;
    if (c->n_expect != j->s->n_expect) {
        print_error("the checkpoint is not of this scenario");
        return EXIT_FILES;
    }
    const orr_bodies *initial = j->m.watch.initial;
    j->m = c->m;
    j->m.watch.initial = initial;
    j->events = (size_t)c->events, j->unwritten = (size_t)c->unwritten;
    for (size_t k = 0; k < c->n_expect; k++) {
        j->attended[k] = c->attended[k] != 0, j->met[k] = c->met[k] != 0;
        memcpy(j->texts[k], c->texts + 512 * k, 512);
        j->texts[k][511] = 0;
    }
    orr_provenance provenance = provenance_of(j->a, threads);
    if (orr_writer_reopen(output, j->s, &j->s->bodies, &provenance, &c->place, &j->writer, &why) !=
        ORR_OK) {
        print_diagnosis(&why);
        return EXIT_FILES;
    }
    orr_status status = orr_sim_from_scenario(j->s, (int)threads, &j->sim, &why);
    if (status == ORR_OK) {
        status = orr_sim_restore(j->sim, c->image, c->image_size);
        snprintf(why.text, sizeof why.text, "%.500s", orr_sim_message(j->sim));
    }
    if (status == ORR_OK)
        return EXIT_OK;
    print_error("%s", why.text);
    orr_diagnosis ignored;
    if (orr_writer_close(j->writer, "stopped", 0, &ignored) != ORR_OK)
        print_diagnosis(&ignored);
    j->writer = NULL;
    return EXIT_FILES;
}

static exit_code run(const arguments *a)
{
    checkpoint c;
    orr_scenario s;
    char why[700];
    job j = {.a = a, .s = &s, .started = wall_clock(), .resumed = true};
    checkpoint_path(a->words[0], value_of(a, "checkpoint"), j.keep);
    if (!checkpoint_read(j.keep, &c, why, sizeof why)) {
        print_error("%s", why);
        return EXIT_FILES;
    }
    exit_code code = read_scenario(&c, given(a, "allow-plugins"), &s);
    if (code != EXIT_OK) {
        checkpoint_free(&c);
        return code;
    }
    j.direction = s.t_end < 0 ? -1 : 1;
    j.frames = c.frames, j.checks = c.checks;
    code = job_parse_interval(&j) ? go_on(&j, &c, c.place.segment ? c.output : a->words[0])
                                  : EXIT_USAGE;
    if (code == EXIT_OK) {
        j.origin = c;
        j.origin.output = j.every > 0 ? c.output : NULL;
        code = job_go(&j);
    }
    job_clean_up(&j);
    orr_scenario_free(&s);
    checkpoint_free(&c);
    return code;
}

static const option_doc options[] = {
    {0, "checkpoint", "FILE", "read it from there (default: the file's name with .checkpoint)"},
    {0, "checkpoint-every", "SECONDS", "of wall time (default: 60; 0: none)"},
    {0, "allow-plugins", NULL, "let the scenario load forces from shared libraries"},
    {'t', "threads", "N", "use N threads (the results do not depend on it)"},
    {'q', "quiet", NULL, "only errors"},
    {0, "json", NULL, "machine-readable lines on standard output"},
    {0}};

const command command_resume = {
    .name = "resume",
    .summary = "go on with a run that was stopped or died",
    .usage = "resume [options] FILE.h5",
    .help = "A run writes a checkpoint beside its output every minute, when it is stopped by "
            "Ctrl-C or\n"
            "SIGTERM, and on SIGUSR1. This goes on from the last one, with the bits of a run that "
            "was never\n"
            "stopped: in the same file, whatever the number of threads or the instruction set, but "
            "by the\n"
            "same build of the program. When a run has ended its checkpoint is gone.",
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .run = run,
};
