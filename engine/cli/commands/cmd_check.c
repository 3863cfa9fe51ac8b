/* cmd_check.c - `orrery check`: is the scenario right, and what would be wise? */
#include <math.h>
#include <string.h>

#include <orrery/advise.h>
#include <orrery/force_error.h>

#include "cli/cli.h"

enum { MOST_LISTED = 24, SAMPLED = 1000 };

static void list_bodies(const orr_scenario *s)
{
    static const char *const roles[] = {"active", "passive", "test"};
    char length[64], speed[64], gm[64];
    orr_units_name(&s->units, ORR_LENGTH, length, sizeof length);
    orr_units_name(&s->units, ORR_SPEED, speed, sizeof speed);
    orr_units_name(&s->units, ORR_GM, gm, sizeof gm);
    printf("\nbodies (%zu): GM [%s], position [%s], velocity [%s]\n", s->bodies.n, *gm ? gm : "1",
           *length ? length : "1", *speed ? speed : "1");
    for (size_t i = 0; i < s->bodies.n && i < MOST_LISTED; i++) {
        orr_body b = orr_bodies_get(&s->bodies, i);
        printf("  %-16s %-7s %12.6g  (%13.6g %13.6g %13.6g)  (%13.6g %13.6g %13.6g)\n",
               orr_names_get(&s->names, b.id), roles[b.role], b.gm, b.pos[0], b.pos[1], b.pos[2],
               b.vel[0], b.vel[1], b.vel[2]);
    }
    if (s->bodies.n > MOST_LISTED)
        printf("  ... and %zu more\n", s->bodies.n - MOST_LISTED);
}

/* The resolved settings: the lines of the resolved scenario before its bodies. */
static void list_settings(const orr_scenario *s)
{
    puts("\nsettings, with all defaults:");
    const char *line = s->resolved;
    while (*line && strncmp(line, "# ", 2) != 0) {
        size_t length = strcspn(line, "\n");
        printf("  %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static void advise(const orr_scenario *s, const orr_advice *a)
{
    const char *unit = s->units.dimensionless ? "" : s->units.time_name;
    puts("\nadvice:");
    char text[1000];
    if (a->step > 0)
        printf("  %s with a step of %.3g%s%s or shorter:\n", a->method, a->step, *unit ? " " : "",
               unit);
    else
        printf("  %s, which chooses its own steps:\n", a->method);
    snprintf(text, sizeof text, "%s.", a->reason);
    print_paragraph(text);
    if (a->orbits.has_orbit && a->orbits.dominated && !isfinite(a->orbits.mass_ratio))
        puts("  One body holds all the mass.");
    else if (a->orbits.has_orbit && a->orbits.dominated)
        printf("  One body holds %.6g times the mass of all others together.\n",
               a->orbits.mass_ratio);
}

/* What the gravity of many bodies is worth, and its time. */
static void tell_forces(const orr_force_error *e)
{
    if (e->sampled == 0)
        return;
    printf("\nforces, accuracy %.3g, against direct summation for %zu bodies:\n", e->accuracy,
           e->sampled);
    printf("  relative error: rms %.2e, median %.2e, 99 %% below %.2e, largest %.2e\n", e->rms,
           e->median, e->most_99, e->largest);
    printf("  %.3g s for the accelerations of all bodies\n", e->seconds);
}

/* Bodies that were given for another date, and by how much it mattered. */
static void one_brought(const orr_scenario *s, const orr_brought *b, const char *length)
{
    char date[100];
    orr_scenario_date(s, b->t, date, sizeof date);
    printf("  %-16s from %s", orr_names_get(&s->names, b->id), date);
    if (isfinite(b->apart))
        printf(", %.3g%s%s from where two-body motion would have put it", b->apart,
               *length ? " " : "", length);
    puts("");
}

static void list_brought(const orr_scenario *s)
{
    char length[64];
    const orr_brought *most = s->brought;
    if (s->n_brought == 0)
        return;
    orr_units_name(&s->units, ORR_LENGTH, length, sizeof length);
    printf("\nbrought to the start from the date at which they hold (%zu), with all forces, by "
           "ias15:\n",
           s->n_brought);
    for (size_t k = 0; k < s->n_brought && k < MOST_LISTED; k++)
        one_brought(s, &s->brought[k], length);
    for (size_t k = 0; k < s->n_brought; k++)
        most = s->brought[k].apart > most->apart ? &s->brought[k] : most;
    if (s->n_brought > MOST_LISTED) {
        printf("  ... and %zu more; to whom it mattered most:\n", s->n_brought - MOST_LISTED);
        one_brought(s, most, length);
    }
    if (s->brought_error > 1e-12)
        printf("  states at the start of bodies with mass are consistent to %.1e\n",
               s->brought_error);
}

static void as_json(const orr_scenario *s, const orr_advice *a, const orr_force_error *e)
{
    json_begin("check");
    json_text("scenario", s->path);
    json_number("bodies", (double)s->bodies.n);
    json_number("steps", s->step > 0 ? orr_scenario_span(s) / s->step : NAN);
    json_text("recommended_method", a->method);
    json_number("recommended_step", a->step > 0 ? a->step : NAN);
    json_number("shortest_period", a->orbits.has_orbit ? a->orbits.shortest.period : NAN);
    json_text("reason", a->reason);
    json_end();
    if (e->sampled) {
        json_begin("forces");
        json_number("accuracy", e->accuracy);
        json_number("sampled", (double)e->sampled);
        json_number("rms", e->rms);
        json_number("median", e->median);
        json_number("most_99", e->most_99);
        json_number("largest", e->largest);
        json_number("seconds", e->seconds);
        json_end();
    }
    for (size_t k = 0; k < s->n_notes; k++) {
        json_begin("note");
        json_text("text", s->notes[k]);
        json_end();
    }
    for (size_t k = 0; k < s->n_brought; k++) {
        json_begin("brought");
        json_text("body", orr_names_get(&s->names, s->brought[k].id));
        json_number("t", s->brought[k].t);
        json_number("apart", s->brought[k].apart);
        json_end();
    }
    for (size_t k = 0; k < a->n_warnings; k++) {
        json_begin("warning");
        json_text("text", a->warnings[k]);
        json_end();
    }
}

static void list_ensemble(const orr_scenario *s)
{
    const orr_ensemble *e = &s->ensemble;
    if (!e->members)
        return;
    printf("\nensemble of %zu members; of the first and the last:\n", e->members);
    for (size_t j = 0; j < e->parameters; j++)
        print_text("  %-32s %s, %s\n", e->paths[j], e->values[j],
                   e->values[(e->members - 1) * e->parameters + j]);
}

/* Would the method take these bodies?  (Takes the bodies out of the scenario.) */
static exit_code try_out(orr_scenario *s)
{
    orr_sim *sim;
    orr_diagnosis why;
    orr_status status = orr_sim_from_scenario(s, 1, &sim, &why);
    if (status == ORR_OK) {
        status = orr_sim_run_until(sim, 0);
        snprintf(why.text, sizeof why.text, "%.500s", orr_sim_message(sim));
        orr_sim_destroy(sim);
    }
    if (status == ORR_OK)
        return EXIT_OK;
    print_diagnosis(&why);
    return EXIT_SCENARIO;
}

static exit_code try_members(const arguments *a, const orr_scenario *s)
{
    exit_code code = EXIT_OK;
    for (size_t k = 0; k < s->ensemble.members && code == EXIT_OK; k++) {
        orr_scenario member;
        orr_diagnosis why;
        if (load_member(a, s, k, &member, &why) != ORR_OK) {
            print_diagnosis(&why);
            code = EXIT_SCENARIO;
        } else {
            code = try_out(&member);
            orr_scenario_free(&member);
        }
        if (code != EXIT_OK)
            print_error("that was member %zu of the ensemble", k);
    }
    return code;
}

static exit_code run(const arguments *a)
{
    orr_scenario s;
    exit_code code = load_scenario(a, a->words[0], &s);
    if (code != EXIT_OK)
        return code;
    orr_advice advice = orr_scenario_advise(&s);
    orr_force_error errors;
    if (orr_scenario_force_error(&s, SAMPLED, true, 0, &errors) != ORR_OK)
        errors.sampled = 0; /* what is wrong is told when it is tried out, below */
    if (given(a, "json")) {
        as_json(&s, &advice, &errors);
    } else {
        if (!given(a, "quiet")) {
            print_text("%s: %s\n", s.path, *s.title ? s.title : "(no title)");
            list_settings(&s);
            list_bodies(&s);
            list_brought(&s);
            list_ensemble(&s);
            advise(&s, &advice);
            tell_forces(&errors);
            fflush(stdout);
        }
        print_notes(&s);
        for (size_t k = 0; k < advice.n_warnings; k++)
            print_warning("%s", advice.warnings[k]);
    }
    code = s.ensemble.members ? try_members(a, &s) : try_out(&s);
    if (code == EXIT_OK && !given(a, "quiet") && !given(a, "json"))
        print_text("\n%s is a valid scenario%s\n", s.path,
                   advice.n_warnings ? ", with warnings" : "");
    orr_scenario_free(&s);
    return code;
}

const command command_check = {
    .name = "check",
    .summary = "validate a scenario, recommend method and step",
    .usage = "check [options] SCENARIO",
    .help =
        "Reads a scenario, prints what it means with all defaults, and looks for trouble:\n"
        "steps too long for the shortest period, unbound bodies, methods that drift.  Measures\n"
        "the error of gravity by a tree, and how long it takes.",
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_SCENARIO,
    .run = run,
};
