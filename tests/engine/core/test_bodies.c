#include "check.h"

#include <orrery/bodies.h>

static orr_body body(double x, orr_role role, uint64_t id)
{
    return (orr_body){.pos = {x, 2 * x, 3 * x},
                      .vel = {-x, 0, x},
                      .gm = role == ORR_TEST ? 0 : 1,
                      .id = id,
                      .role = role};
}

static void sorted_by_role(void **state)
{
    (void)state;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 0));
    const orr_role roles[3] = {ORR_TEST, ORR_ACTIVE, ORR_PASSIVE};
    for (uint64_t k = 0; k < 300; k++)
        CHECK_OK(orr_bodies_add(&b, body((double)k, roles[k % 3], k), NULL));
    CHECK(b.n == 300 && b.n_active == 100 && b.n_passive == 100 && b.stride % 8 == 0);
    for (size_t i = 0; i < b.n; i++) {
        orr_body o = orr_bodies_get(&b, i);
        CHECK(o.role == roles[o.id % 3] && o.pos[2] == 3 * (double)o.id);
        CHECK(i % 100 == 0 || o.id > b.id[i - 1]); /* order of adding within a role */
        CHECK(orr_bodies_find(&b, o.id) == i);
    }
    CHECK_OK(orr_bodies_remove(&b, 0));
    CHECK(b.n == 299 && b.n_active == 99 && b.id[0] == 4);
    CHECK(b.pos[299] > 1e50 && b.gm[299] == 0); /* padding again */
    CHECK(orr_bodies_remove(&b, 299) == ORR_E_ARGUMENT);
    orr_bodies_free(&b);
    orr_bodies_free(NULL);
}

static void refuses(void **state)
{
    (void)state;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 4));
    orr_body wrong = body(NAN, ORR_ACTIVE, 0);
    CHECK(orr_bodies_add(&b, wrong, NULL) == ORR_E_ARGUMENT);
    wrong = body(1, ORR_ACTIVE, 0);
    wrong.gm = -1;
    CHECK(orr_bodies_add(&b, wrong, NULL) == ORR_E_ARGUMENT);
    wrong = body(1, ORR_TEST, 0);
    wrong.gm = 1;
    CHECK(orr_bodies_add(&b, wrong, NULL) == ORR_E_ARGUMENT);
    CHECK(b.n == 0);
    orr_bodies_free(&b);
    CHECK(orr_bodies_init(&b, (size_t)1 << 60) == ORR_E_NO_MEMORY);
}

/* Many at once are what one by one gives, between the roles that are there. */
static void many_at_once(void **state)
{
    (void)state;
    orr_bodies a, b;
    size_t first;
    CHECK_OK(orr_bodies_init(&a, 1));
    CHECK_OK(orr_bodies_init(&b, 1));
    const orr_role before[] = {ORR_TEST, ORR_ACTIVE, ORR_PASSIVE};
    for (uint64_t k = 0; k < 3; k++) {
        CHECK_OK(orr_bodies_add(&a, body((double)k, before[k], k), NULL));
        CHECK_OK(orr_bodies_add(&b, body((double)k, before[k], k), NULL));
    }
    for (size_t r = 0; r < 3; r++) {
        CHECK_OK(orr_bodies_extend(&b, 20, (orr_role)r, b.n, &first));
        for (size_t k = 0; k < 20; k++) {
            orr_body one = body(10 + (double)k, (orr_role)r, a.n);
            CHECK_OK(orr_bodies_add(&a, one, NULL));
            CHECK(b.pos[first + k] == 0 && b.gm[first + k] == 0 && b.radius[first + k] == 0);
            orr_bodies_move(&b, first + k, one.pos, one.vel);
            b.gm[first + k] = one.gm;
            b.radius[first + k] = one.radius;
        }
        CHECK(orr_bodies_valid(&b, first, 20) == 20);
    }
    CHECK(a.n == b.n && a.n_active == b.n_active && a.n_passive == b.n_passive);
    CHECK(orr_bodies_hash(&a) == orr_bodies_hash(&b));
    b.vel[2 * b.stride + first + 7] = NAN;
    CHECK(orr_bodies_valid(&b, first, 20) == 7);
    CHECK(orr_bodies_extend(&b, (size_t)1 << 60, ORR_ACTIVE, 0, &first) == ORR_E_NO_MEMORY);
    CHECK(a.n == b.n);
    orr_bodies_free(&a);
    orr_bodies_free(&b);
}

static void hash_sees_every_bit(void **state)
{
    (void)state;
    orr_bodies b, c = {0};
    CHECK_OK(orr_bodies_init(&b, 3));
    for (uint64_t k = 0; k < 3; k++)
        CHECK_OK(orr_bodies_add(&b, body(0.1 + (double)k, ORR_ACTIVE, k), NULL));
    CHECK_OK(orr_bodies_copy(&c, &b));
    CHECK(orr_bodies_hash(&b) == orr_bodies_hash(&c));
    c.vel[2 * c.stride + 2] = nextafter(c.vel[2 * c.stride + 2], 10);
    CHECK(orr_bodies_hash(&b) != orr_bodies_hash(&c));
    orr_bodies_free(&b);
    orr_bodies_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sorted_by_role), cmocka_unit_test(refuses),
                                       cmocka_unit_test(many_at_once),
                                       cmocka_unit_test(hash_sees_every_bit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
