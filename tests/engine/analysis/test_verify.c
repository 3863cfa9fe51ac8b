/* Problems with published answers, solved through the library. */
#include "check.h"

#include <orrery/verify.h>

static const char gallery[] = SOURCE_DIR "/scenarios";

static const orr_known_problem *find(const char *name)
{
    const orr_known_problem *p;
    for (size_t i = 0; (p = orr_known_problem_at(i)) != NULL; i++)
        if (strstr(p->name, name))
            return p;
    fail();
    return NULL;
}

/* Every problem has a name of its own, a source, and numbers that fit. */
static void the_list(void **state)
{
    (void)state;
    const orr_known_problem *p, *q;
    size_t n = 0;
    for (; (p = orr_known_problem_at(n)) != NULL; n++) {
        CHECK(*p->name && *p->source && p->digits > 0 && p->n > 0 && p->n <= ORR_MOST_ANSWERS);
        for (size_t k = 0; k < n; k++) {
            q = orr_known_problem_at(k);
            CHECK(strcmp(p->name, q->name) != 0);
        }
    }
    CHECK(n >= 13);
}

static void digits(void **state)
{
    (void)state;
    CHECK_NEAR(orr_answer_digits(&(orr_answer){1, 1.001, 1}), 3, 1e-9);
    CHECK_NEAR(orr_answer_digits(&(orr_answer){1, 1.001, 10}), 4, 1e-9);
    CHECK(orr_answer_digits(&(orr_answer){1, 1, 1}) == 16);
    CHECK(orr_answer_digits(&(orr_answer){1, NAN, 1}) == -INFINITY);
}

/* Places, a number that is measured, and the one that is in no gallery. */
static void solved(void **state)
{
    (void)state;
    static const char *const names[] = {"Feynman", "Pleiades", "Kozai", "perihelion"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const orr_known_problem *p = find(names[k]);
        orr_solution s;
        orr_diagnosis why;
        CHECK_OK(orr_known_problem_solve(p, gallery, NULL, &s, &why));
        CHECK(s.good && s.digits >= p->digits && s.n == p->n && s.worst < s.n && s.seconds > 0);
        for (size_t i = 0; i < s.n; i++)
            CHECK(orr_answer_digits(&s.answers[i]) >= s.digits);
    }
}

static void not_solved(void **state)
{
    (void)state;
    const orr_known_problem *p = find("Pleiades");
    orr_solution s;
    orr_diagnosis why;
    int cancel = 1;
    CHECK(orr_known_problem_solve(p, NULL, NULL, &s, &why) == ORR_E_FILE && *why.text && !s.good);
    CHECK(orr_known_problem_solve(p, "/nowhere", NULL, &s, &why) == ORR_E_FILE && *why.text);
    CHECK(orr_known_problem_solve(p, gallery, &(orr_solving){.cancel = &cancel}, &s, &why) ==
          ORR_E_STOPPED);
    CHECK(!s.good && s.digits == -INFINITY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_list), cmocka_unit_test(digits),
                                       cmocka_unit_test(solved), cmocka_unit_test(not_solved)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
