/* cmd_compare.c - `orrery compare`: which method, which step? */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <orrery/advise.h>

#include "cli/compare/compare.h"
#include "io/lock.h"
#include "cli/progress.h"

orr_status load_changed(const comparison *c, const char *const *set, size_t n, orr_scenario *out,
                        orr_diagnosis *why)
{
    const char *sets[MOST_VALUES + 4];
    orr_scenario_changes changes = {.set = sets,
                                    .until = value_of(c->a, "until"),
                                    .no_ensemble = true,
                                    .allow_plugins = given(c->a, "allow-plugins")};
    changes.n_set = settings_of(c->a, sets);
    for (size_t k = 0; k < n; k++)
        sets[changes.n_set++] = set[k];
    return orr_scenario_load(c->s.path, &changes, out, why);
}

/* Reports of ours have runs/ beside them; others are somebody's own. */
static bool is_foreign(const comparison *c)
{
    static const char *const names[] = {"report.html", "report.md", "results.csv"};
    char path[4200];
    snprintf(path, sizeof path, "%.4096s/runs", c->folder);
    bool foreign = false;
    if (access(path, F_OK) == 0)
        return false;
    for (int k = 0; k < 3 && !foreign; k++) {
        snprintf(path, sizeof path, "%.4096s/%s", c->folder, names[k]);
        foreign = access(path, F_OK) == 0;
    }
    if (foreign)
        print_error("'%s' exists and was not made by `orrery compare`: choose another folder with "
                    "-o",
                    path);
    return foreign;
}

/* The folder, for this process alone until the lock is released. */
static bool make_folder(const comparison *c, orr_lock *lock)
{
    char path[4200];
    orr_diagnosis why;
    if (is_foreign(c))
        return false;
    for (int k = 0; k < 2; k++) {
        snprintf(path, sizeof path, "%.4096s%s", c->folder, k ? "/runs" : "");
        if (mkdir(path, 0777) != 0 && errno != EEXIST) {
            print_error("the folder '%s' cannot be made: %s", path, strerror(errno));
            return false;
        }
    }
    snprintf(path, sizeof path, "%.4096s/report.html", c->folder);
    if (orr_lock_take(lock, path, &why) == ORR_OK)
        return true;
    print_error("%s", why.text);
    return false;
}

static bool parse_seconds(const char *option, const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    if (end != text && *end == 0 && *out > 0)
        return true;
    print_error("--%s is a number of seconds above 0, not '%s'", option, text);
    return false;
}

static bool parse_options(comparison *c)
{
    const char *each = value_of(c->a, "each"), *budget = value_of(c->a, "budget"),
               *threads = value_of(c->a, "threads");
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    c->total = INFINITY;
    if (budget && !parse_seconds("budget", budget, &c->total))
        return false;
    c->budget = fmin(60, c->total);
    if (each && !parse_seconds("each", each, &c->budget))
        return false;
    if (threads && !parse_count("threads", threads, 1, 64, &n))
        return false;
    c->threads = (int)(n < 64 ? n : 64);
    return true;
}

static void json_trials(const comparison *c)
{
    for (size_t k = 0; k < c->n; k++) {
        const trial *t = c->trials[k];
        json_begin("run");
        json_text("method", t->method->name);
        json_number("parameter", t->parameter);
        json_text("outcome", t->outcome == DONE       ? "done"
                             : t->outcome == CUT_OFF  ? "cut off"
                             : t->outcome == DIVERGED ? "diverged"
                             : t->outcome == FAILED   ? "failed"
                                                      : "skipped");
        json_text("cached", t->cached ? "yes" : "no");
        json_number("evaluations", (double)t->evaluations);
        json_number("cpu_seconds", t->seconds);
        json_number("energy_error_max", t->energy_max);
        json_number("energy_error_end", t->energy_end);
        json_number("position_error_end", t->outcome == DONE ? t->position[TIMES - 1] : NAN);
        json_end();
    }
}

static void say(const char *sentence, void *user)
{
    (void)user;
    print_paragraph(sentence);
}

static void tell(const comparison *c)
{
    size_t cached = 0;
    if (given(c->a, "json")) {
        json_trials(c);
        return;
    }
    if (given(c->a, "quiet"))
        return;
    print_table(c, stdout);
    fputc('\n', stdout);
    for (size_t k = 0; k < c->n; k++) {
        const trial *t = c->trials[k];
        cached += t->cached;
        /* one line for all steps of a method that cannot run this */
        bool again = k > 0 && c->trials[k - 1]->method == t->method &&
                     strcmp(c->trials[k - 1]->why, t->why) == 0;
        if (t->outcome != DONE && !again)
            printf("%s%s%s: %s\n", t->method->name, t->outcome == SKIPPED ? "" : ", ",
                   t->outcome == SKIPPED ? "" : t->label, t->why);
    }
    each_sentence(c, say, NULL);
    fputc('\n', stdout);
    if (cached)
        printf("%zu of %zu runs were in the folder already\n", cached, c->n);
    print_text("wrote %s/report.html\n", c->folder);
}

/* Two bodies with mass, or one in a field. */
static bool does_energy_tell(const orr_scenario *s)
{
    size_t massive = 0;
    for (size_t i = 0; i < s->bodies.n; i++)
        massive += s->bodies.gm[i] > 0;
    return massive > 1 || (massive == 1 && s->n_forces > 1);
}

static void forget_energy(comparison *c)
{
    for (size_t k = 0; k < c->n && !c->energy_tells; k++) {
        trial *t = c->trials[k];
        t->energy_max = t->energy_rms = t->energy_end = NAN;
        t->growth = UNKNOWN;
    }
}

/* How long it will take, before it begins. */
static void announce(comparison *c)
{
    double seconds = forecast(c);
    char took[32], limit[32], end[48] = "";
    if (given(c->a, "quiet"))
        return;
    if (seconds > c->total)
        snprintf(end, sizeof end, ", cut short after %s", human_seconds(c->total, limit));
    fprintf(stderr,
            "%zu runs to t = %.6g%s%s on %d processor%s: about %s%s (each at most %s: --each)\n"
            "Ctrl-C or --budget ends it with a report of what is there.\n",
            c->n, c->s.t_end, *c->unit ? " " : "", c->unit, c->threads, c->threads == 1 ? "" : "s",
            human_seconds(seconds, took), end, human_seconds(c->budget, limit));
}

static exit_code compare(comparison *c, orr_lock *lock)
{
    c->energy_tells = does_energy_tell(&c->s);
    c->unit = c->s.units.dimensionless ? "" : c->s.units.time_name;
    c->n_bodies = c->s.bodies.n;
    orr_advice advice = orr_scenario_advise(&c->s);
    c->period = advice.orbits.has_orbit ? advice.orbits.shortest.period : NAN;
    if (!(orr_scenario_span(&c->s) > 0)) {
        print_error("there is nothing to compare in a run of no length");
        return EXIT_SCENARIO;
    }
    if (!parse_options(c) || !plan(c))
        return EXIT_USAGE;
    if (!make_folder(c, lock))
        return EXIT_FILES;
    sample_times(c);
    c->started = wall_clock();
    watch_for_interrupts();
    announce(c);
    find_reference(c);
    bool whole = run_all(c);
    for (size_t k = 0; k < c->n; k++)
        fit_growth(c, c->trials[k]);
    fit_orders(c);
    forget_energy(c);
    if (!draw_figures(c) || !write_reports(c))
        return EXIT_FILES;
    tell(c);
    size_t done = 0;
    for (size_t k = 0; k < c->n; k++)
        done += c->trials[k]->outcome == DONE;
    if (!whole)
        print_warning(
            "%s: %zu of %zu runs are in the report, and are not run again in this folder",
            atomic_load(&c->stop) == STOP_INTERRUPTED ? "interrupted" : "the budget is spent", done,
            c->n);
    if (atomic_load(&c->stop) == STOP_INTERRUPTED)
        return EXIT_INTERRUPTED;
    return done > 0 || !whole ? EXIT_OK : EXIT_NUMERICAL;
}

/* Expectations are those of the scenario's own method, and of its whole run. */
static exit_code load_without_expectations(const arguments *a, const char *name, orr_scenario *s)
{
    arguments more = *a;
    if (give(&more, "set", "expect=[]"))
        return load_scenario(&more, name, s);
    print_error("too many options");
    return EXIT_USAGE;
}

static exit_code run(const arguments *a)
{
    static comparison c;
    char folder[4200];
    c.a = a;
    c.scenario = a->words[0];
    exit_code code = load_without_expectations(a, c.scenario, &c.s);
    if (code != EXIT_OK)
        return code;
    if (c.s.ensemble.members > 0)
        print_warning("of the ensemble only what its members share is compared");
    if (without_relativity(&c.s))
        print_warning("relativity is left out, since only %s has it", c.s.integrator->name);
    const char *slash = strrchr(c.scenario, '/'), *bare = slash ? slash + 1 : c.scenario;
    snprintf(folder, sizeof folder, "%.*s-compared", (int)strcspn(bare, "."), bare);
    c.folder = value_of(a, "output") ? value_of(a, "output") : folder;
    orr_lock lock = {0};
    code = compare(&c, &lock);
    orr_lock_release(&lock);
    for (size_t k = 0; k < c.n; k++)
        free(c.trials[k]);
    free(c.truth.pos);
    orr_scenario_free(&c.s);
    return code;
}

const command command_compare = {
    .name = "compare",
    .summary = "which method, which step: one report with plots",
    .usage = "compare [options] SCENARIO",
    .help =
        "Runs a scenario under several methods and steps, and writes a folder with report.html,\n"
        "report.md, plots (SVG and PNG) and CSV: energy and angular momentum error, distance from "
        "a\n"
        "reference, work and precision, orders, laws of growth, and what to use.\n"
        "What is in the folder already is not run again.\n\n"
        "  orrery compare kepler\n"
        "  orrery compare solar-system --until '10 yr' --methods leapfrog,blanes-moan6,ias15\n\n"
        "Needs gnuplot.",
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_SCENARIO,
    .run = run,
};
