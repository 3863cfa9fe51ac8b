/* The lists of near pairs: float kernels against the plain loop in double, the same bits on every
 * instruction set, close pairs, each law, each output. */
#include "check.h"

#include <orrery/problem.h>

#include <stdlib.h>

#include "kernels/kernels.h"

enum { SOURCES = 400, TARGETS = 40, ROOM = 48, OUTPUTS = 10 };

typedef struct list {
    double source[4][SOURCES], out[OUTPUTS][ROOM];
    _Alignas(64) double target[3][ROOM];
    orr_span spans[4];
    orr_near near;
} list;

static void make(list *l, orr_softening softening, unsigned want, double length, double gm)
{
    uint64_t seed = 5;
    memset(l, 0, sizeof *l);
    for (size_t i = 0; i < SOURCES; i++) {
        for (size_t c = 0; c < 3; c++)
            l->source[c][i] = length * (1e3 + (i < 100 ? 1 : 6) * (check_random(&seed) - 0.5));
        l->source[3][i] = gm * check_random(&seed);
    }
    for (size_t c = 0; c < 3; c++) { /* close pairs, and two bodies in one place */
        l->source[c][3] = l->source[c][2] * (1 + 1e-12 * (double)c);
        l->source[c][7] = l->source[c][6];
        for (size_t i = 0; i < ROOM; i++)
            l->target[c][i] = i < TARGETS ? l->source[c][i] : 1e3 * length;
    }
    l->spans[0] = (orr_span){0, 100};
    l->spans[1] = (orr_span){130, 1};
    l->spans[2] = (orr_span){150, 0};
    l->spans[3] = (orr_span){151, 230};
    l->near = (orr_near){.x = l->source[0],
                         .y = l->source[1],
                         .z = l->source[2],
                         .gm = l->source[3],
                         .spans = l->spans,
                         .n_spans = 4,
                         .tx = l->target[0],
                         .ty = l->target[1],
                         .tz = l->target[2],
                         .n_targets = TARGETS,
                         .center = {1e3 * length, 1e3 * length, 1e3 * length},
                         .scale = 0.8 * length,
                         .gm_scale = 0.5 * gm,
                         .softening = softening,
                         .want = want,
                         .ax = l->out[0],
                         .ay = l->out[1],
                         .az = l->out[2],
                         .phi = l->out[3],
                         .room = aligned_alloc(64, (orr_near_room(SOURCES) + 63) / 64 * 64)};
    for (size_t c = 0; c < 6; c++)
        l->near.tides[c] = l->out[4 + c];
}

static void compare(orr_softening softening, unsigned want, double length, double gm)
{
    list exact, best, other;
    make(&exact, softening, want, length, gm);
    orr_near_plain(&exact.near);
    for (size_t k = 0; orr_kernels_at(k); k++) {
        list *l = k ? &other : &best;
        make(l, softening, want, length, gm);
        orr_kernels_at(k)->near(&l->near);
        for (size_t c = 0; c < OUTPUTS; c++)
            for (size_t i = 0; i < TARGETS; i++) {
                size_t first = c < 3 ? 0 : c < 4 ? 3 : 4, last = c < 3 ? 3 : c < 4 ? 4 : 10;
                double size = 0;
                for (size_t a = first; a < last; a++)
                    size += fabs(exact.out[a][i]);
                CHECK_NEAR(l->out[c][i], exact.out[c][i], 4e-5 * size);
                if (k)
                    CHECK_BITS(l->out[c][i], best.out[c][i]);
            }
        free(l->near.room);
    }
    free(exact.near.room);
}

static void every_law_and_output(void **state)
{
    (void)state;
    static const orr_softening_law laws[] = {ORR_SOFTEN_PLUMMER, ORR_SOFTEN_COMPACT};
    static const double eps[] = {0, 1e-6, 0.02, 0.3, 40};
    for (size_t law = 0; law < 2; law++)
        for (size_t e = 0; e < 5; e++)
            for (unsigned want = 1; want < 8; want++) {
                unsigned bits = (want & 1 ? ORR_WANT_ACC : 0) |
                                (want & 2 ? ORR_WANT_POTENTIAL : 0) |
                                (want & 4 ? ORR_WANT_TIDES : 0);
                compare((orr_softening){laws[law], eps[e]}, bits, 1, 1);
                compare((orr_softening){laws[law], eps[e] * 1e20}, bits, 1e20, 1e-30);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_law_and_output)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
