/* What must hold for every registered force: descriptions, gradient of the energy, Newton's third
 * law, jerk by differences. */
#include "check.h"

#include <orrery/force.h>

#include <stdlib.h>

#include "base/arena.h"
#include "random_bodies.h"

typedef struct use {
    const orr_force *force;
    void *state;
    orr_arena memory, scratch;
} use;

static const orr_option shape[] = {{"J2", 0.1, 0, NULL},      {"J3", -0.03, 0, NULL},
                                   {"J4", 0.02, 0, NULL},     {"J5", 0.01, 0, NULL},
                                   {"J6", -0.01, 0, NULL},    {"radius", 0.3, 0, NULL},
                                   {"pole_ra", 0.7, 0, NULL}, {"pole_dec", 0.4, 0, NULL}};

static use prepare(const orr_force *force, const orr_bodies *b)
{
    use u = {.force = force, .state = calloc(1, force->state_size)};
    orr_fields_defaults(force->fields, u.state);
    if (orr_field_find(force->fields, "softening"))
        CHECK_OK(orr_fields_set(force->fields, u.state, &(orr_option){"softening", 0.1, 0, NULL}));
    orr_problem p = {.bodies = (orr_bodies *)b, .speed_of_light = 3};
    for (size_t k = 0; orr_field_find(force->fields, "J2") && k < sizeof shape / sizeof *shape; k++)
        CHECK_OK(orr_fields_set(force->fields, u.state, &shape[k]));
    if (force->prepare)
        CHECK_OK(force->prepare(u.state, &p, &u.memory));
    return u;
}

static void finish(use *u)
{
    free(u->state);
    orr_arena_free(&u->memory);
    orr_arena_free(&u->scratch);
}

static double *evaluate(use *u, const orr_bodies *b, unsigned want)
{
    double *out = aligned_alloc(64, 6 * b->stride * 8);
    memset(out, 0, 6 * b->stride * 8);
    orr_eval r = {.want = want, .threads = 1, .acc = out, .jerk = out + 3 * b->stride};
    CHECK_OK(u->force->add(u->state, b, &r, &u->scratch));
    return out;
}

static double energy(use *u, const orr_bodies *b)
{
    double e;
    CHECK_OK(u->force->energy(u->state, b, 0, 1, &u->scratch, &e));
    return e;
}

static void described(const orr_force *f)
{
    CHECK(f->name && f->summary && f->reference && strlen(f->summary) > 10);
    CHECK(orr_force_find(f->name) == f);
    CHECK(!(f->traits & ORR_CONSERVATIVE) == !f->energy);
    for (const orr_field *o = f->fields; o->name; o++)
        CHECK(o->role & ORR_OPTION ? o->doc && o->offset < f->state_size
                                   : o->size && o->offset + o->size <= f->state_size &&
                                         orr_field_find(f->fields, o->name) == o);
}

/* -dE/dx = gm a, by fourth-order differences. */
static void gradient(const orr_force *f)
{
    orr_bodies b = random_bodies(6, 3, 2, 5);
    use u = prepare(f, &b);
    double *acc = evaluate(&u, &b, ORR_WANT_ACC);
    const double h = 1e-3;
    for (size_t i = 0; i < 9; i++)
        for (size_t c = 0; c < 3; c++) {
            double *x = &b.pos[c * b.stride + i], x0 = *x, e[4];
            const double shift[4] = {-2, -1, 1, 2};
            for (int k = 0; k < 4; k++) {
                *x = x0 + shift[k] * h;
                e[k] = energy(&u, &b);
            }
            *x = x0;
            double slope = (e[0] - 8 * e[1] + 8 * e[2] - e[3]) / (12 * h);
            CHECK_NEAR(-slope, b.gm[i] * acc[c * b.stride + i], 1e-8);
        }
    free(acc);
    finish(&u);
    orr_bodies_free(&b);
}

static void third_law(const orr_force *f)
{
    orr_bodies b = random_bodies(500, 30, 0, 6);
    use u = prepare(f, &b);
    double *acc = evaluate(&u, &b, ORR_WANT_ACC);
    for (size_t c = 0; c < 3; c++) {
        double sum = 0, size = 0;
        for (size_t i = 0; i < b.n; i++) {
            sum += b.gm[i] * acc[c * b.stride + i];
            size += fabs(b.gm[i] * acc[c * b.stride + i]);
        }
        CHECK_NEAR(size > 0 ? sum / size : 0, 0, 1e-14); /* none: no pull at all */
    }
    free(acc);
    finish(&u);
    orr_bodies_free(&b);
}

static void jerk_by_differences(const orr_force *f)
{
    orr_bodies b = random_bodies(5, 2, 4, 8);
    use u = prepare(f, &b);
    double *now = evaluate(&u, &b, ORR_WANT_ACC | ORR_WANT_JERK), *at[4];
    const double shift[4] = {-2, -1, 1, 2}, h = 1e-3;
    for (int k = 0; k < 4; k++) {
        orr_bodies moved = {0};
        CHECK_OK(orr_bodies_copy(&moved, &b));
        for (size_t c = 0; c < 3; c++)
            for (size_t i = 0; i < b.n; i++)
                moved.pos[c * b.stride + i] += shift[k] * h * b.vel[c * b.stride + i];
        at[k] = evaluate(&u, &moved, ORR_WANT_ACC);
        orr_bodies_free(&moved);
    }
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < b.n; i++) {
            size_t n = c * b.stride + i;
            double slope = (at[0][n] - 8 * at[1][n] + 8 * at[2][n] - at[3][n]) / (12 * h);
            CHECK_NEAR(slope, now[3 * b.stride + n], 1e-7);
        }
    for (int k = 0; k < 4; k++)
        free(at[k]);
    free(now);
    finish(&u);
    orr_bodies_free(&b);
}

static void every_force(void **state)
{
    (void)state;
    const orr_force *f;
    size_t count = 0;
    for (; (f = orr_force_at(count)); count++) {
        described(f);
        bool exact = !orr_field_find(f->fields, "accuracy"); /* else: test_fmm.c */
        if (f->traits & ORR_CONSERVATIVE && !(f->traits & ORR_VELOCITY) && exact)
            gradient(f);
        if (f->traits & ORR_SELF_GRAVITY && exact)
            third_law(f);
        if (f->traits & ORR_HAS_JERK)
            jerk_by_differences(f);
    }
    CHECK(count > 0);
    CHECK(!orr_force_find("levitation"));
    CHECK(orr_force_find("yarkovsky") == orr_force_find("nongravitational")); /* as it was called */
    CHECK(orr_force_find("yarkovsky"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_force)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
