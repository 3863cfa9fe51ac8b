#include "run_command.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- what the run says ---- */

static void on_warning(void *user, const char *text)
{
    run_command *c = user;
    progress_end(&c->p);
    print_warning("%s", text);
}

static void on_message(void *user, const char *text)
{
    const run_command *c = user;
    if (!given(c->a, "quiet"))
        on_warning(user, text);
}

static void on_progress(void *user, const orr_run_progress *now)
{
    run_command *c = user;
    if (now->members)
        progress_members(&c->p, now->fraction, now->members);
    else
        progress_step(&c->p, now->t, now->steps, now->energy_error);
}

static bool on_show(void *user, orr_sim *sim)
{
    const run_command *c = user;
    if (!c->view || atomic_load(&c->view->abandoned)) /* closed; the run goes on */
        return false;
    feed_publish(c->view, sim);
    return true;
}

/* ---- what it is to do ---- */

exit_code define_run(run_command *c, const arguments *a, orr_run_def *def)
{
    long threads = 0;
    const char *wish = value_of(a, "threads"), *every = value_of(a, "checkpoint-every");
    *c = (run_command){.a = a};
    *def = orr_run_def_default();
    if (wish && !parse_count("threads", wish, 1, 4096, &threads))
        return EXIT_USAGE;
    if (every) {
        char *end;
        def->checkpoint_every = strtod(every, &end);
        if (end == every || *end || !(def->checkpoint_every >= 0)) {
            print_error("--checkpoint-every is a number of seconds, 0 for none, not '%s'", every);
            return EXIT_USAGE;
        }
    }
    def->threads = (int)threads;
    def->output = value_of(a, "output");
    def->checkpoint = value_of(a, "checkpoint");
    def->keep_checkpoint = given(a, "keep-checkpoint");
    def->command_line = a->command_line;
    def->user = c;
    def->progress = on_progress;
    def->message = on_message;
    def->warning = on_warning;
    if (given(a, "view"))
        def->show = on_show;
    return EXIT_OK;
}

exit_code cannot_run(orr_status status, const orr_diagnosis *why)
{
    print_diagnosis(why);
    return status == ORR_E_ARGUMENT       ? EXIT_USAGE
           : status == ORR_E_INCOMPATIBLE ? EXIT_SCENARIO
           : status == ORR_E_NO_MEMORY    ? EXIT_NUMERICAL
                                          : EXIT_FILES;
}

/* ---- the run itself ---- */

static orr_run *volatile running; /* for the signal handlers only */

static void on_signal(int number)
{
    (void)number;
    if (running)
        orr_run_request_stop(running, "interrupted"); /* a second one ends the program at once */
}

/* A batch system's word that time is short, or a user's: SIGUSR1. */
static void on_request(int number)
{
    (void)number;
    if (running)
        orr_run_request_checkpoint(running);
}

static exit_code exit_of(orr_run_end end)
{
    return end == ORR_RUN_FINISHED                              ? EXIT_OK
           : end == ORR_RUN_STOPPED || end == ORR_RUN_COLLISION ? EXIT_INTERRUPTED
           : end == ORR_RUN_FILES                               ? EXIT_FILES
                                                                : EXIT_NUMERICAL;
}

exit_code go(run_command *c)
{
    const orr_scenario *s = orr_run_scenario(c->run);
    c->p = progress_begin(given(c->a, "quiet"), given(c->a, "json"), s->t_start, s->t_end,
                          s->units.dimensionless ? "" : s->units.time_name);
    running = c->run;
    catch_interrupts(on_signal);
    signal(SIGUSR1, on_request);
    if (orr_run_go(c->run) != ORR_OK && !*orr_run_diagnosis(c->run)->text)
        print_error("the run ended for an unknown reason"); /* the report tells the known ones */
    running = NULL;
    progress_end(&c->p);
    if (c->view)
        atomic_store(&c->view->ended, true);
    return tell_result(c->a, c->run, exit_of(orr_run_result(c->run)->end));
}
