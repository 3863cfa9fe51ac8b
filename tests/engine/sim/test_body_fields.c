/* A field more in body_fields.def is a field everywhere: this test is built with an engine of its
 * own, in which ORR_TEST_BODY_FIELD adds two lines to the list: `charge`, a number that changes at
 * events only, and `phase`, a vector that moves with the steps. */
#include "check.h"

#include <stdlib.h>

#include "random_bodies.h"
#include "simulate.h"

/* The values of body `id` are told by its id. */
static void fill(orr_bodies *b)
{
    for (size_t i = 0; i < b->n; i++) {
        b->charge[i] = 10 + (double)b->id[i];
        for (size_t c = 0; c < 3; c++) {
            b->phase[c * b->stride + i] = 100 * (double)(c + 1) + (double)b->id[i];
            b->spin[c * b->stride + i] = 1000 * (double)(c + 1) + (double)b->id[i];
        }
    }
}

static void check_filled(const orr_bodies *b)
{
    for (size_t i = 0; i < b->n; i++) {
        orr_body one = orr_bodies_get(b, i);
        CHECK(one.charge == 10 + (double)b->id[i] && b->charge[i] == one.charge);
        for (size_t c = 0; c < 3; c++) {
            CHECK(one.phase[c] == 100 * (double)(c + 1) + (double)b->id[i]);
            CHECK(b->spin[c * b->stride + i] == 1000 * (double)(c + 1) + (double)b->id[i]);
        }
    }
    for (size_t i = b->n; i < b->stride; i++) /* padding */
        for (size_t c = 0; c < 3; c++)
            CHECK(b->charge[i] == 0 && b->phase[c * b->stride + i] == 0);
}

/* Sorted in by role, taken out, made room for, copied. */
static void arrays(void **state)
{
    (void)state;
    orr_bodies b, c = {0}, d;
    const orr_role roles[3] = {ORR_TEST, ORR_ACTIVE, ORR_PASSIVE};
    CHECK_OK(orr_bodies_init(&b, 0));
    for (uint64_t k = 0; k < 60; k++) {
        double x = (double)k;
        orr_body body = {.id = k,
                         .role = roles[k % 3],
                         .charge = 10 + x,
                         .phase = {100 + x, 200 + x, 300 + x},
                         .spin = {1000 + x, 2000 + x, 3000 + x}};
        CHECK_OK(orr_bodies_add(&b, body, NULL));
        check_filled(&b);
    }
    for (size_t k = 0; k < 20; k++) {
        CHECK_OK(orr_bodies_remove(&b, (7 * k) % b.n));
        check_filled(&b);
    }
    CHECK_OK(orr_bodies_copy(&c, &b));
    check_filled(&c);
    CHECK_OK(orr_bodies_init(&d, 100));
    CHECK_OK(orr_bodies_assign(&d, &b));
    check_filled(&d);
    CHECK_OK(orr_bodies_shrink(&d));
    check_filled(&d);
    orr_body wrong = {.charge = NAN};
    CHECK(orr_bodies_add(&b, wrong, NULL) == ORR_E_ARGUMENT);
    wrong = (orr_body){.phase = {0, 2 * ORR_LARGEST, 0}};
    CHECK(orr_bodies_add(&b, wrong, NULL) == ORR_E_ARGUMENT);
    orr_bodies_free(&b), orr_bodies_free(&c), orr_bodies_free(&d);
}

static void table(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(3, 2, 1, 1);
    const orr_body_field *f;
    size_t charges = 0;
    for (size_t k = 0; (f = orr_body_field_at(k)); k++) {
        CHECK(f->doc && f->doc[0] && (f->components == 1 || f->components == 3));
        CHECK(f->is_integer == (strcmp(f->name, "id") == 0));
        charges += strcmp(f->name, "charge") == 0 && orr_bodies_array(&b, f) == b.charge &&
                   f->in_body == offsetof(orr_body, charge) && !f->moves;
    }
    CHECK(charges == 1);
    orr_bodies_free(&b);
}

/* Zero everywhere: the hash of before. Else every bit counts, and whose it is. */
static void hashes(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(3, 2, 1, 1);
    uint64_t bare = orr_bodies_hash(&b);
    CHECK(bare == UINT64_C(0x86805475aca56bc7)); /* of orrery 0.1.0, which had no such fields */
    b.charge[2] = -0.0;
    CHECK(orr_bodies_hash(&b) == bare);
    b.charge[2] = 1;
    uint64_t charged = orr_bodies_hash(&b);
    b.charge[2] = 0, b.phase[2] = 1;
    uint64_t turned = orr_bodies_hash(&b);
    b.phase[2] = 0, b.spin[2] = 1;
    uint64_t spinning = orr_bodies_hash(&b);
    CHECK(charged != bare && turned != bare && spinning != bare && charged != turned &&
          charged != spinning && turned != spinning);
    orr_bodies_free(&b);
}

/* What moves with the steps comes back from a look between steps, as pos and vel do. */
static void put_aside(void **state)
{
    (void)state;
    orr_bodies b = random_planets(3, 2, 1);
    fill(&b);
    orr_sim *sim = simulate(&b, "leapfrog", 0.1, NULL, 0);
    CHECK_OK(orr_sim_run_until(sim, 0.25)); /* between steps */
    orr_bodies *shown = (orr_bodies *)orr_sim_snapshot(sim).bodies;
    check_filled(shown);
    for (size_t i = 0; i < shown->n; i++)
        shown->phase[i] = -1; /* as a method would that moves it */
    CHECK_OK(orr_sim_run_until(sim, 0.4));
    check_filled(orr_sim_snapshot(sim).bodies);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

static void saved(void **state)
{
    (void)state;
    orr_bodies b = random_planets(3, 2, 1);
    orr_sim *other = simulate(&b, "ias15", 0, NULL, 0);
    fill(&b);
    orr_sim *sim = simulate(&b, "ias15", 0, NULL, 0);
    void *data;
    size_t size;
    CHECK_OK(orr_sim_run_until(sim, 2));
    CHECK_OK(orr_sim_save(sim, &data, &size));
    CHECK_OK(orr_sim_restore(other, data, size));
    check_filled(orr_sim_snapshot(other).bodies);
    CHECK(orr_bodies_hash(orr_sim_snapshot(other).bodies) ==
          orr_bodies_hash(orr_sim_snapshot(sim).bodies));
    free(data);
    orr_sim_destroy(sim), orr_sim_destroy(other);
    orr_bodies_free(&b);
}

static orr_status remove_second(orr_bodies *b, void *user)
{
    (void)user;
    return orr_bodies_remove(b, 1);
}

static void edited(void **state)
{
    (void)state;
    orr_bodies b = random_planets(3, 2, 1);
    fill(&b);
    orr_sim *sim = simulate(&b, "leapfrog", 0.1, NULL, 0);
    CHECK_OK(orr_sim_edit(sim, remove_second, NULL));
    CHECK(orr_sim_snapshot(sim).bodies->n == b.n - 1);
    check_filled(orr_sim_snapshot(sim).bodies);
    orr_sim_destroy(sim);
    orr_bodies_free(&b);
}

/* A channel to a viewer carries it. */
static void published(void **state)
{
    (void)state;
    orr_bodies b = random_bodies(3, 2, 1, 1);
    orr_channel *channel;
    fill(&b);
    CHECK_OK(orr_channel_create(6, &channel));
    CHECK_OK(orr_channel_publish(channel, &(orr_snapshot){.bodies = &b}));
    check_filled(orr_channel_latest(channel)->bodies);
    orr_channel_destroy(channel);
    orr_bodies_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(arrays),   cmocka_unit_test(table),
                                       cmocka_unit_test(hashes),   cmocka_unit_test(saved),
                                       cmocka_unit_test(edited),   cmocka_unit_test(put_aside),
                                       cmocka_unit_test(published)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
