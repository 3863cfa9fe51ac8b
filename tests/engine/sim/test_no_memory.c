/* Every allocation of the engine fails in turn, once and from then on: an error, no crash, and
 * (with ASan) no leak.  The linker puts the functions below in the place of malloc() and its kin.
 */
#include "check.h"

#include <orrery/io.h>
#include <orrery/orrery.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "random_bodies.h"

static long left = -1; /* allocations that still succeed; -1: all */
static bool for_ever, happened;

static bool fails(void)
{
    if (left < 0 || left-- > 0)
        return false;
    left = for_ever ? 0 : -1;
    errno = ENOMEM;
    return happened = true;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t alignment, size_t n);
char *__real_strdup(const char *s);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_aligned_alloc(size_t alignment, size_t n);
char *__wrap_strdup(const char *s);

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : __real_realloc(p, n);
}

void *__wrap_aligned_alloc(size_t alignment, size_t n)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, n);
}

char *__wrap_strdup(const char *s)
{
    return fails() ? NULL : __real_strdup(s);
}

/* Does the work again and again, each time with the next allocation failing, until none is left.
 * A failure may do no harm, but only if the work then is the same (`answer`). */
static void each_in_turn(const char *name, orr_status (*work)(const void *, uint64_t *answer),
                         const void *of)
{
    uint64_t want = 0, got = 0;
    CHECK_OK(work(of, &want));
    for (int mode = 0; mode < 2; mode++) {
        for (long k = 0;; k++) {
            for_ever = mode, happened = false, left = k;
            orr_status status = work(of, &got);
            left = -1;
            if (status != ORR_OK && status != ORR_E_NO_MEMORY)
                print_error("%s: allocation %ld%s gives status %d\n", name, k,
                            mode ? " and all after it" : "", (int)status);
            CHECK(status == ORR_OK || (happened && status == ORR_E_NO_MEMORY));
            CHECK(status != ORR_OK || got == want);
            if (!happened) {
                CHECK(k > 0 && status == ORR_OK);
                break;
            }
        }
    }
}

/* ---- what is done ---- */

typedef struct plan {
    const orr_integrator *method;
    const char *force;
    const orr_bodies *bodies;
    orr_contact_rule rule;
    double box; /* its size; 0: open space */
} plan;

static orr_status use(orr_sim *sim, const plan *p, uint64_t *answer)
{
    void *data = NULL;
    size_t size = 0;
    ORR_TRY(orr_sim_set_integrator(sim, p->method, NULL, 0));
    ORR_TRY(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    if (p->force)
        ORR_TRY(orr_sim_add_force(sim, orr_force_find(p->force), NULL, 0));
    const orr_within within = {.distance = 0.3};
    orr_collisions rules = orr_collisions_default();
    rules.rule = p->rule, rules.within = &within, rules.n_within = 1, rules.remove_beyond = 4;
    if (p->box > 0)
        rules.n_within = 0, rules.remove_beyond = 0;
    if (p->rule != ORR_CONTACT_IGNORE)
        ORR_TRY(orr_sim_set_collisions(sim, &rules));
    const orr_boundary box = {ORR_PERIODIC, {p->box, p->box, 0}, {1, 0, 0}, 0};
    if (p->box > 0)
        ORR_TRY(orr_sim_set_boundary(sim, &box));
    ORR_TRY(orr_sim_run_until(sim, 0.33));
    ORR_TRY(orr_sim_save(sim, &data, &size));
    orr_status status = orr_sim_run_until(sim, 0.7);
    *answer = orr_bodies_hash(orr_sim_snapshot(sim).bodies);
    if (status == ORR_OK)
        status = orr_sim_restore(sim, data, size);
    free(data);
    return status == ORR_OK ? orr_sim_run_until(sim, 0.5) : status;
}

static orr_status simulate(const void *of, uint64_t *answer)
{
    const plan *p = of;
    orr_bodies copy = {0};
    orr_sim_def def = orr_sim_def_default();
    orr_sim *sim = NULL;
    orr_status status = orr_bodies_copy(&copy, p->bodies);
    def.bodies = &copy, def.threads = 1, def.speed_of_light = 100;
    def.step = p->method->traits & ORR_ADAPTIVE ? 0 : 0.1;
    if (status == ORR_OK)
        status = orr_sim_create(&def, &sim);
    if (status == ORR_OK)
        status = use(sim, p, answer);
    orr_sim_destroy(sim);
    orr_bodies_free(&copy);
    return status;
}

static void every_method(void **state)
{
    (void)state;
    orr_bodies b = random_planets(3, 0, 9);
    for (size_t k = 0; orr_integrator_at(k); k++) {
        const plan p = {.method = orr_integrator_at(k), .bodies = &b};
        each_in_turn(p.method->name, simulate, &p);
    }
    const plan p = {.method = orr_integrator_find("ias15"), "relativity", &b};
    each_in_turn("relativity", simulate, &p);
    orr_bodies_free(&b);
    b = random_planets(3, 6, 9);
    const char *const with_tests[] = {"wh", "trace", "leapfrog", "taylor"};
    for (size_t k = 0; k < sizeof with_tests / sizeof *with_tests; k++) {
        const plan q = {.method = orr_integrator_find(with_tests[k]), .bodies = &b};
        each_in_turn(with_tests[k], simulate, &q);
    }
    for (size_t i = 0; i < b.n; i++)
        b.radius[i] = 0.2; /* they meet */
    const char *const meeting[] = {"wh", "trace", "leapfrog", "dop853", "hermite4"};
    for (size_t k = 0; k < sizeof meeting / sizeof *meeting; k++) {
        const plan q = {orr_integrator_find(meeting[k]), NULL, &b, ORR_CONTACT_MERGE};
        each_in_turn(meeting[k], simulate, &q);
    }
    for (size_t k = 0; k < 2; k++) {
        const plan q = {orr_integrator_find(k ? "sei" : "leapfrog"), NULL, &b,
                        k ? ORR_CONTACT_BOUNCE : ORR_CONTACT_MERGE, 3};
        each_in_turn("contacts in a box", simulate, &q);
    }
    orr_bodies_free(&b);
}

/* A scenario with a bit of everything, and its output file written and read. */
static const char text[] =
    "title: Test\nunits: { length: au, mass: Msun, time: day }\n"
    "frame: ecliptic\nepoch: JD 2459000.5\n"
    "integrator: { method: leapfrog, step: 1 day }\nrun: { to: 4 day }\n"
    "forces: [ { force: harmonics, of: Sun, J2: 1e-7 } ]\n"
    "output: { every: 1 day, diagnostics: 1 day, elements: { around: jacobi, plane: invariable } "
    "}\n"
    "bodies:\n  - { name: Sun, mass: 1, radius: 1 Rsun, color: '#ffcc00' }\n"
    "  - { name: Earth, mass: 1 Mearth, orbit: { around: Sun, a: 1 } }\n"
    "  - { name: Mars, mass: 1e-7, orbit: { around: Sun, a: 1.5, epoch: 3 day } }\n"
    "  - { name: Rock, role: test, orbit: { around: Mars, a: 0.01, epoch: -2 day } }\n"
    "groups:\n"
    "  - { generate: ring, name: dust, count: 5, role: test, around: Sun, radius: 2 au }\n"
    "  - { table: " SOURCE_DIR
    "/tests/engine/io/data/neos.csv, around: Sun, role: test, only: [ Eros ] }\n"
    "  - { catalogue: mpcorb, file: " SOURCE_DIR "/tests/engine/io/data/mpcorb.dat, around: Sun }\n"
    "  - { snapshot: " SOURCE_DIR
    "/tests/engine/io/data/fort.10, units: scenario, role: passive }\n"
    "expect: [ { quantity: distance, of: [Sun, Earth], below: 2 },\n"
    "          { quantity: e, of: Earth, around: [Sun, dust-1], below: 2 } ]\n";
static char file[64];

static orr_status follow(orr_scenario *s, orr_writer *w, uint64_t *answer)
{
    orr_sim *sim = NULL;
    orr_diagnosis why;
    orr_status status = orr_sim_from_scenario(s, 1, &sim, &why);
    for (int k = 0; status == ORR_OK && k <= 4; k++) {
        status = orr_sim_run_until(sim, k);
        orr_snapshot now = orr_sim_snapshot(sim);
        if (status == ORR_OK)
            status = orr_writer_append(w, &now);
        *answer = orr_bodies_hash(now.bodies);
    }
    orr_sim_destroy(sim);
    return status;
}

static orr_status from_a_file(const void *of, uint64_t *answer)
{
    (void)of;
    orr_scenario s;
    orr_diagnosis why;
    orr_writer *w = NULL;
    const orr_provenance provenance = {"orrery run", "here", "2026-01-01T00:00:00Z", 1};
    ORR_TRY(orr_scenario_parse("t.yaml", text, sizeof text - 1, NULL, &s, &why));
    orr_status status = orr_writer_open(file, &s, &s.bodies, &provenance, true, &w, &why);
    if (status == ORR_OK)
        status = follow(&s, w, answer);
    if (w) {
        orr_status closed = orr_writer_close(w, "complete", 1, &why);
        status = status == ORR_OK ? closed : status;
    }
    orr_scenario_free(&s);
    return status;
}

static orr_status read_again(const void *of, uint64_t *answer)
{
    (void)of;
    orr_reader *r = NULL;
    orr_diagnosis why;
    double t;
    orr_status status = orr_reader_open(file, &r, &why);
    if (status == ORR_OK)
        status = orr_reader_read(r, 3, &t, &why);
    *answer = status == ORR_OK ? orr_bodies_hash(orr_reader_bodies(r)) : 0;
    orr_reader_close(r);
    return status;
}

/* Elements of all of it, as text. */
static orr_status export_it(const void *of, uint64_t *answer)
{
    orr_reader *r = NULL;
    orr_diagnosis why;
    orr_element_choice choice = {0};
    orr_element_rows rows = {0};
    const orr_element_options o = {.quantities = "a,T", .of = "[Earth, dust-2]", .around = "Sun"};
    orr_status status = orr_reader_open(file, &r, &why);
    if (status == ORR_OK)
        status = orr_reader_choose(r, &o, &choice, &why);
    if (status == ORR_OK)
        status = orr_export_elements(r, file, &choice, SIZE_MAX, of, true, &rows, &why);
    *answer = rows.rows;
    orr_element_choice_free(&choice);
    orr_reader_close(r);
    return status;
}

static orr_status repair_it(const void *of, uint64_t *answer)
{
    orr_repair_report report;
    orr_diagnosis why;
    ORR_TRY(orr_repair(file, of, true, NULL, NULL, &report, &why));
    *answer = report.frames;
    return ORR_OK;
}

static orr_status go_on(const void *of, uint64_t *answer)
{
    orr_scenario s;
    orr_diagnosis why;
    orr_writer *w = NULL;
    const orr_provenance provenance = {"orrery resume", "here", "2026-01-01T00:00:00Z", 1};
    const orr_writer_place place = {.frames = 2, .left_frames = 3, .left_diagnostics = 5};
    ORR_TRY(orr_scenario_parse("t.yaml", text, sizeof text - 1, NULL, &s, &why));
    orr_status status = orr_writer_reopen(of, &s, &s.bodies, &provenance, &place, &w, &why);
    if (status == ORR_OK)
        status = orr_writer_close(w, "stopped", 1, &why);
    *answer = 1;
    orr_scenario_free(&s);
    return status;
}

static void files(void **state)
{
    (void)state;
    strcpy(file, "/tmp/orrery-no-memory-XXXXXX");
    int descriptor = mkstemp(file);
    CHECK(descriptor >= 0);
    close(descriptor);
    each_in_turn("a scenario and its file", from_a_file, NULL);
    uint64_t answer;
    CHECK_OK(from_a_file(NULL, &answer));
    each_in_turn("a reader", read_again, NULL);
    char copy[80];
    snprintf(copy, sizeof copy, "%s.copy", file);
    each_in_turn("an export", export_it, copy);
    each_in_turn("a repair", repair_it, copy);
    each_in_turn("a file again", go_on, copy);
    unlink(copy);
    unlink(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_method), cmocka_unit_test(files)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
