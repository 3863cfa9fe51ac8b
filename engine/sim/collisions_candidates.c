/* collisions_candidates.c - which pairs may meet in a step.
 *
 * Each body sweeps a box: around the Bezier points of the cubic through its ends, wider by its
 * reach and by what the cubic may miss.  Where many bodies are, boxes go into cells
 * (collisions_cells.c), and only neighbours are compared.  Seen from the mean motion, so that a
 * system that moves on as a whole sweeps no long boxes. */
#include <math.h>
#include <string.h>

#include "collisions_cells.h"
#include "collisions_internal.h"
#include "core/math/reproducible.h"

typedef struct sweep {
    orr_box *boxes;
    size_t first_test;
    orr_pair_fn *fn;
    void *user;
} sweep;

static void mean_velocity(const orr_bodies *b, const double *vel, double out[3])
{
    size_t n = b->n_active ? b->n_active : b->n;
    for (size_t c = 0; c < 3; c++) {
        out[c] = 0;
        for (size_t i = 0; i < n; i++)
            out[c] += vel[i + c * b->stride] / (double)n;
    }
}

/* Where the pull of a body changes much within the step, see orr_path_judge(). */
static double pulled(double gm, double h)
{
    return gm > 0 ? orr_cbrt(40 * gm * h * h) : 0;
}

static orr_box box_of(const orr_bodies *b, const orr_sample ends[2], double h, const double mean[3],
                      const orr_reach *reach, double pull, size_t i)
{
    double wide = reach->out[i] + pull, turn2 = 0;
    orr_box one = {.owner = (uint32_t)i};
    for (size_t c = 0; c < 3; c++) {
        size_t at = i + c * b->stride;
        double x0 = ends[0].pos[at], x1 = ends[1].pos[at] - h * mean[c];
        double v0 = h * (ends[0].vel[at] - mean[c]), v1 = h * (ends[1].vel[at] - mean[c]);
        double y0 = x0 + v0 / 3, y1 = x1 - v1 / 3;
        double low = fmin(fmin(x0, x1), fmin(y0, y1)), high = fmax(fmax(x0, x1), fmax(y0, y1));
        one.middle[c] = low + (high - low) / 2;
        one.half[c] = (high - low) / 2;
        turn2 += (v1 - v0) * (v1 - v0);
    }
    wide += sqrt(turn2) / 4;
    if (reach->turn2[i] * h * h > 0.3) /* as in orr_path_judge() */
        for (size_t k = 0; k < 2; k++)
            for (size_t c = 0; c < 3; c++)
                wide += fabs(h * (ends[k].vel[i + c * b->stride] - mean[c]));
    for (int c = 0; c < 3; c++)
        one.half[c] = one.half[c] * 1.0000001 + wide;
    return one;
}

static orr_status ask(void *user, const orr_box *a, const orr_box *b)
{
    const sweep *s = user;
    size_t first = a->owner < b->owner ? a->owner : b->owner;
    size_t last = a->owner < b->owner ? b->owner : a->owner;
    return first < s->first_test ? s->fn(s->user, first, last) : ORR_OK;
}

orr_status orr_candidates(const orr_bodies *b, const orr_sample ends[2], double h,
                          const orr_reach *reach, orr_arena *memory, orr_pair_fn *fn, void *user)
{
    enum { FEW = 128 };
    size_t massive = b->n_active + b->n_passive;
    double mean[3];
    sweep s = {.first_test = massive, .fn = fn, .user = user};
    s.boxes = orr_arena_alloc(memory, b->n * sizeof *s.boxes);
    if (!s.boxes)
        return ORR_E_NO_MEMORY;
    mean_velocity(b, ends[0].vel, mean);
    double gm = 0, pull = 0; /* often the same for many */
    for (size_t i = 0; i < b->n; i++) {
        pull = b->gm[i] == gm ? pull : pulled(b->gm[i], h);
        gm = b->gm[i];
        s.boxes[i] = box_of(b, ends, h, mean, reach, pull, i);
    }
    if (massive > FEW) {
        orr_grid grid;
        ORR_TRY(orr_grid_make(s.boxes, b->n, memory, &grid));
        return orr_grid_pairs(&grid, ask, &s);
    }
    for (size_t i = 0; i < massive; i++) /* bodies that are no more are not a number: not near */
        for (size_t j = i + 1; j < b->n; j++)
            if (orr_box_is_finite(&s.boxes[i]) && orr_box_is_finite(&s.boxes[j]) &&
                orr_boxes_overlap(&s.boxes[i], &s.boxes[j]))
                ORR_TRY(fn(user, i, j));
    return ORR_OK;
}
