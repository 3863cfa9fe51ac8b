/* Times at which something is due. */
#include "check.h"

#include "run/schedule.h"

/* All times that are due, the end included; returns how many. */
static size_t all_of(schedule s, double *t, size_t most)
{
    size_t n = 0;
    for (; isfinite(due(&s)) && n < most; done(&s))
        t[n++] = due(&s);
    return n;
}

static void ends_once(void **state)
{
    (void)state;
    double t[100];
    CHECK(all_of((schedule){.every = 0.25, .span = 1}, t, 100) == 5); /* the end is a regular one */
    CHECK(t[0] == 0 && t[1] == 0.25 && t[4] == 1);
    CHECK(all_of((schedule){.every = 0.3, .span = 1}, t, 100) == 5); /* ... and it is not */
    CHECK(t[3] == 3 * 0.3 && t[4] == 1);
    CHECK(all_of((schedule){.every = 5, .span = 1}, t, 100) == 2);
    CHECK(t[0] == 0 && t[1] == 1);
    CHECK(all_of((schedule){.every = 0.1, .span = 0.3}, t, 100) == 4); /* 3 * 0.1 > 0.3 */
    CHECK(t[3] == 0.3);
}

/* As many rows as a run of the whole length has; what was written at the old end stays. */
static void reaches_another_end(void **state)
{
    (void)state;
    double t[100];
    const double ends[][2] = {{1, 2}, {0.9, 2}, {1.1, 1.15}, {0.3, 3}, {1, 1.0000001}};
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
        schedule s = {.every = 0.1, .span = ends[k][0]};
        size_t before = all_of(s, t, 100), whole;
        while (isfinite(due(&s)))
            done(&s);
        reach(&s, ends[k][1]);
        CHECK(due(&s) > ends[k][0]); /* no row twice */
        CHECK(rows_left(&s) >= all_of(s, t, 100));
        size_t after = all_of(s, t, 100);
        whole = all_of((schedule){.every = 0.1, .span = ends[k][1]}, t, 100);
        CHECK(before + after == whole || before + after == whole + 1);
    }
}

static void times(void **state)
{
    (void)state;
    orr_scenario s = {.t_start = 2, .t_end = 5, .output = {.every = 0.1, .diagnostics = 0.1}};
    CHECK_BITS(time_after(&s, 0), 2);
    CHECK_BITS(time_after(&s, 3), 5);
    CHECK_BITS(time_after(&s, 0.1), 21 * 0.1); /* as in a run from 0 */
    s.t_start = 0, s.t_end = -1;
    CHECK_BITS(time_after(&s, 0), 0.0); /* not -0 */
    CHECK_BITS(time_after(&s, 0.3), -0.3);
    CHECK_BITS(time_after(&s, 1), -1);
}

static void soundness(void **state)
{
    (void)state;
    CHECK(schedule_is_sound(&(schedule){.every = 1, .span = 2}));
    CHECK(!schedule_is_sound(&(schedule){.every = 0, .span = 2}));
    CHECK(!schedule_is_sound(&(schedule){.every = NAN, .span = 2}));
    CHECK(!schedule_is_sound(&(schedule){.every = 1, .span = INFINITY}));
    CHECK(!schedule_is_sound(&(schedule){.every = 1, .span = -1}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ends_once),
                                       cmocka_unit_test(reaches_another_end),
                                       cmocka_unit_test(times), cmocka_unit_test(soundness)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
