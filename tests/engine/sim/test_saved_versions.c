/* Saved states go from version to version: taken where they mean the same, refused for a reason
 * that a user understands.  The versions are toy methods of the same name. */
#include "check.h"

#include <orrery/orrery.h>

#include <stdlib.h>

#include "random_bodies.h"
#include "sim/saved_state.h"

/* The method of a year ago: drifts, and counts its steps. */
typedef struct old_toy {
    double speed;
    uint64_t count;
    double *path; /* [n] */
    bool odd;
} old_toy;

static orr_status old_prepare(void *state, orr_problem *p)
{
    old_toy *self = state;
    self->count = 0;
    orr_keep(p->memory, &self->path, p->bodies->n);
    return orr_kept(p->memory);
}

static orr_status old_step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    old_toy *self = state;
    self->count++;
    self->odd = !self->odd;
    for (size_t i = 0; i < p->bodies->n; i++) {
        p->bodies->pos[i] += h * self->speed;
        self->path[i] += h;
    }
    report->h_done = h;
    return ORR_OK;
}

/* The present one: other places, another option more, the same names. */
typedef struct new_toy {
    double *path;
    double more;
    bool odd;
    double speed;
    uint64_t count;
    double extra;
} new_toy;

static orr_status new_prepare(void *state, orr_problem *p)
{
    new_toy *self = state;
    self->count = 0;
    orr_keep(p->memory, &self->path, p->bodies->n);
    return orr_kept(p->memory);
}

static orr_status new_step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    new_toy *self = state;
    self->count++;
    self->odd = !self->odd;
    for (size_t i = 0; i < p->bodies->n; i++) {
        p->bodies->pos[i] += h * self->speed + self->more;
        self->path[i] += h;
    }
    report->h_done = h;
    return ORR_OK;
}

#define SPEED(block)                                                                               \
    {                                                                                              \
        .name = "speed", .offset = offsetof(block, speed), .fallback = 1, .role = ORR_OPTION,      \
        .doc = ""                                                                                  \
    }
#define MORE(block)                                                                                \
    {                                                                                              \
        .name = "more", .offset = offsetof(block, more), .fallback = 0, .role = ORR_OPTION,        \
        .doc = ""                                                                                  \
    }

static const orr_field old_fields[] = {SPEED(old_toy),
                                       ORR_STATE_VALUE(old_toy, count),
                                       ORR_STATE_VALUE(old_toy, odd),
                                       ORR_STATE_KEPT(old_toy, path),
                                       {0}};
static const orr_field new_fields[] = {MORE(new_toy),
                                       ORR_STATE_KEPT(new_toy, path),
                                       ORR_STATE_VALUE(new_toy, count),
                                       ORR_STATE_VALUE(new_toy, odd),
                                       SPEED(new_toy),
                                       {0}};
static const orr_field needs_more[] = {SPEED(new_toy),
                                       MORE(new_toy),
                                       ORR_STATE_KEPT(new_toy, path),
                                       ORR_STATE_VALUE(new_toy, count),
                                       ORR_STATE_VALUE(new_toy, odd),
                                       ORR_STATE_VALUE(new_toy, extra),
                                       {0}};
static const orr_field knows_less[] = {SPEED(new_toy),
                                       MORE(new_toy),
                                       ORR_STATE_KEPT(new_toy, path),
                                       ORR_STATE_VALUE(new_toy, odd),
                                       {0}};
static const orr_field other_form[] = {SPEED(new_toy),
                                       MORE(new_toy),
                                       ORR_STATE_VALUE(new_toy, path),
                                       ORR_STATE_VALUE(new_toy, count),
                                       ORR_STATE_VALUE(new_toy, odd),
                                       {0}};
static const orr_field none[] = {SPEED(new_toy), MORE(new_toy), {0}};

static const orr_integrator old_method = {.name = "toy",
                                          .fields = old_fields,
                                          .state_size = sizeof(old_toy),
                                          .prepare = old_prepare,
                                          .step = old_step};

static orr_integrator new_method(const orr_field *fields)
{
    return (orr_integrator){.name = "toy",
                            .fields = fields,
                            .state_size = sizeof(new_toy),
                            .prepare = new_prepare,
                            .step = new_step};
}

static orr_sim *with(const orr_integrator *method, size_t bodies)
{
    orr_bodies b = random_planets(bodies - 1, 0, 9);
    orr_sim_def def = orr_sim_def_default();
    orr_sim *sim;
    def.bodies = &b;
    def.step = 0.5;
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_set_integrator(sim, method, NULL, 0));
    return sim;
}

static void *saved(const orr_integrator *method, size_t *size)
{
    orr_sim *sim = with(method, 4);
    void *data;
    CHECK_OK(orr_sim_run_until(sim, 3.5));
    CHECK_OK(orr_sim_save(sim, &data, size));
    orr_sim_destroy(sim);
    return data;
}

static void taken(void **state)
{
    (void)state;
    size_t size;
    void *data = saved(&old_method, &size);
    const orr_integrator method = new_method(new_fields);
    orr_sim *sim = with(&method, 2);
    CHECK_OK(orr_sim_restore(sim, data, size));
    const new_toy *self = sim->state;
    CHECK(self->count == 7 && self->odd && self->speed == 1 && self->more == 0);
    CHECK(sim->bodies.n == 4 && orr_sim_count(sim).steps == 7);
    for (size_t i = 0; i < 4; i++)
        CHECK(self->path[i] == 3.5);
    CHECK_OK(orr_sim_run_until(sim, 4.5));
    CHECK(self->count == 9 && self->path[3] == 4.5);
    orr_sim_destroy(sim);
    free(data);
}

/* Nothing has happened to a simulation that refused. */
static void refused(const orr_integrator *method, const void *data, size_t size, const char *why)
{
    orr_sim *sim = with(method, 2);
    CHECK_OK(orr_sim_run_until(sim, 1));
    uint64_t before = orr_bodies_hash(&sim->bodies);
    CHECK(orr_sim_restore(sim, data, size) == ORR_E_FORMAT);
    if (!strstr(orr_sim_message(sim), why))
        print_error("'%s' says nothing of '%s'\n", orr_sim_message(sim), why);
    CHECK(strstr(orr_sim_message(sim), why));
    CHECK(orr_bodies_hash(&sim->bodies) == before);
    CHECK_OK(orr_sim_run_until(sim, 2));
    orr_sim_destroy(sim);
}

static void refuses(void **state)
{
    (void)state;
    size_t size;
    unsigned char *data = saved(&old_method, &size);
    orr_integrator method = new_method(needs_more);
    refused(&method, data, size, "whose method 'toy' did not keep 'extra'");
    method = new_method(knows_less);
    refused(&method, data, size, "whose method 'toy' kept 'count', which this version does not");
    method = new_method(other_form);
    refused(&method, data, size, "whose method 'toy' keeps 'path' in another form");
    method = new_method(new_fields);
    method.state_version = 2;
    refused(&method, data, size, "keeps its state in another way (number 0, here 2)");
    refused(&method, data, size, "saved by orrery " ORR_VERSION ", whose method 'toy'");
    method = new_method(new_fields);
    method.name = "game";
    refused(&method, data, size, "'method toy', where this simulation has 'method game'");

    method = new_method(new_fields);
    saved_header h;
    memcpy(&h, data, sizeof h);
    h.layout ^= 1;
    h.sum = orr_saved_sum(&h, data, size);
    unsigned char *forged = malloc(size);
    memcpy(forged, data, size);
    memcpy(forged, &h, sizeof h);
    refused(&method, forged, size, "another kind of machine");
    const char *const older[] = {"ORRIMG3", "ORRIMG4"};
    for (size_t k = 0; k < 2; k++) { /* of orrery 0.1.0 */
        memcpy(forged, older[k], 8);
        CHECK(orr_saved_is_whole(forged, size)); /* not damaged: of another version */
        refused(&method, forged, size, "another version of orrery");
    }
    memcpy(forged, "GARBAGE", 8);
    CHECK(!orr_saved_is_whole(forged, size));
    refused(&method, forged, size, "no saved state");
    free(forged);
    free(data);
}

/* What no field names is saved as bytes, but memory must have a name. */
static void unnamed(void **state)
{
    (void)state;
    static const orr_field names_memory[] = {SPEED(new_toy), ORR_STATE_KEPT(new_toy, path), {0}};
    size_t size;
    void *data;
    orr_integrator method = new_method(names_memory);
    data = saved(&method, &size);
    orr_sim *sim = with(&method, 2);
    CHECK_OK(orr_sim_restore(sim, data, size));
    const new_toy *self = sim->state;
    CHECK(self->count == 7 && self->odd && self->path[3] == 3.5);
    orr_sim_destroy(sim);
    method.state_size += 8; /* bytes tell nothing of themselves: another struct is refused */
    refused(&method, data, size, "keeps its state in another form");
    free(data);
    method = new_method(none);
    sim = with(&method, 3);
    CHECK_OK(orr_sim_run_until(sim, 1));
    CHECK(orr_sim_save(sim, &data, &size) == ORR_E_INCOMPATIBLE);
    CHECK(strstr(orr_sim_message(sim), "memory that none of its fields names"));
    orr_sim_destroy(sim);
}

/* Two forces of the same kind, each with memory of its own. */
typedef struct memory_force {
    double size;
    double *sum; /* [size] */
    double *second_half;
} memory_force;

static orr_status remember(void *state, orr_problem *p, orr_arena *memory)
{
    memory_force *self = state;
    (void)p;
    orr_keep(memory, &self->sum, (size_t)self->size);
    ORR_TRY(orr_kept(memory));
    self->second_half = self->sum + (size_t)self->size / 2;
    return ORR_OK;
}

static orr_status add_up(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    memory_force *self = state;
    (void)scratch, (void)b;
    self->sum[(size_t)self->size - 1] += 1;
    r->acc[0] += self->sum[(size_t)self->size - 1];
    return ORR_OK;
}

static void forces_with_memory(void **state)
{
    (void)state;
    static const orr_field fields[] = {
        {.name = "size", .offset = offsetof(memory_force, size), .role = ORR_OPTION, .doc = ""},
        ORR_STATE_KEPT(memory_force, sum),
        ORR_STATE_KEPT(memory_force, second_half), /* into the same block */
        {0}};
    static const orr_force type = {.name = "memory",
                                   .fields = fields,
                                   .state_size = sizeof(memory_force),
                                   .prepare = remember,
                                   .add = add_up};
    const orr_option small = {"size", 10, 0, NULL}, large = {"size", 30000, 0, NULL};
    orr_sim *sims[2];
    void *data, *again;
    size_t size, size_again;
    for (int k = 0; k < 2; k++) {
        sims[k] = with(orr_integrator_find("leapfrog"), 3);
        CHECK_OK(orr_sim_add_force(sims[k], &type, &small, 1));
        CHECK_OK(orr_sim_add_force(sims[k], &type, &large, 1));
    }
    CHECK_OK(orr_sim_run_until(sims[0], 5));
    CHECK_OK(orr_sim_save(sims[0], &data, &size));
    CHECK_OK(orr_sim_restore(sims[1], data, size));
    const memory_force *a = sims[1]->forces[0].state, *b = sims[1]->forces[1].state;
    CHECK(a->sum[9] == 11 && b->sum[29999] == 11 && a->second_half == a->sum + 5 &&
          b->second_half == b->sum + 15000);
    for (int k = 0; k < 2; k++)
        CHECK_OK(orr_sim_run_until(sims[k], 9));
    CHECK(orr_bodies_hash(&sims[0]->bodies) == orr_bodies_hash(&sims[1]->bodies));
    free(data);
    CHECK_OK(orr_sim_save(sims[0], &data, &size));
    CHECK_OK(orr_sim_save(sims[1], &again, &size_again));
    CHECK(size == size_again && memcmp(data, again, size) == 0);
    free(data), free(again);
    orr_sim_destroy(sims[0]), orr_sim_destroy(sims[1]);
}

static orr_status spin_up(orr_bodies *b, void *user)
{
    (void)user;
    b->spin[1] = 3;
    return ORR_OK;
}

/* A field of the bodies that this version does not know: taken if it is zero for all. */
static void other_fields_of_bodies(void **state)
{
    (void)state;
    size_t size, at = sizeof(saved_header), next = at;
    unsigned char *data;
    void *saved_data;
    saved_item item;
    saved_header h;
    orr_sim *sim = with(&old_method, 4);
    CHECK_OK(orr_sim_edit(sim, spin_up, NULL));
    CHECK_OK(orr_sim_save(sim, &saved_data, &size));
    orr_sim_destroy(sim);
    data = saved_data;
    do {
        at = next;
        memcpy(&item, data + at, sizeof item);
        next = at + sizeof item + (item.size + 7) / 8 * 8;
    } while (strcmp(item.name, "spin") != 0);
    CHECK(item.kind == SAVED_BODIES);
    memcpy(data + at, "tint", 5);
    memcpy(&h, data, sizeof h);
    h.sum = orr_saved_sum(&h, data, size);
    memcpy(data, &h, sizeof h);
    refused(&old_method, data, size, "with 'tint' of the bodies, which this version does not know");
    memset(data + at + sizeof item, 0, item.size);
    h.sum = orr_saved_sum(&h, data, size);
    memcpy(data, &h, sizeof h);
    sim = with(&old_method, 2);
    CHECK_OK(orr_sim_restore(sim, data, size));
    CHECK(sim->bodies.n == 4 && sim->bodies.spin[1] == 0);
    orr_sim_destroy(sim);
    free(data);
}

/* Words changed by hand, with a sum that is right: taken or refused, and no memory is touched that
 * is not there (the sanitizers look on). */
static void forged(void **state)
{
    (void)state;
    static const char *const methods[] = {"leapfrog", "bulirsch-stoer", "wh", "trace", "hermite6"};
    uint64_t seed = 5;
    size_t taken_ones = 0, refused_ones = 0;
    for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
        size_t size;
        void *data = saved(orr_integrator_find(methods[m]), &size);
        unsigned char *copy = malloc(size);
        for (int round = 0; round < 1000; round++) {
            memcpy(copy, data, size);
            for (int k = 0; k <= round % 3; k++) {
                uint64_t word, at = (uint64_t)(check_random(&seed) * (double)(size / 8)) * 8;
                memcpy(&word, copy + at, 8);
                const uint64_t words[] = {0,        1,          word + 1, word - 1,
                                          word * 8, UINT64_MAX, word ^ 4, size};
                word = words[(size_t)(check_random(&seed) * 8)];
                memcpy(copy + at, &word, 8);
            }
            saved_header h;
            memcpy(&h, copy, sizeof h);
            h.sum = orr_saved_sum(&h, copy, size);
            memcpy(copy, &h, sizeof h);
            orr_sim *sim = with(orr_integrator_find(methods[m]), 3);
            orr_status status = orr_sim_restore(sim, copy, size);
            CHECK(status == ORR_OK || status == ORR_E_FORMAT || status == ORR_E_NO_MEMORY);
            CHECK(status == ORR_OK || *orr_sim_message(sim));
            taken_ones += status == ORR_OK;
            refused_ones += status != ORR_OK;
            orr_sim_destroy(sim);
        }
        free(copy);
        free(data);
    }
    CHECK(taken_ones > 100 && refused_ones > 100);
}

/* Every member of an event is saved: they have no others. */
static void events_are_whole(void **state)
{
    (void)state;
    unsigned char named[sizeof(orr_event)] = {0};
    size_t bytes = 0;
    for (const orr_field *f = orr_event_fields; f->name; f++)
        memset(named + f->offset, 1, f->size);
    for (size_t k = 0; k < sizeof named; k++)
        bytes += named[k] == 0;
    CHECK(bytes < sizeof(double)); /* padding of the kind */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taken),           cmocka_unit_test(refuses),
        cmocka_unit_test(unnamed),         cmocka_unit_test(forces_with_memory),
        cmocka_unit_test(forged),          cmocka_unit_test(other_fields_of_bodies),
        cmocka_unit_test(events_are_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
