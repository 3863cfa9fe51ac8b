/* restart_scenario.c - an output file as a scenario again. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/body_fields.h"
#include "io/quoting.h"
#include "listener.h"

enum { MOST_PARAMETERS = 64 };

/* ---- bodies ---- */

static void write_bodies(orr_reader *r, FILE *out)
{
    const orr_bodies *b = orr_reader_bodies(r);
    uint32_t *colors = orr_reader_colors(r);
    fputs("bodies:\n", out);
    for (size_t i = 0; i < b->n; i++) {
        orr_body o = orr_bodies_get(b, i);
        if (!isnan(o.pos[0])) /* it is no more */
            orr_write_body(out, orr_reader_name(r, i), &o, colors ? colors[i] : 0);
    }
    free(colors);
}

/* ---- what stands before them ---- */

/* What the member has of its own beside bodies, such as its step, put into the text.  Gives a new
 * text; NULL: it cannot be. */
static char *of_member(orr_reader *r, const char *path, char *text, orr_diagnosis *why)
{
    char sets[MOST_PARAMETERS][300];
    const char *list[MOST_PARAMETERS];
    size_t n = 0;
    for (size_t j = 0; n < MOST_PARAMETERS; j++) {
        if (!orr_reader_parameter(r, j, sets[n], sizeof sets[n]))
            break;
        if (strncmp(sets[n], "bodies.", 7) == 0 || strncmp(sets[n], "groups.", 7) == 0)
            continue; /* the snapshot has it */
        list[n] = sets[n];
        n++;
    }
    if (n == 0)
        return strdup(text);
    orr_scenario s;
    orr_diagnosis wrong;
    orr_scenario_changes changes = {.set = list, .n_set = n};
    if (orr_scenario_parse(path, text, strlen(text), &changes, &s, &wrong) != ORR_OK) {
        orr_refuse(ORR_E_FILE, why,
                   "what is varied in this ensemble cannot be put into a scenario: %.500s",
                   wrong.text);
        return NULL;
    }
    char *own = strdup(s.resolved);
    orr_scenario_free(&s);
    return own;
}

/* "output: { file: "NAME", every: ..." without the name, so that the run is not replaced. */
static void write_output(const char *line, FILE *out)
{
    const char *rest = strstr(line, "file: \"");
    if (!rest) {
        fprintf(out, "%s\n", line);
        return;
    }
    for (rest += 7; *rest && *rest != '"'; rest++)
        rest += *rest == '\\' && rest[1];
    rest += *rest == '"';
    rest += strspn(rest, ", ");
    fprintf(out, "output: { %s\n", rest);
}

static void write_run(const char *line, const orr_file_info *i, double t, const char *until,
                      FILE *out)
{
    const char *from = strstr(line, "from: "), *to = strstr(line, "to: ");
    double start = from ? strtod(from + 6, NULL) : 0, end = to ? strtod(to + 4, NULL) : t;
    double left = (end - t) * (end > start ? 1 : -1), span = fabs(end - start);
    bool over = !(left > 1e-9 * span);
    char text[2][32];
    const char *unit = i->time_unit, *gap = *unit ? " " : "";
    fprintf(out, "run: { from: %s%s%s, to: ", orr_shortest(t, text[0]), gap, unit);
    if (until)
        orr_write_yaml(out, until);
    else
        fprintf(out, "%s%s%s", orr_shortest(over ? t + (end - start) : end, text[1]), gap, unit);
    fprintf(out, " }%s\n", over && !until ? " # that run is over: as far again" : "");
}

static void write_head(const orr_file_info *i, char *text, double t, const char *until, FILE *out)
{
    char number[32];
    const char *unit = i->time_unit;
    fprintf(out, "# Goes on from t = %s%s%s of another run; its expectations are left out.\n",
            orr_shortest(t, number), *unit ? " " : "", unit);
    if (i->float_positions)
        fputs("# Positions and velocities were kept with seven digits.\n", out);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        if (strncmp(line, "run: ", 5) == 0)
            write_run(line, i, t, until, out);
        else if (strncmp(line, "output: ", 8) == 0)
            write_output(line, out);
        else if (*line != '#') /* how many bodies there were */
            fprintf(out, "%s\n", line);
    }
}

/* ---- all of it ---- */

/* Gives the text up to the bodies; NULL: *why tells. */
static char *head_of(orr_reader *r, const char *path, orr_diagnosis *why)
{
    char *text = orr_reader_scenario(r, true), *own = NULL;
    orr_refuse(ORR_E_NO_MEMORY, why, "out of memory");
    if (!text || !strstr(text, "\nbodies:"))
        orr_refuse(ORR_E_FILE, why, "'%.500s' holds no scenario", path);
    else if (orr_reader_info(r)->n_members > 0)
        own = of_member(r, path, text, why);
    else
        own = strdup(text);
    free(text);
    char *bodies = own ? strstr(own, "\nbodies:") : NULL;
    if (bodies)
        *bodies = 0;
    return own;
}

orr_status orr_run_restart_scenario(orr_reader *r, const char *path, size_t k, const char *until,
                                    FILE *out, orr_diagnosis *why)
{
    orr_diagnosis unread;
    why = why ? why : &unread;
    double t;
    ORR_TRY(orr_reader_read(r, k, &t, why));
    const orr_bodies *b = orr_reader_bodies(r);
    size_t living = 0;
    for (size_t i = 0; i < b->n; i++)
        living += isnan(b->pos[i]) ? 0 : 1;
    if (living == 0)
        return orr_refuse(ORR_E_FILE, why, "at snapshot %zu of '%.500s' there is no body any more",
                          k, path);
    char *text = head_of(r, path, why);
    if (!text)
        return ORR_E_FILE;
    write_head(orr_reader_info(r), text, t, until, out);
    write_bodies(r, out);
    free(text);
    return ORR_OK;
}

/* Can the run itself be had from the file?  NULL: yes. */
static const char *no_repetition(orr_reader *r, double *t)
{
    orr_diagnosis ignored;
    const orr_file_info *i = orr_reader_info(r);
    if (i->n_members > 0)
        return "is an ensemble; one of its members is not enough (`orrery run --member K` runs "
               "one)";
    if (i->float_positions)
        return "holds positions as floats: too few digits to go on from";
    if (i->segment > 0)
        return "is a later file of a run; name its first";
    if (orr_reader_read(r, 0, t, &ignored) != ORR_OK)
        return "has no snapshot";
    return NULL;
}

orr_status orr_run_repeat_scenario(orr_reader *r, const char *path, FILE *out, orr_diagnosis *why)
{
    orr_diagnosis unread;
    why = why ? why : &unread;
    double t;
    const char *wrong = no_repetition(r, &t);
    char *text = wrong ? NULL : head_of(r, path, why);
    if (!wrong && !text)
        return ORR_E_FILE;
    const char *run = text ? strstr(text, "\nrun: { from: ") : NULL;
    double start = run ? strtod(run + 14, NULL) : 0;
    if (text && t != start)
        wrong = "does not begin with the start of the run";
    if (text && !wrong) {
        fprintf(out, "%s\n", text);
        write_bodies(r, out);
    }
    free(text);
    return wrong ? orr_refuse(ORR_E_FILE, why, "'%.500s' %s", path, wrong) : ORR_OK;
}
