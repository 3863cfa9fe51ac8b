#include "scenario_of.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void write_bodies(const orr_reader *r, FILE *out)
{
    static const char *const roles[] = {"active", "passive", "test"};
    const orr_bodies *b = orr_reader_bodies(r);
    fputs("bodies:\n", out);
    for (size_t i = 0; i < b->n; i++) {
        orr_body o = orr_bodies_get(b, i);
        if (!isfinite(o.pos[0])) /* it was removed before */
            continue;
        fprintf(out, "  - { name: \"%s\", role: %s", orr_reader_name(r, i), roles[o.role]);
        if (o.role != ORR_TEST)
            fprintf(out, ", GM: %.17g", o.gm);
        if (o.radius > 0)
            fprintf(out, ", radius: %.17g", o.radius);
        fprintf(out, ", position: [%.17g, %.17g, %.17g], velocity: [%.17g, %.17g, %.17g] }\n",
                o.pos[0], o.pos[1], o.pos[2], o.vel[0], o.vel[1], o.vel[2]);
    }
}

/* Line by line, with another beginning of time. */
static void write_later(const orr_file_info *i, char *text, double t, FILE *out)
{
    const char *unit = i->time_unit;
    fprintf(out, "# Begins at t = %.17g %s of the run that it was taken from.\n", t, unit);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        if (strncmp(line, "epoch:", 6) == 0 && i->has_epoch) {
            char date[64];
            orr_date now = orr_date_plus(&i->epoch, t, i->time_si);
            orr_date_exact_text(&now, date, sizeof date);
            fprintf(out, "epoch: %s\n", date);
        } else if (strncmp(line, "run: { to: ", 11) == 0)
            fprintf(out, "run: { to: %.17g %s }\n", strtod(line + 11, NULL) - t, unit);
        else
            fprintf(out, "%s\n", line);
    }
}

/* Masses that changed on the way stand in no snapshot. */
static bool had_mergers(orr_reader *r)
{
    orr_event e;
    orr_diagnosis ignored;
    for (size_t k = 0; k < orr_reader_info(r)->n_events; k++)
        if (orr_reader_event(r, k, &e, &ignored) != ORR_OK || (int)e.kind == 4)
            return true;
    return false;
}

/* Such as a pole that moves: time cannot begin anew for it. */
static bool depends_on_time(const char *text)
{
    for (const char *at = text; (at = strstr(at, "{ force: ")); at++) {
        char name[48] = "";
        sscanf(at, "{ force: %47[^, }]", name);
        const orr_force *force = orr_force_find(name);
        if (!force || force->traits & ORR_TIME_DEPENDENT)
            return true;
    }
    return false;
}

exit_code write_scenario_of(orr_reader *r, const char *path, size_t k, FILE *out)
{
    double t;
    orr_diagnosis why;
    const orr_file_info *i = orr_reader_info(r);
    char *text = orr_reader_scenario(r, true), *bodies = text ? strstr(text, "\nbodies:") : NULL;
    const char *wrong = NULL;
    if (!bodies)
        wrong = "holds no scenario";
    else if (i->n_members > 0)
        wrong = "is an ensemble; one of its members is not enough for a scenario";
    else if (i->float_positions)
        wrong = "holds positions as floats: too few digits to go on from";
    else if (orr_reader_read(r, k, &t, &why) != ORR_OK)
        wrong = "has no such snapshot";
    else if (k == 0 && t != 0)
        wrong = "does not begin with the start of the run";
    else if (k > 0 && depends_on_time(text))
        wrong = "has forces that depend on time, or plugins: it cannot begin anew at another time";
    else if (k > 0 && had_mergers(r))
        wrong = "had mergers, and the masses after them are in no snapshot";
    if (!wrong) {
        bodies[0] = 0;
        if (k == 0)
            fprintf(out, "%s\n", text);
        else
            write_later(i, text, t, out);
        write_bodies(r, out);
    } else {
        print_error("'%s' %s", path, wrong);
    }
    free(text);
    return wrong ? EXIT_FILES : EXIT_OK;
}
