/* tables.h - for tests of tables and catalogues: scenarios with one group around a Sun. */
#ifndef ORRERY_TESTS_TABLES_H
#define ORRERY_TESTS_TABLES_H

#include <stdlib.h>
#include <unistd.h>

#include <orrery/elements.h>
#include <orrery/io.h>
#include <orrery/scenario.h>

#include "check.h"

#define SUN_GM "0.00029591220828411951" /* [au3/day2] DE440 */
#define DATA   SOURCE_DIR "/tests/engine/io/data/"

/* A scenario in au and days with this header and one group; why.text is empty on success. */
static inline orr_status read_group(const char *header, const char *group, orr_scenario *s,
                                    orr_diagnosis *why)
{
    char text[3000];
    int n = snprintf(text, sizeof text,
                     "units: { length: au, mass: Msun, time: day }\n%s\n"
                     "integrator: { method: taylor }\nrun: { to: 1 day }\n"
                     "bodies: [ { name: Sun, GM: " SUN_GM " } ]\ngroups:\n  - { %s }\n",
                     header, group);
    return orr_scenario_parse("test.yaml", text, (size_t)n, NULL, s, why);
}

/* The same, which must succeed. */
static inline orr_scenario must_read(const char *header, const char *group)
{
    orr_scenario s;
    orr_diagnosis why;
    if (read_group(header, group, &s, &why) != ORR_OK) {
        print_error("%s:%d:%d: %s\n  %s\n", why.file, why.line, why.column, why.text, why.hint);
        fail();
    }
    return s;
}

/* The same, which must fail, saying this. */
static inline orr_diagnosis must_refuse(const char *header, const char *group, const char *says)
{
    orr_scenario s;
    orr_diagnosis why;
    orr_status status = read_group(header, group, &s, &why);
    if (status == ORR_OK)
        orr_scenario_free(&s);
    if (status == ORR_OK || !strstr(why.text, says)) {
        print_error("expected '%s', got: %s\n", says, status == ORR_OK ? "success" : why.text);
        fail();
    }
    return why;
}

/* A body by its name. */
static inline orr_body body_named(const orr_scenario *s, const char *name)
{
    for (size_t i = 0; i < s->bodies.n; i++)
        if (strcmp(orr_names_get(&s->names, s->bodies.id[i]), name) == 0)
            return orr_bodies_get(&s->bodies, i);
    print_error("there is no body '%s'\n", name);
    fail();
    return (orr_body){0};
}

static inline bool has_note(const orr_scenario *s, const char *text)
{
    for (size_t k = 0; k < s->n_notes; k++)
        if (strstr(s->notes[k], text))
            return true;
    return false;
}

static inline double distance(const double x[3])
{
    return sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
}

#endif
