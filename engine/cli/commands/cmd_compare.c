/* cmd_compare.c - `orrery compare`: which method, which step? */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/compare/report.h"
#include "io/lock.h"
#include "cli/progress.h"

static int cancel; /* set by Ctrl-C; the comparison ends with a report of what is there */

static void on_interrupt(int number)
{
    (void)number;
    __atomic_store_n(&cancel, 1, __ATOMIC_RELAXED);
}

/* Reports of ours have runs/ beside them; others are somebody's own. */
static bool is_foreign(const report *r)
{
    static const char *const names[] = {"report.html", "report.md", "results.csv"};
    char path[4200];
    snprintf(path, sizeof path, "%.4096s/runs", r->folder);
    bool foreign = false;
    if (access(path, F_OK) == 0)
        return false;
    for (int k = 0; k < 3 && !foreign; k++) {
        snprintf(path, sizeof path, "%.4096s/%s", r->folder, names[k]);
        foreign = access(path, F_OK) == 0;
    }
    if (foreign)
        print_error("'%s' exists and was not made by `orrery compare`: choose another folder with "
                    "-o",
                    path);
    return foreign;
}

/* The folder, for this process alone until the lock is released. */
static bool make_folder(const report *r, orr_lock *lock)
{
    char path[4200];
    orr_diagnosis why;
    if (is_foreign(r))
        return false;
    for (int k = 0; k < 2; k++) {
        snprintf(path, sizeof path, "%.4096s%s", r->folder, k ? "/runs" : "");
        if (mkdir(path, 0777) != 0 && errno != EEXIST) {
            print_error("the folder '%s' cannot be made: %s", path, strerror(errno));
            return false;
        }
    }
    snprintf(path, sizeof path, "%.4096s/report.html", r->folder);
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

/* A list with commas between; gives copies of its parts in `text`, which is as long. */
static size_t split(const char *list, char *text, const char **parts, size_t most)
{
    size_t n = 0;
    strcpy(text, list);
    for (char *rest = text, *part; n < most && (part = strsep(&rest, ",")) != NULL;)
        if (*part || rest)
            parts[n++] = part + strspn(part, " ");
    return n;
}

/* What the definition points to. */
typedef struct wishes {
    const orr_integrator *methods[ORR_MOST_TRIALS];
    const char *steps[ORR_MOST_TRIALS], *tolerances[ORR_MOST_TRIALS], *sets[MOST_VALUES];
    char texts[2][4096];
    orr_scenario_changes changes;
} wishes;

static bool parse_methods(const arguments *a, wishes *w, orr_comparison_def *def)
{
    const char *list = value_of(a, "methods");
    char text[4096];
    const char *names[ORR_MOST_TRIALS];
    size_t n = list && strlen(list) < sizeof text ? split(list, text, names, ORR_MOST_TRIALS) : 0;
    for (size_t k = 0; k < n; k++)
        if (!(w->methods[k] = find_method("methods", names[k])))
            return false;
    for (; !list && given(a, "all") && n < ORR_MOST_TRIALS && orr_integrator_at(n); n++)
        w->methods[n] = orr_integrator_at(n);
    def->methods = w->methods;
    def->n_methods = n;
    return true;
}

static bool parse_limits(const arguments *a, orr_comparison_def *def)
{
    const char *each = value_of(a, "each"), *budget = value_of(a, "budget"),
               *threads = value_of(a, "threads");
    long n = 0;
    if ((budget && !parse_seconds("budget", budget, &def->seconds_total)) ||
        (each && !parse_seconds("each", each, &def->seconds_each)) ||
        (threads && !parse_count("threads", threads, 1, 64, &n)))
        return false;
    def->threads = (int)n;
    return true;
}

/* The changes with which the scenario was read, for all that are made of it. */
static void note_changes(const arguments *a, wishes *w, orr_comparison_def *def)
{
    w->changes = changes_of(a, w->sets);
    def->changes = &w->changes;
}

static bool parse_options(const arguments *a, wishes *w, orr_comparison_def *def)
{
    const char *steps = value_of(a, "steps"), *tolerances = value_of(a, "tolerances");
    if ((steps && strlen(steps) >= sizeof w->texts[0]) ||
        (tolerances && strlen(tolerances) >= sizeof w->texts[1])) {
        print_error("a list of more than %zu characters is too long", sizeof w->texts[0] - 1);
        return false;
    }
    def->steps = w->steps;
    def->n_steps = steps ? split(steps, w->texts[0], w->steps, ORR_MOST_TRIALS) : 0;
    def->tolerances = w->tolerances;
    def->n_tolerances =
        tolerances ? split(tolerances, w->texts[1], w->tolerances, ORR_MOST_TRIALS) : 0;
    note_changes(a, w, def);
    return parse_limits(a, def) && parse_methods(a, w, def);
}

static void json_trials(const orr_comparison *c)
{
    for (size_t k = 0; k < c->n; k++) {
        const orr_trial *t = &c->trials[k];
        json_begin("run");
        json_text("method", t->method->name);
        json_number("parameter", t->parameter);
        json_text("outcome", t->outcome == ORR_TRIAL_DONE       ? "done"
                             : t->outcome == ORR_TRIAL_CUT_OFF  ? "cut off"
                             : t->outcome == ORR_TRIAL_DIVERGED ? "diverged"
                             : t->outcome == ORR_TRIAL_FAILED   ? "failed"
                                                                : "skipped");
        json_text("cached", t->kept ? "yes" : "no");
        json_number("evaluations", (double)t->evaluations);
        json_number("cpu_seconds", t->seconds);
        json_number("energy_error_max", t->energy_max);
        json_number("energy_error_end", t->energy_end);
        json_number("position_error_end",
                    t->outcome == ORR_TRIAL_DONE ? t->position[ORR_COMPARISON_TIMES - 1] : NAN);
        json_end();
    }
}

static void say(const char *sentence, void *user)
{
    (void)user;
    print_paragraph(sentence);
}

static void tell(const report *r)
{
    const orr_comparison *c = r->c;
    size_t cached = 0;
    if (given(r->a, "json")) {
        json_trials(c);
        return;
    }
    if (given(r->a, "quiet"))
        return;
    print_table(r, stdout);
    fputc('\n', stdout);
    for (size_t k = 0; k < c->n; k++) {
        const orr_trial *t = &c->trials[k];
        cached += t->kept;
        /* one line for all steps of a method that cannot run this */
        bool again = k > 0 && c->trials[k - 1].method == t->method &&
                     strcmp(c->trials[k - 1].why, t->why) == 0;
        if (t->outcome != ORR_TRIAL_DONE && !again)
            printf("%s%s%s: %s\n", t->method->name, t->outcome == ORR_TRIAL_SKIPPED ? "" : ", ",
                   t->outcome == ORR_TRIAL_SKIPPED ? "" : t->label, t->why);
    }
    orr_comparison_conclude(c, say, NULL);
    fputc('\n', stdout);
    if (cached)
        printf("%zu of %zu runs were in the folder already\n", cached, c->n);
    print_text("wrote %s/report.html\n", r->folder);
}

/* How long it will take, before it begins. */
static void announce(const report *r, double seconds)
{
    const double a_plot = 0.5; /* [s], in two formats (measured with gnuplot 5.4) */
    const orr_comparison *c = r->c;
    char took[32], limit[32], end[48] = "";
    seconds += N_FIGURES * a_plot;
    if (given(r->a, "quiet"))
        return;
    if (seconds > c->seconds_total)
        snprintf(end, sizeof end, ", cut short after %s", human_seconds(c->seconds_total, limit));
    fprintf(stderr,
            "%zu runs to t = %.6g%s%s on %d processor%s: about %s%s (each at most %s: --each)\n"
            "Ctrl-C or --budget ends it with a report of what is there.\n",
            c->n, c->scenario->t_end, *c->time_unit ? " " : "", c->time_unit, c->threads,
            c->threads == 1 ? "" : "s", human_seconds(seconds, took), end,
            human_seconds(c->seconds_each, limit));
}

typedef struct listener {
    progress look;
    double said;
} listener;

static void listen(void *user, const orr_comparison_progress *p)
{
    listener *l = user;
    double now = wall_clock();
    char text[32];
    if (p->stage == ORR_COMPARING_REFERENCE)
        progress_part(&l->look, "finding where the bodies really are: ", p->part);
    if (p->stage != ORR_COMPARING_RUNS)
        l->said = now;
    if (l->look.quiet || now - l->said < (l->look.terminal ? 0.2 : 10))
        return;
    l->said = now;
    fprintf(stderr, "%s%zu of %zu runs done, about %s left%s", l->look.terminal ? "\r\033[K" : "",
            p->done, p->all, human_seconds(p->seconds_left, text), l->look.terminal ? "" : "\n");
    l->look.line_open = l->look.terminal;
}

/* The exit code that the end of the comparison deserves; says what is missing. */
static exit_code ending_of(const orr_comparison *c)
{
    size_t done = 0;
    for (size_t k = 0; k < c->n; k++)
        done += c->trials[k].outcome == ORR_TRIAL_DONE;
    bool whole = c->end == ORR_COMPARISON_WHOLE, cancelled = c->end == ORR_COMPARISON_CANCELLED;
    if (!whole)
        print_warning("%s: %zu of %zu runs are in the report, and are not run again in this folder",
                      cancelled ? "interrupted" : "the budget is spent", done, c->n);
    return cancelled ? EXIT_INTERRUPTED : done > 0 || !whole ? EXIT_OK : EXIT_NUMERICAL;
}

static exit_code compare(report *r, orr_comparison *c, listener *l)
{
    catch_interrupts(on_interrupt);
    announce(r, orr_comparison_forecast(c));
    l->look = progress_begin(given(r->a, "quiet"), false, 0, 1, "");
    l->said = wall_clock();
    orr_status status = orr_comparison_run(c);
    progress_end(&l->look);
    if (status != ORR_OK && status != ORR_E_STOPPED) {
        print_error("%s", orr_status_text(status));
        return EXIT_NUMERICAL;
    }
    if (!draw_figures(r) || !write_reports(r))
        return EXIT_FILES;
    tell(r);
    return ending_of(c);
}

/* Plans it, and says what is wrong with the wishes. */
static exit_code plan(const orr_comparison_def *def, orr_comparison **c)
{
    orr_diagnosis why;
    orr_status status = orr_comparison_plan(def, c, &why);
    if (status == ORR_OK)
        return EXIT_OK;
    if (*why.file)
        print_error("--%s: %s", why.file, why.text);
    else
        print_error("%s", why.text);
    return status == ORR_E_INCOMPATIBLE ? EXIT_SCENARIO : EXIT_USAGE;
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

static exit_code with_scenario(report *r, const orr_scenario *s)
{
    wishes w;
    listener l = {.look = progress_begin(true, false, 0, 1, "")};
    char runs[4200];
    orr_comparison *c = NULL;
    orr_lock lock = {0};
    orr_comparison_def def = {
        .scenario = s, .folder = runs, .progress = listen, .progress_user = &l, .cancel = &cancel};
    if (s->ensemble.members > 0)
        print_warning("of the ensemble only what its members share is compared");
    snprintf(runs, sizeof runs, "%.4096s/runs", r->folder);
    exit_code code = parse_options(r->a, &w, &def) ? plan(&def, &c) : EXIT_USAGE;
    if (code == EXIT_OK && c->without_relativity)
        print_warning("relativity is left out, since only %s has it", s->integrator->name);
    r->c = c;
    r->n_bodies = s->bodies.n;
    if (code == EXIT_OK && !make_folder(r, &lock))
        code = EXIT_FILES;
    if (code == EXIT_OK)
        code = compare(r, c, &l);
    orr_lock_release(&lock);
    orr_comparison_free(c);
    return code;
}

static exit_code run(const arguments *a)
{
    char folder[4200];
    orr_scenario s;
    report r = {.a = a, .scenario = a->words[0]};
    exit_code code = load_without_expectations(a, r.scenario, &s);
    if (code != EXIT_OK)
        return code;
    const char *slash = strrchr(r.scenario, '/'), *bare = slash ? slash + 1 : r.scenario;
    snprintf(folder, sizeof folder, "%.*s-compared", (int)strcspn(bare, "."), bare);
    r.folder = value_of(a, "output") ? value_of(a, "output") : folder;
    code = with_scenario(&r, &s);
    orr_scenario_free(&s);
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
