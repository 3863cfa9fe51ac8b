/* draw_points.c - light of points, up to millions of them; see draw_band.h. */
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "draw_band.h"

/* The light of a point falls on the four pixels around it, by area. */
static void splat_points(const band *b, const draw_point *points, size_t n)
{
    float top = (float)b->y0 - 0.5f, bottom = (float)b->y1 + 0.5f, right = (float)b->width + 0.5f;
    for (size_t k = 0; k < n; k++) {
        const draw_point *p = &points[k];
        if (!(p->y > top && p->y < bottom && p->x > -0.5f && p->x < right))
            continue;
        float x = p->x + 0.5f, y = p->y + 0.5f; /* of the next corner: 0 .. size + 1 */
        int ix = (int)x, iy = (int)y;
        float fx = x - (float)ix, fy = y - (float)iy;
        v4 light = vector(p->light), left = light * (1 - fx), here = light * fx;
        for (int row = 0; row < 2; row++) {
            int yy = iy - 1 + row;
            if (yy < b->y0 || yy >= b->y1)
                continue;
            float part = row ? fy : 1 - fy;
            v4 *at = pixel(b, 0, yy) + ix;
            uint8_t *lit = b->lit + (size_t)yy * (size_t)b->tiles;
            if (ix > 0) {
                at[-1] += left * part;
                lit[(ix - 1) / TILE] = 1;
            }
            if (ix < b->width) {
                at[0] += here * part;
                lit[ix / TILE] = 1;
            }
        }
    }
}

/* Points are sorted by strips of rows first: then the rows that a thread writes to stay in its
 * cache, which is most of the time for 1e6 of them.  A point on the edge of two strips is in both.
 * The order within a strip is that of the list, whatever the threads. */
enum { STRIP = 16, MOST_STRIPS = DRAW_MOST_ROWS / STRIP + 1, MOST_PARTS = DRAW_MOST_PARTS };

enum { NOWHERE = 0xffff, ON_EDGE = 0x8000 };

/* The strip of a point: NOWHERE, or its number, with ON_EDGE if it is in the one above, too (strip
 * 0 has none above it). */
static inline uint16_t strip_of(const canvas *c, const draw_point *p)
{
    float x = p->x + 0.5f, y = p->y + 0.5f; /* of the next corner */
    if (!(y > 0 && y < (float)c->height + 1 && x > 0 && x < (float)c->width + 1))
        return NOWHERE;
    unsigned row = (unsigned)y; /* with the one above it */
    return (uint16_t)(row / STRIP | (row % STRIP == 0 && row > 0 ? ON_EDGE : 0));
}

/* Room for n items whose content need not be kept. */
static bool room_for(void **array, size_t *room, size_t n, size_t size)
{
    if (n <= *room)
        return true;
    free(*array);
    *array = malloc(n * size);
    *room = *array ? n : 0;
    return *array != NULL;
}

/* Sort points into c->sorted, strip s from starts[s] on; false without memory. */
static bool sort_points(canvas *c, const draw_list *l, int threads, size_t starts[MOST_STRIPS + 2])
{
    int strips = (c->height + STRIP - 1) / STRIP,
        parts = threads < MOST_PARTS ? threads : MOST_PARTS;
    size_t n = l->n_points, total = 0;
    if (!room_for((void **)&c->counts, &c->room_counts, MOST_PARTS * (MOST_STRIPS + 1),
                  sizeof *c->counts))
        return false;
    size_t(*next)[MOST_STRIPS + 1] = (size_t(*)[MOST_STRIPS + 1]) c->counts; /* by part, strip */
    if (!room_for((void **)&c->strips, &c->room_strips, n, sizeof *c->strips))
        return false;
    ORR_PARALLEL_FOR(threads)
    for (int k = 0; k < parts; k++) {
        memset(next[k], 0, sizeof next[k]);
        for (size_t i = n * (size_t)k / (size_t)parts; i < n * (size_t)(k + 1) / (size_t)parts;
             i++) {
            uint16_t at = c->strips[i] = strip_of(c, &l->points[i]);
            if (at == NOWHERE)
                continue;
            next[k][at & ~ON_EDGE]++; /* the strip below the last row is not drawn */
            if (at & ON_EDGE)
                next[k][(at & ~ON_EDGE) - 1]++;
        }
    }
    for (int s = 0; s <= strips; s++) {
        starts[s] = total;
        for (int k = 0; k < parts; k++) {
            size_t count = next[k][s];
            next[k][s] = total;
            total += count;
        }
    }
    if (!room_for((void **)&c->sorted, &c->room_sorted, total, sizeof *c->sorted))
        return false;
    ORR_PARALLEL_FOR(threads)
    for (int k = 0; k < parts; k++)
        for (size_t i = n * (size_t)k / (size_t)parts; i < n * (size_t)(k + 1) / (size_t)parts;
             i++) {
            uint16_t at = c->strips[i];
            if (at == NOWHERE)
                continue;
            c->sorted[next[k][at & ~ON_EDGE]++] = l->points[i];
            if (at & ON_EDGE)
                c->sorted[next[k][(at & ~ON_EDGE) - 1]++] = l->points[i];
        }
    return true;
}

void draw_sky_points(canvas *c, const draw_list *l, int threads)
{
    size_t starts[MOST_STRIPS + 2];
    int strips = (c->height + STRIP - 1) / STRIP;
    if (l->n_points == 0)
        return;
    if (!sort_points(c, l, threads, starts)) {
        band whole = band_of(c, 0, 1);
        splat_points(&whole, l->points, l->n_points);
        return;
    }
    ORR_PARALLEL(threads)
    {
        ORR_DEALT_FOR
        for (int s = 0; s < strips; s++) {
            band b = band_of(c, 0, 1);
            b.y0 = s * STRIP;
            b.y1 = (s + 1) * STRIP < c->height ? (s + 1) * STRIP : c->height;
            size_t count = starts[s + 1] - starts[s];
            if (count > 4000) /* fetched in order the rows come faster than point by point */
                for (int y = b.y0; y < b.y1; y++)
                    for (int x = 0; x < b.width; x += 4)
                        __builtin_prefetch(pixel(&b, x, y), 1);
            splat_points(&b, c->sorted + starts[s], count);
        }
    }
}
