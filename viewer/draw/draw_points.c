/* draw_points.c - light of points, up to millions of them; see draw_band.h. */
#include <stdlib.h>
#include <string.h>

#include "base/team.h"
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

typedef struct sort_tasks {
    canvas *c;
    const draw_list *l;
    size_t parts, (*next)[MOST_STRIPS + 1]; /* by part, strip: how many; then where the next goes */
    size_t starts[MOST_STRIPS + 2];         /* of the strips in c->sorted */
} sort_tasks;

static void count_part(void *context, size_t phase, size_t k)
{
    const sort_tasks *t = context;
    size_t n = t->l->n_points, *count = t->next[k];
    (void)phase;
    memset(count, 0, sizeof t->next[k]);
    for (size_t i = n * k / t->parts; i < n * (k + 1) / t->parts; i++) {
        uint16_t at = t->c->strips[i] = strip_of(t->c, &t->l->points[i]);
        if (at == NOWHERE)
            continue;
        count[at & ~ON_EDGE]++; /* the strip below the last row is not drawn */
        if (at & ON_EDGE)
            count[(at & ~ON_EDGE) - 1]++;
    }
}

static void place_part(void *context, size_t phase, size_t k)
{
    const sort_tasks *t = context;
    size_t n = t->l->n_points, *next = t->next[k];
    (void)phase;
    for (size_t i = n * k / t->parts; i < n * (k + 1) / t->parts; i++) {
        uint16_t at = t->c->strips[i];
        if (at == NOWHERE)
            continue;
        t->c->sorted[next[at & ~ON_EDGE]++] = t->l->points[i];
        if (at & ON_EDGE)
            t->c->sorted[next[(at & ~ON_EDGE) - 1]++] = t->l->points[i];
    }
}

/* Sort points into c->sorted, strip s from starts[s] on; false without memory. */
static bool sort_points(sort_tasks *t, int threads)
{
    canvas *c = t->c;
    int strips = (c->height + STRIP - 1) / STRIP;
    size_t n = t->l->n_points, total = 0;
    t->parts = (size_t)(threads < MOST_PARTS ? threads : MOST_PARTS);
    if (!room_for((void **)&c->counts, &c->room_counts, MOST_PARTS * (MOST_STRIPS + 1),
                  sizeof *c->counts))
        return false;
    t->next = (size_t(*)[MOST_STRIPS + 1]) c->counts;
    if (!room_for((void **)&c->strips, &c->room_strips, n, sizeof *c->strips))
        return false;
    orr_team_run(threads, 1, t->parts, count_part, t);
    for (int s = 0; s <= strips; s++) {
        t->starts[s] = total;
        for (size_t k = 0; k < t->parts; k++) {
            size_t count = t->next[k][s];
            t->next[k][s] = total;
            total += count;
        }
    }
    if (!room_for((void **)&c->sorted, &c->room_sorted, total, sizeof *c->sorted))
        return false;
    orr_team_run(threads, 1, t->parts, place_part, t);
    return true;
}

static void splat_strip(void *context, size_t phase, size_t s)
{
    const sort_tasks *t = context;
    band b = band_of(t->c, 0, 1);
    (void)phase;
    b.y0 = (int)s * STRIP;
    b.y1 = b.y0 + STRIP < t->c->height ? b.y0 + STRIP : t->c->height;
    size_t count = t->starts[s + 1] - t->starts[s];
    if (count > 4000) /* fetched in order the rows come faster than point by point */
        for (int y = b.y0; y < b.y1; y++)
            for (int x = 0; x < b.width; x += 4)
                __builtin_prefetch(pixel(&b, x, y), 1);
    splat_points(&b, t->c->sorted + t->starts[s], count);
}

void draw_sky_points(canvas *c, const draw_list *l, int threads)
{
    sort_tasks t = {.c = c, .l = l};
    if (l->n_points == 0)
        return;
    if (!sort_points(&t, threads)) {
        band whole = band_of(c, 0, 1);
        splat_points(&whole, l->points, l->n_points);
        return;
    }
    orr_team_run(threads, 1, (size_t)(c->height + STRIP - 1) / STRIP, splat_strip, &t);
}
