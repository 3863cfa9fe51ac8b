/* `collisions:` of scenarios: what is understood, where mistakes are said to be, and where the
 * options that methods had for them stand now. */
#include "check.h"

#include <orrery/scenario.h>

#include <stdlib.h>

static const char text[] = "units: { length: au, mass: Msun, time: day }\n"
                           "integrator: { method: %s }\n"
                           "run: { to: 1 yr }\n"
                           "%s\n"
                           "bodies:\n  - { name: Sun, mass: 1, radius: 1 Rsun }\n"
                           "  - { name: Earth, mass: 1 Mearth, orbit: { around: Sun, a: 1 } }\n";

static orr_status load(const char *method, const char *lines, const char *set, orr_scenario *s,
                       orr_diagnosis *why)
{
    char all[2000];
    int n = snprintf(all, sizeof all, text, method, lines);
    const orr_scenario_changes changes = {.set = &set, .n_set = set ? 1 : 0};
    return orr_scenario_parse("t.yaml", all, (size_t)n, &changes, s, why);
}

static orr_scenario good(const char *method, const char *lines, const char *set)
{
    orr_scenario s;
    orr_diagnosis why;
    orr_status status = load(method, lines, set, &s, &why);
    if (status != ORR_OK)
        print_error("%s:%d:%d: %s\n", why.file, why.line, why.column, why.text);
    CHECK_OK(status);
    return s;
}

static void understood(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *set;
        orr_collisions want;
        double distance, hill; /* of the first approach */
    } cases[] = {
        {"", NULL, {.restitution = 1}, 0, 0},
        {"collisions: merge", NULL, {.rule = ORR_CONTACT_MERGE, .restitution = 1}, 0, 0},
        {"collisions: { do: bounce, restitution: 0.5 }",
         NULL,
         {.rule = ORR_CONTACT_BOUNCE, .restitution = 0.5},
         0,
         0},
        {"collisions: { within: 3 hill }", NULL, {.restitution = 1, .n_within = 1}, 0, 3},
        {"collisions: { do: log, within: [ 0.1 au, 2.5hill, 0.2 ] }",
         NULL,
         {.rule = ORR_CONTACT_LOG, .restitution = 1, .n_within = 3},
         0.1,
         0},
        {"collisions: { do: stop, remove_beyond: 100 au, remove_within_hill: 1 hill }",
         NULL,
         {.rule = ORR_CONTACT_STOP,
          .restitution = 1,
          .remove_beyond = 100,
          .remove_within_hill = 1},
         0,
         0},
        {"collisions: { remove_beyond: 149597870.7 km, remove_within_hill: 0.5 }",
         NULL,
         {.restitution = 1, .remove_beyond = 1, .remove_within_hill = 0.5},
         0,
         0},
        {"", "collisions.do=remove", {.rule = ORR_CONTACT_REMOVE, .restitution = 1}, 0, 0},
        {"", "collisions=merge", {.rule = ORR_CONTACT_MERGE, .restitution = 1}, 0, 0},
        {"collisions: stop",
         "collisions.do=merge",
         {.rule = ORR_CONTACT_MERGE, .restitution = 1},
         0,
         0},
        {"collisions: stop",
         "collisions.within=[1 hill]",
         {.rule = ORR_CONTACT_STOP, .restitution = 1, .n_within = 1},
         0,
         1},
        {"collisions: { do: bounce, restitution: 0.5, remove_beyond: 9 }",
         "collisions=log",
         {.rule = ORR_CONTACT_LOG, .restitution = 1},
         0,
         0},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        orr_scenario s = good("ias15", cases[k].lines, cases[k].set);
        const orr_collisions *c = &s.collisions, *want = &cases[k].want;
        CHECK(c->rule == want->rule && c->restitution == want->restitution);
        CHECK(c->n_within == want->n_within && !c->decide);
        CHECK_NEAR(c->remove_beyond, want->remove_beyond, 1e-15);
        CHECK(c->remove_within_hill == want->remove_within_hill);
        CHECK(c->n_within == 0 ||
              (c->within[0].distance == cases[k].distance && c->within[0].hill == cases[k].hill));
        orr_scenario again; /* its own text says the same */
        orr_diagnosis why;
        CHECK_OK(orr_scenario_parse("r.yaml", s.resolved, strlen(s.resolved), NULL, &again, &why));
        assert_string_equal(again.resolved, s.resolved);
        CHECK(again.collisions.rule == c->rule && again.collisions.n_within == c->n_within);
        orr_scenario_free(&again);
        orr_scenario_free(&s);
    }
}

static void mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        int line, column;
        const char *says, *hint;
    } cases[] = {
        {"collisions: merg", 4, 13, "there is no do 'merg'", "merge"},
        {"collisions: { do: fuse }", 4, 19, "there is no do 'fuse'", "bounce"},
        {"collisions: [ merge ]", 4, 13, "'collisions' must be a map, but is a list",
         "collisions: merge"},
        {"collisions: { rule: merge }", 4, 15, "unknown key 'rule'", NULL},
        {"collisions: { restituion: 1 }", 4, 15, "unknown key 'restituion'", "restitution"},
        {"collisions: { do: bounce, restitution: 1.5 }", 4, 40, "must lie between 0", NULL},
        {"collisions: { do: bounce, restitution: -0.1 }", 4, 40, "must lie between 0", NULL},
        {"collisions: { do: bounce, restitution: 1 km }", 4, 40, "'restitution'", NULL},
        {"collisions: { do: merge, restitution: 0.5 }", 4, 26, "goes with do: bounce", NULL},
        {"collisions: { within: 3 day }", 4, 23, "'within'", "3 hill"},
        {"collisions: { within: 3 hil }", 4, 23, "hil", "3 hill"},
        {"collisions: { within: 3 Hill }", 4, 23, "Hill", "3 hill"},
        {"collisions: { within: -1 hill }", 4, 23, "more than 0", NULL},
        {"collisions: { within: 1e9 hill }", 4, 23, "at most 1000", NULL},
        {"collisions: { within: nan hill }", 4, 23, "", NULL},
        {"collisions: { within: 0 }", 4, 23, "greater than zero", "3 hill"},
        {"collisions: { within: [1 hill, [2 hill]] }", 4, 32, "must be a single value", NULL},
        {"collisions: { within: { hill: 3 } }", 4, 23, "must be a list", NULL},
        {"collisions: { within: [1 au, 2 kg] }", 4, 30, "2 kg", "3 hill"},
        {"collisions: { remove_beyond: -1 au }", 4, 30, "must lie between 0", NULL},
        {"collisions: { remove_beyond: 3 hill }", 4, 30, "hill", NULL},
        {"collisions: { remove_within_hill: 1 au }", 4, 35, "1 au", NULL},
        {"collisions: { remove_within_hill: -2 }", 4, 35, "must lie between 0", NULL},
        {"collisions: { remove_within_hill: 1e6 hill }", 4, 35, "must lie between 0", NULL},
        {"collisions: {}\ncollisions: {}", 5, 1, "", NULL},
        {"collisions:", 4, 1, "there is no do ''", "merge"},
    };
    int wrong = 0;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        orr_scenario s;
        orr_diagnosis why;
        orr_status status = load("ias15", cases[k].lines, NULL, &s, &why);
        bool as_wanted = status == ORR_E_FORMAT && why.line == cases[k].line &&
                         why.column == cases[k].column && strstr(why.text, cases[k].says) &&
                         (!cases[k].hint || strstr(why.hint, cases[k].hint));
        if (!as_wanted)
            print_error("%s: %d at %d:%d: %s (%s)\n", cases[k].lines, status, why.line, why.column,
                        why.text, why.hint);
        wrong += !as_wanted;
        if (status == ORR_OK)
            orr_scenario_free(&s);
    }
    CHECK(wrong == 0);
}

static bool tells(const orr_scenario *s, const char *words)
{
    for (size_t k = 0; k < s->n_notes; k++)
        if (strstr(s->notes[k], words))
            return true;
    return false;
}

/* What the methods' own options said, under any method; and both at once. */
static void moved(void **state)
{
    (void)state;
    orr_scenario s = good("trace, step: 1 day, collisions: bounce, restitution: 0.5, "
                          "record_within_hill: 2, remove_beyond: 100 au",
                          "", NULL);
    const orr_collisions *c = &s.collisions;
    CHECK(c->rule == ORR_CONTACT_BOUNCE && c->restitution == 0.5 && c->n_within == 1);
    CHECK(c->within[0].hill == 2 && c->remove_beyond == 100);
    CHECK(s.n_notes == 4 && tells(&s, "'integrator.collisions' stands at the top level now: "
                                      "collisions: { do: bounce }"));
    CHECK(tells(&s, "collisions: { within: 2 hill }"));
    orr_scenario_free(&s);

    s = good("wh, step: 1 day, remove_hits: yes, remove_within_hill: 3", "", NULL);
    CHECK(s.collisions.rule == ORR_CONTACT_REMOVE && s.collisions.remove_within_hill == 3);
    orr_scenario_free(&s);

    /* as old output files have them: all defaults, no word about it */
    s = good("trace, step: 1 day, collisions: ignore, restitution: 1, record_within_hill: 0, "
             "remove_beyond: 0 au",
             "", NULL);
    CHECK(s.collisions.rule == ORR_CONTACT_IGNORE && s.n_notes == 0 && s.collisions.n_within == 0);
    orr_scenario_free(&s);
    s = good("wh, step: 1 day, remove_beyond: 0 au, remove_within_hill: 0, remove_hits: false", "",
             NULL);
    CHECK(s.collisions.rule == ORR_CONTACT_IGNORE && s.n_notes == 0);
    orr_scenario_free(&s);
    s = good("trace, step: 1 day, collisions: merge, restitution: 0.3", "", NULL);
    CHECK(s.collisions.rule == ORR_CONTACT_MERGE && s.collisions.restitution == 1);
    orr_scenario_free(&s);

    /* another method takes them, too; the command line has the last word */
    s = good("trace, step: 1 day, collisions: merge", "", "integrator.method=leapfrog");
    CHECK(s.collisions.rule == ORR_CONTACT_MERGE);
    orr_scenario_free(&s);
    s = good("trace, step: 1 day, collisions: merge", "", "collisions.do=stop");
    CHECK(s.collisions.rule == ORR_CONTACT_STOP);
    orr_scenario_free(&s);
    s = good("trace, step: 1 day", "", "integrator.collisions=stop");
    CHECK(s.collisions.rule == ORR_CONTACT_STOP);
    orr_scenario_free(&s);
    s = good("trace, step: 1 day, collisions: merge", "collisions: { do: merge, within: 1 hill }",
             NULL);
    CHECK(s.collisions.rule == ORR_CONTACT_MERGE && s.collisions.n_within == 1);
    orr_scenario_free(&s);

    s = good("trace, step: 1 day, collisions: ignore", "collisions: bounce", NULL);
    CHECK(s.collisions.rule == ORR_CONTACT_BOUNCE); /* defaults, as in old files, say nothing */
    orr_scenario_free(&s);

    static const char *const both[][2] = {
        {"trace, step: 1 day, collisions: merge", "collisions: bounce"},
        {"trace, step: 1 day, remove_beyond: 3 au", "collisions: { remove_beyond: 4 au }"},
        {"trace, step: 1 day, record_within_hill: 2", "collisions: { within: [3 hill] }"}};
    for (size_t k = 0; k < 3; k++) {
        orr_diagnosis why;
        CHECK(load(both[k][0], both[k][1], NULL, &s, &why) == ORR_E_FORMAT);
        CHECK(why.line == 2 && strstr(why.text, "say different things"));
    }
    orr_diagnosis why;
    CHECK(load("trace, step: 1 day, collisions: fuse", "", NULL, &s, &why) == ORR_E_FORMAT);
    CHECK(why.line == 2 && strstr(why.text, "there is no do 'fuse'"));
    CHECK(load("trace, step: 1 day, collisions: [merge]", "", NULL, &s, &why) == ORR_E_FORMAT);
    CHECK(why.line == 2 && strstr(why.text, "top level now"));
}

/* What is written and does nothing is told. */
static void notes(void **state)
{
    (void)state;
    const char points[] = "units: { length: au, mass: Msun, time: day }\n"
                          "integrator: { method: ias15 }\nrun: { to: 1 yr }\ncollisions: merge\n"
                          "bodies:\n  - { name: Sun, mass: 1 }\n"
                          "  - { name: Earth, mass: 1 Mearth, orbit: { around: Sun, a: 1 } }\n";
    orr_scenario s;
    orr_diagnosis why;
    CHECK_OK(orr_scenario_parse("t.yaml", points, strlen(points), NULL, &s, &why));
    CHECK(s.n_notes == 1 && tells(&s, "'collisions: merge' has no effect: no body has a radius"));
    orr_scenario_free(&s);
    s = good("ias15", "collisions: { do: bounce, restitution: 0.5 }", "collisions.do=merge");
    CHECK(s.collisions.rule == ORR_CONTACT_MERGE && tells(&s, "it goes with do: bounce"));
    orr_scenario_free(&s);
    s = good("ias15", "collisions: merge", NULL);
    CHECK(s.n_notes == 0);
    orr_scenario_free(&s);
}

/* Members of an ensemble may differ in it. */
static void varied(void **state)
{
    (void)state;
    orr_scenario s = good("ias15",
                          "collisions: { do: bounce }\n"
                          "ensemble: { vary: { collisions.restitution: [0.2, 0.7] } }",
                          NULL);
    CHECK(s.ensemble.members == 2);
    for (size_t k = 0; k < 2; k++) {
        orr_scenario m;
        orr_diagnosis why;
        CHECK_OK(orr_scenario_member(&s, k, NULL, &m, &why));
        CHECK(m.collisions.restitution == (k ? 0.7 : 0.2));
        orr_scenario_free(&m);
    }
    orr_scenario_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(understood), cmocka_unit_test(mistakes),
                                       cmocka_unit_test(moved), cmocka_unit_test(notes),
                                       cmocka_unit_test(varied)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
