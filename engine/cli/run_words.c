/* run_words.c - what a run did, for people and for programs. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "run_command.h"

/* ---- before ---- */

void tell_plan(const orr_scenario *s, const char *output, double bytes)
{
    char size[32];
    const char *unit = s->units.dimensionless ? "" : s->units.time_name, *gap = *unit ? " " : "";
    double rows[2], every[2] = {s->output.every, s->output.diagnostics};
    if (s->ensemble.members) {
        print_text("%s: would run %zu members of %zu bodies with %s\n", s->path,
                   s->ensemble.members, s->bodies.n, s->integrator->name);
    } else {
        print_text("%s: would run %zu bodies with %s", s->path, s->bodies.n, s->integrator->name);
        if (s->step > 0)
            printf(", step %.10g%s%s", s->step, gap, unit);
        printf(", to t = %.10g%s%s", s->t_end, gap, unit);
        if (s->step > 0)
            printf(" (%.4g steps)\n", orr_scenario_span(s) / s->step);
        else
            printf(" (steps of its own choice)\n");
    }
    for (int k = 0; k < 2; k++) /* the end as well, where it is none of the regular times */
        rows[k] = ceil(orr_scenario_span(s) / every[k] * (1 - 1e-12)) + 1;
    print_text("and write %.0f snapshots and %.0f rows of diagnostics, %s%s, to %s\n", rows[0],
               rows[1], s->output.compression == ORR_GZIP ? "at most " : "",
               human_bytes(bytes, size), output);
}

/* ---- why it is not at its end ---- */

/* How the run is resumed. */
static void say_resume(const orr_run_report *r)
{
    if (*r->checkpoint)
        print_warning("`orrery resume %s%s%s` goes on from there", r->first,
                      r->checkpoint_beside ? "" : " --checkpoint ",
                      r->checkpoint_beside ? "" : r->checkpoint);
}

static void tell_trouble(const orr_run *run, exit_code code)
{
    const orr_run_report *r = orr_run_result(run);
    bool there = access(r->output, F_OK) == 0;
    const orr_units *units = &orr_run_scenario(run)->units;
    if (code == EXIT_NUMERICAL || code == EXIT_FILES)
        print_error(there ? "%s\n       what was good is in '%s'" : "%s", r->reason, r->output);
    if (code == EXIT_FILES && !there && r->has_checkpoint)
        print_warning("its checkpoint is left: `orrery resume -o NEW.h5 %s` goes on from there",
                      r->first);
    if (r->unwritten)
        print_warning("%zu events found no room in /events of '%s'", r->unwritten, r->output);
    if (code != EXIT_INTERRUPTED)
        return;
    say_resume(r);
    if (r->members)
        print_warning("%s; outputs up to the one before are in the file", r->reason);
    else
        print_warning("%s; the state at t = %.10g%s%s is the last in '%s'", r->reason, r->t,
                      units->dimensionless ? "" : " ", units->dimensionless ? "" : units->time_name,
                      r->output);
}

/* ---- how it went ---- */

static double rate_of(const orr_run_report *r)
{
    return (double)(r->count.steps - r->steps_before) / r->wall_seconds;
}

static void as_json(const orr_run_report *r, exit_code code)
{
    char hash[24];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)r->state_hash);
    json_begin(ending(code));
    json_text("file", r->output);
    if (r->members) {
        json_number("members", (double)r->members);
        json_number("failed", (double)r->failed);
    }
    json_number("bodies", (double)r->bodies);
    json_number("t", r->t);
    json_number("steps", (double)r->count.steps);
    json_number("evaluations", (double)r->count.evaluations);
    json_number("rejected", (double)r->count.rejected);
    if (!r->members) {
        json_number("shortest_step", r->count.shortest);
        json_number("longest_step", r->count.longest);
    }
    json_number("wall_seconds", r->wall_seconds);
    json_number("steps_per_second", rate_of(r));
    json_number("events", (double)r->events);
    json_number("energy_error", r->energy_tells ? r->energy_error_final : NAN);
    json_number("energy_error_max", r->energy_tells ? r->energy_error_max : NAN);
    if (r->has_shadow) {
        json_number("shadow_distance", r->shadow_distance);
        json_number("positions_lost_at", r->positions_lost_at);
    }
    json_text("state_hash", hash);
    json_end();
}

/* "in 400 steps of 1 day" */
static void tell_steps(const orr_scenario *s, const orr_sim_counters *count)
{
    const char *unit = s->units.dimensionless ? "" : s->units.time_name, *gap = *unit ? " " : "";
    unsigned long long n = count->steps;
    if (s->step > 0)
        printf(" in %llu steps of %.6g%s%s by %s\n", n, s->step, gap, unit, s->integrator->name);
    else if (n == 0) /* outputs lie within the first one */
        printf(" in less than a whole step (%llu force evaluations) by %s\n",
               (unsigned long long)count->evaluations, s->integrator->name);
    else
        printf(" in %llu steps (%.3g to %.3g%s%s, %llu rejected) by %s\n", n, count->shortest,
               count->longest, gap, unit, (unsigned long long)count->rejected, s->integrator->name);
}

static void tell_way(const orr_scenario *s, const orr_run_report *r)
{
    const char *unit = s->units.dimensionless ? "" : s->units.time_name, *gap = *unit ? " " : "";
    double years = fabs(r->reached) * s->units.time / 31557600; /* Julian */
    if (r->members) {
        printf("  ensemble      %zu members of %zu bodies, %zu failed\n", r->members, r->bodies,
               r->failed);
        printf("  simulated     %.10g%s%s each, %llu steps in all by %s\n", r->reached, gap, unit,
               (unsigned long long)r->count.steps, s->integrator->name);
        return;
    }
    printf("  bodies        %zu (%zu active, %zu passive, %zu test)\n", r->bodies, r->active,
           r->passive, r->bodies - r->active - r->passive);
    printf("  simulated     %.10g%s%s", r->reached, gap, unit);
    if (*unit && years >= 2 && strcmp(unit, "yr") != 0)
        printf(" (%.6g yr)", years);
    tell_steps(s, &r->count);
}

static void tell_shadow(const orr_run_report *r, const orr_units *units, const char *kind)
{
    char length[64] = "";
    const char *time = units->dimensionless ? "" : units->time_name;
    if (!units->dimensionless)
        orr_units_name(units, ORR_LENGTH, length, sizeof length);
    printf("  shadow        %.2g%s%s away at the end (%s); ", r->shadow_distance,
           *length ? " " : "", length,
           strcmp(kind, "step") == 0 ? "half the step" : "moved by the last digit");
    if (isnan(r->positions_lost_at))
        printf("positions mean something to the end, to %.1g of the size of the system\n",
               r->shadow_distance / r->shadow_size);
    else
        printf("positions mean nothing from t = %.4g%s%s on\n", r->positions_lost_at,
               *time ? " " : "", time);
}

static void tell_energy(const orr_run_report *r)
{
    if (!r->energy_tells)
        puts("  energy error  - (nothing massive moves under a force)");
    else if (isnan(r->energy_error_max))
        puts("  energy error  - (not conserved: in a shearing sheet, or by contacts that are not "
             "recorded)");
    else if (r->members)
        printf("  energy error  %.2e at most (relative, over all members)\n", r->energy_error_max);
    else
        printf("  energy error  %.2e at the end, %.2e at most (relative)\n", r->energy_error_final,
               r->energy_error_max);
}

static void as_text(const orr_scenario *s, const orr_run_report *r)
{
    char took[32];
    print_text("%s\n", *s->title ? s->title : s->path);
    tell_way(s, r);
    printf("  took          %s (%.3g steps/s, %s kernels)\n", human_seconds(r->wall_seconds, took),
           rate_of(r), orr_isa());
    if (r->events)
        printf("  events        %zu, in /events\n", r->events);
    tell_energy(r);
    if (r->has_shadow)
        tell_shadow(r, &s->units, r->shadow);
    print_text("  output        %s (%llu snapshots)\n", r->output, (unsigned long long)r->frames);
    fflush(stdout);
}

/* A result that is none. */
static void beware_of_energy(const orr_scenario *s, const orr_run_report *r)
{
    if (r->energy_lost == 0)
        return;
    const char *remedy = s->step > 0 ? "take a shorter step" : "lower the tolerance";
    if (r->members)
        print_warning("%zu member%s an energy error above %g: that is no solution of the problem; "
                      "%s or another method (`orrery check` recommends)",
                      r->energy_lost, r->energy_lost == 1 ? " has" : "s have", ORR_RUN_MUCH_ENERGY,
                      remedy);
    else
        print_warning(
            "an energy error of %.3g: this is no solution of the problem; %s or another method "
            "(`orrery check` recommends, `orrery compare` shows how they do)",
            r->energy_error_final, remedy);
}

/* ---- expectations ---- */

/* Of member k of an ensemble; k is not used where the run has one system. */
static void tell_expectation(const arguments *a, const orr_run_expectation *e, bool ensemble,
                             size_t k)
{
    char who[40] = "";
    if (ensemble)
        snprintf(who, sizeof who, "member %zu: ", k);
    if (given(a, "json")) {
        json_begin("expectation");
        if (ensemble)
            json_number("member", (double)k);
        json_text("file", e->asked->file);
        json_number("line", e->asked->line);
        json_number("met", e->met);
        json_text("text", e->text);
        json_end();
    } else if (!e->met) {
        print_at_expectation(e->asked, "%sexpectation missed: %s", who, e->text);
    } else if (!given(a, "quiet") && !ensemble) {
        print_text("  as expected   %s\n", e->text);
    }
}

static void tell_expectations(const arguments *a, const orr_run *run)
{
    const orr_run_report *r = orr_run_result(run);
    for (size_t k = 0; k < r->members || k == 0; k++) {
        const orr_run_member m = orr_run_member_result(run, k);
        for (size_t i = 0; m.status == ORR_OK && i < m.n_expect; i++) {
            orr_run_expectation e = orr_run_expected(run, k, i);
            tell_expectation(a, &e, r->members > 0, k);
        }
    }
}

exit_code tell_result(const arguments *a, const orr_run *run, exit_code code)
{
    const orr_run_report *r = orr_run_result(run);
    const orr_scenario *s = orr_run_scenario(run);
    tell_trouble(run, code);
    if (given(a, "json"))
        as_json(r, code);
    else if (!given(a, "quiet"))
        as_text(s, r);
    if (!given(a, "quiet"))
        beware_of_energy(s, r);
    if (code != EXIT_OK)
        return code;
    tell_expectations(a, run);
    return r->missed ? EXIT_MISSED : EXIT_OK;
}
