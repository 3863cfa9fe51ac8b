/* One thread publishes, another fetches: never torn, never older than before, never waiting. */
#include "check.h"

#include <orrery/snapshot.h>

#include <pthread.h>
#include <sched.h>

enum { BODIES = 200, PUBLISHED = 20000 };

static orr_bodies filled(size_t n, double value)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, n));
    for (size_t k = 0; k < n; k++)
        CHECK_OK(orr_bodies_add(
            &b, (orr_body){.pos = {value, value, value}, .vel = {value}, .gm = 1, .id = k}, NULL));
    return b;
}

static void *produce(void *user)
{
    orr_channel *c = user;
    orr_bodies b = filled(BODIES, 0);
    for (int k = 1; k <= PUBLISHED; k++) {
        for (size_t i = 0; i < 3 * b.stride; i++)
            b.pos[i] = b.vel[i] = k;
        if (orr_channel_publish(c, &(orr_snapshot){.t = k, .step = (uint64_t)k, .bodies = &b}))
            return c;
    }
    orr_bodies_free(&b);
    return NULL;
}

static void never_torn(void **state)
{
    (void)state;
    orr_channel *c;
    CHECK_OK(orr_channel_create(BODIES, &c));
    CHECK(orr_channel_latest(c) == NULL);
    pthread_t producer;
    CHECK(pthread_create(&producer, NULL, produce, c) == 0);
    double last = 0;
    while (last < PUBLISHED) {
        const orr_snapshot *s = orr_channel_latest(c);
        if (!s || s->t == last) {
            sched_yield();
            continue;
        }
        CHECK(s->t > last && s->bodies->n == BODIES && (double)s->step == s->t);
        for (size_t i = 0; i < BODIES; i++)
            CHECK(s->bodies->pos[i] == s->t && s->bodies->vel[2 * s->bodies->stride + i] == s->t);
        last = s->t;
    }
    void *failed;
    pthread_join(producer, &failed);
    CHECK(failed == NULL);
    orr_channel_destroy(c);
}

static void sizes(void **state)
{
    (void)state;
    orr_channel *c;
    CHECK_OK(orr_channel_create(16, &c));
    orr_bodies few = filled(3, 1), many = filled(40, 2);
    CHECK_OK(orr_channel_publish(c, &(orr_snapshot){.t = 1, .bodies = &few}));
    CHECK(orr_channel_publish(c, &(orr_snapshot){.t = 2, .bodies = &many}) == ORR_E_ARGUMENT);
    CHECK(orr_channel_latest(c)->t == 1 && orr_channel_latest(c)->bodies->n == 3);
    orr_channel_destroy(c);
    orr_channel_destroy(NULL);
    orr_bodies_free(&few);
    orr_bodies_free(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(never_torn), cmocka_unit_test(sizes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
