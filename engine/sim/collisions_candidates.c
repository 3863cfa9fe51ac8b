/* collisions_candidates.c - which pairs may meet in a step.
 *
 * Each body sweeps a box: around the Bezier points of the cubic through its ends, wider by its
 * reach and by what the cubic may miss.  Where many bodies are, boxes go into a grid of cells by
 * their middles (a hash table), and only neighbours are compared; boxes that are much larger than
 * most are compared with all.  Seen from the mean motion, so that a system that moves on as a whole
 * sweeps no long boxes. */
#include <math.h>
#include <string.h>

#include "collisions_internal.h"
#include "core/math/reproducible.h"

typedef struct box {
    double middle[3], half[3];
} box;

typedef struct sweep {
    const orr_bodies *b;
    box *boxes;
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

static box box_of(const orr_bodies *b, const orr_sample ends[2], double h, const double mean[3],
                  const orr_reach *reach, double pull, size_t i)
{
    double wide = reach->out[i] + pull, turn2 = 0;
    box one;
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

/* Bodies that are no more are not a number, and meet nobody. */
static bool overlap(const box *a, const box *b)
{
    for (int c = 0; c < 3; c++)
        if (!(fabs(a->middle[c] - b->middle[c]) <= a->half[c] + b->half[c]))
            return false;
    return true;
}

static orr_status compare(const sweep *s, size_t i, size_t j)
{
    size_t first = i < j ? i : j, last = i < j ? j : i;
    if (first >= s->first_test || !overlap(&s->boxes[i], &s->boxes[j]))
        return ORR_OK;
    return s->fn(s->user, first, last);
}

static double size_of(const box *one)
{
    return fmax(one->half[0], fmax(one->half[1], one->half[2]));
}

typedef struct cells {
    double size;
    size_t mask;
    uint32_t *head, *next; /* 1 + body; 0: none */
} cells;

static size_t slot_of(const cells *g, const int64_t at[3])
{
    uint64_t key = (uint64_t)at[0] * 0x9E3779B97F4A7C15u ^ (uint64_t)at[1] * 0xC2B2AE3D27D4EB4Fu ^
                   (uint64_t)at[2] * 0x165667B19E3779F9u;
    return (size_t)((key ^ key >> 29) * 0xBF58476D1CE4E5B9u >> 32) & g->mask;
}

static bool cell_of(const cells *g, const box *one, int64_t at[3])
{
    for (int c = 0; c < 3; c++) {
        double x = one->middle[c] / g->size;
        if (!(fabs(x) < 1e15))
            return false;
        at[c] = (int64_t)floor(x);
    }
    return true;
}

/* Those before it that are in cells around. */
static orr_status compare_near(const sweep *s, const cells *g, size_t i, const int64_t at[3])
{
    size_t seen[27], n = 0;
    for (int64_t x = -1; x <= 1; x++)
        for (int64_t y = -1; y <= 1; y++)
            for (int64_t z = -1; z <= 1; z++) {
                size_t slot = slot_of(g, (int64_t[]){at[0] + x, at[1] + y, at[2] + z});
                bool again = false; /* two cells may share a slot */
                for (size_t k = 0; k < n; k++)
                    again = again || seen[k] == slot;
                if (again || g->head[slot] == 0)
                    continue;
                seen[n++] = slot;
                for (uint32_t j = g->head[slot]; j != 0; j = g->next[j - 1])
                    ORR_TRY(compare(s, i, j - 1));
            }
    return ORR_OK;
}

/* The large ones with all, then the others by cells. */
static orr_status compare_many(const sweep *s, orr_arena *memory)
{
    size_t n = s->b->n, n_large = 0, slots = 1;
    double mean = 0, count = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(size_of(&s->boxes[i])))
            mean += size_of(&s->boxes[i]), count++;
    mean = count > 0 ? mean / count : 1;
    double largest = 0, limit = 3 * mean;
    size_t *large = orr_arena_alloc(memory, n * sizeof *large);
    cells g = {0};
    while (slots < 2 * n)
        slots *= 2;
    g.mask = slots - 1;
    g.head = orr_arena_alloc(memory, slots * sizeof *g.head);
    g.next = orr_arena_alloc(memory, n * sizeof *g.next);
    if (!large || !g.head || !g.next)
        return ORR_E_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        double size = size_of(&s->boxes[i]);
        if (size > limit)
            large[n_large++] = i;
        else
            largest = fmax(largest, size);
    }
    g.size = 2 * largest;
    if (!(g.size > 0))
        g.size = 1;
    size_t next_large = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t at[3];
        if (next_large < n_large && large[next_large] == i) {
            next_large++;
            continue;
        }
        if (!cell_of(&g, &s->boxes[i], at))
            continue;
        ORR_TRY(compare_near(s, &g, i, at));
        size_t slot = slot_of(&g, at);
        g.next[i] = g.head[slot];
        g.head[slot] = (uint32_t)i + 1;
    }
    for (size_t k = 0, l = 0; k < n; k++) { /* large ones among each other once */
        bool is_large = l < n_large && large[l] == k;
        l += is_large;
        for (size_t m = is_large ? l : 0; m < n_large; m++)
            ORR_TRY(compare(s, k, large[m]));
    }
    return ORR_OK;
}

orr_status orr_candidates(const orr_bodies *b, const orr_sample ends[2], double h,
                          const orr_reach *reach, orr_arena *memory, orr_pair_fn *fn, void *user)
{
    enum { FEW = 128 };
    size_t massive = b->n_active + b->n_passive;
    double mean[3];
    sweep s = {.b = b, .first_test = massive, .fn = fn, .user = user};
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
    if (massive > FEW)
        return compare_many(&s, memory);
    for (size_t i = 0; i < massive; i++)
        for (size_t j = i + 1; j < b->n; j++)
            ORR_TRY(compare(&s, i, j));
    return ORR_OK;
}
