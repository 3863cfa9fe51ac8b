/* draw.c - see draw.h. */
#include "draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"

typedef float v4 __attribute__((vector_size(16))); /* red, green, blue, and nothing */

enum {
    CELL = 4, /* pixels a side of a cell of the glow */
    TILE = 16 /* pixels of a row that are dark or lit together: most of a sky is dark */
};

/* fmaxf() and fminf() care for NaN, and are calls. */
static inline float larger(float a, float b)
{
    return a > b ? a : b;
}

static inline float smaller(float a, float b)
{
    return a < b ? a : b;
}

const draw_theme draw_theme_dark = {.glow = 0.25f, .exposure = 1};
const draw_theme draw_theme_light = {
    .light = true, .paper = {0.93f, 0.93f, 0.91f}, .ink = 0.3f, .exposure = 1.5f};

draw_color draw_light_of(uint32_t rgb, float scale)
{
    float r = (float)(rgb >> 16 & 255) / 255, g = (float)(rgb >> 8 & 255) / 255,
          b = (float)(rgb & 255) / 255;
    return (draw_color){scale * r * r, scale * g * g, scale * b * b}; /* the screen takes roots */
}

/* ---- the list ---- */

/* Room for `more` items in a growing array; false without memory, and that is remembered. */
static bool grow(draw_list *l, void **array, size_t n, size_t more, size_t *room, size_t size)
{
    if (n + more <= *room)
        return true;
    size_t larger = *room ? *room : 256;
    while (larger < n + more)
        larger *= 2;
    void *moved = realloc(*array, larger * size);
    if (!moved) {
        l->short_of_memory = true;
        return false;
    }
    *array = moved;
    *room = larger;
    return true;
}

void draw_list_clear(draw_list *l)
{
    l->n_points = l->n_lines = l->n_discs = l->n_items = 0;
    l->short_of_memory = false;
}

draw_list *draw_part(draw_list *l, int k)
{
    if (!l->parts)
        l->parts = calloc(DRAW_MOST_PARTS, sizeof *l->parts);
    if (!l->parts) {
        l->short_of_memory = true;
        return NULL;
    }
    draw_list_clear(&l->parts[k]);
    return &l->parts[k];
}

void draw_join(draw_list *l, const draw_list *part)
{
    l->short_of_memory |= part->short_of_memory;
    if (!grow(l, (void **)&l->lines, l->n_lines, part->n_lines, &l->room_lines, sizeof *l->lines))
        return;
    if (part->n_lines)
        memcpy(l->lines + l->n_lines, part->lines, part->n_lines * sizeof *l->lines);
    l->n_lines += part->n_lines;
}

void draw_list_free(draw_list *l)
{
    for (int k = 0; l->parts && k < DRAW_MOST_PARTS; k++)
        draw_list_free(&l->parts[k]);
    free(l->parts);
    free(l->points), free(l->lines), free(l->discs), free(l->items);
    *l = (draw_list){0};
}

draw_point *draw_points(draw_list *l, size_t n)
{
    if (!grow(l, (void **)&l->points, l->n_points, n, &l->room_points, sizeof *l->points))
        return NULL;
    l->n_points += n;
    return l->points + (l->n_points - n);
}

void draw_add_line(draw_list *l, const draw_line *line)
{
    if (grow(l, (void **)&l->lines, l->n_lines, 1, &l->room_lines, sizeof *l->lines))
        l->lines[l->n_lines++] = *line;
}

void draw_add_disc(draw_list *l, const draw_disc *disc)
{
    if (grow(l, (void **)&l->discs, l->n_discs, 1, &l->room_discs, sizeof *l->discs))
        l->discs[l->n_discs++] = *disc;
}

static void add_item(draw_list *l, const draw_item *item)
{
    if (grow(l, (void **)&l->items, l->n_items, 1, &l->room_items, sizeof *l->items))
        l->items[l->n_items++] = *item;
}

void draw_add_box(draw_list *l, float x0, float y0, float x1, float y1, uint32_t color)
{
    add_item(l, &(draw_item){DRAW_BOX, x0, y0, x1, y1, 0, NULL, color});
}

void draw_add_stroke(draw_list *l, float x0, float y0, float x1, float y1, float width,
                     uint32_t color)
{
    add_item(l, &(draw_item){DRAW_STROKE, x0, y0, x1, y1, width, NULL, color});
}

void draw_add_ring(draw_list *l, float x, float y, float radius, float width, uint32_t color)
{
    add_item(l, &(draw_item){DRAW_RING, x, y, radius, 0, width, NULL, color});
}

float draw_add_text(draw_list *l, font *f, float size, float x, float y, const char *text,
                    uint32_t color)
{
    for (uint32_t c; (c = text_next(&text));) {
        const glyph *g = font_glyph(f, c, size);
        if (!g)
            continue;
        if (g->coverage)
            add_item(l, &(draw_item){.kind = DRAW_GLYPH,
                                     .x0 = roundf(x) + (float)g->left,
                                     .y0 = roundf(y) + (float)g->top,
                                     .shape = g,
                                     .color = color});
        x += g->advance;
    }
    return x;
}

/* ---- the canvas ---- */

static inline int tiles_of(int width)
{
    return (width + TILE - 1) / TILE;
}

bool canvas_resize(canvas *c, int width, int height)
{
    if (c->width == width && c->height == height && c->pixels)
        return true;
    canvas_free(c);
    if (width < 1 || height < 1 || width > DRAW_MOST_ROWS || height > DRAW_MOST_ROWS)
        return false;
    size_t n = (size_t)width * (size_t)height;
    size_t cells = (size_t)(width / CELL + 2) * (size_t)(height / CELL + 2);
    c->pixels = calloc(n + 1, sizeof *c->pixels);
    /* not a multiple of 4096 bytes: a processor takes such neighbours of a pixel for the pixel that
     * it has just written, and waits */
    size_t stride = (size_t)width + (width * (int)sizeof(v4) % 4096 < 1024 ? 128 : 0);
    size_t bytes = (stride * (size_t)height * sizeof(v4) + 127) / 64 * 64;
    c->light = aligned_alloc(64, bytes);
    c->lit = calloc((size_t)tiles_of(width) * (size_t)height + 1, 1);
    for (int k = 0; k < 2; k++)
        c->small[k] = aligned_alloc(64, (cells * sizeof(v4) + 127) / 64 * 64);
    if (c->light)
        memset(c->light, 0, bytes);
    if (!c->pixels || !c->light || !c->lit || !c->small[0] || !c->small[1]) {
        canvas_free(c);
        return false;
    }
    c->width = width;
    c->height = height;
    c->stride = stride;
    return true;
}

void canvas_free(canvas *c)
{
    free(c->pixels), free(c->light), free(c->lit), free(c->sorted), free(c->strips),
        free(c->small[0]), free(c->small[1]);
    *c = (canvas){0};
}

/* The rows that one thread draws, and where. */
typedef struct band {
    const canvas *c;
    v4 *light;
    uint8_t *lit;
    size_t stride;
    int y0, y1, width, tiles; /* rows y0 <= y < y1 */
} band;

static inline v4 vector(draw_color c)
{
    return (v4){c.r, c.g, c.b, 0};
}

static inline v4 *pixel(const band *b, int x, int y)
{
    return b->light + (size_t)y * b->stride + (size_t)x;
}

/* ceilf() is a call on older processors; |x| below 2^31. */
static inline int ceiling(float x)
{
    int below = (int)x; /* or above, if x is negative */
    return below + (x > (float)below);
}

/* There will be light at pixels x0 <= x < x1 of a row, at least one. */
static inline void mark_lit(const band *b, int x0, int x1, int y)
{
    uint8_t *row = b->lit + (size_t)y * (size_t)b->tiles;
    for (int tile = x0 / TILE; tile <= (x1 - 1) / TILE; tile++)
        row[tile] = 1;
}

static inline int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

/* ---- points ---- */

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
    static size_t next[MOST_PARTS][MOST_STRIPS + 1]; /* one picture is drawn at a time */
    int strips = (c->height + STRIP - 1) / STRIP,
        parts = threads < MOST_PARTS ? threads : MOST_PARTS;
    size_t n = l->n_points, total = 0;
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

/* ---- lines ---- */

/* How a line runs along its longer axis: a column (or row) u has its centre at v = v0 + slope u. */
typedef struct run {
    bool steep;
    int first, last; /* columns first <= u < last: the next line goes on at last */
    float v0, slope, half, start, inverse;
} run;

static bool find_run(const float xs[2], const float ys[2], float width, int limit_u, run *r)
{
    float dx = xs[1] - xs[0], dy = ys[1] - ys[0];
    r->steep = fabsf(dy) > fabsf(dx);
    float u0 = r->steep ? ys[0] : xs[0], u1 = r->steep ? ys[1] : xs[1];
    float v0 = r->steep ? xs[0] : ys[0], v1 = r->steep ? xs[1] : ys[1];
    float du = u1 - u0;
    if (!(fabsf(du) > 1e-6f) || !(fabsf(du) < 1e7f) || !(fabsf(v0) + fabsf(v1) < 1e7f))
        return false;
    r->slope = (v1 - v0) / du;
    r->v0 = v0 - r->slope * u0;
    r->half = 0.5f * width * sqrtf(1 + r->slope * r->slope) + 0.5f;
    r->start = u0;
    r->inverse = 1 / du;
    /* centres of pixels at u + 1/2, half open whichever way the line runs */
    float low = smaller(u0, u1), high = larger(u0, u1);
    r->first = clamp(ceiling(low - 0.5f), 0, limit_u);
    r->last = clamp(ceiling(high - 0.5f), 0, limit_u);
    return r->first < r->last;
}

/* Coverage of the pixels across a run at column u: from `low` on, up to 8. */
static inline int across(const run *r, int u, int *low, float weights[8])
{
    float v = r->v0 + r->slope * ((float)u + 0.5f) - 0.5f; /* in centres of pixels */
    int n = 0;
    *low = ceiling(v - r->half);
    for (float d = (float)*low - v; d < r->half && n < 8; d += 1, n++)
        weights[n] = smaller(1, r->half - fabsf(d));
    return n;
}

static void splat_lines(const band *b, const draw_list *l)
{
    int height = b->c->height;
    for (size_t k = 0; k < l->n_lines; k++) {
        const draw_line *line = &l->lines[k];
        float reach = line->width + 1.5f;
        if (larger(line->y[0], line->y[1]) + reach < (float)b->y0 ||
            smaller(line->y[0], line->y[1]) - reach > (float)b->y1)
            continue;
        run r;
        if (!find_run(
                line->x, line->y, line->width,
                fabsf(line->y[1] - line->y[0]) > fabsf(line->x[1] - line->x[0]) ? height : b->width,
                &r))
            continue;
        if (r.steep) {
            r.first = clamp(r.first, b->y0, b->y1);
            r.last = clamp(r.last, b->y0, b->y1);
        }
        v4 from = vector(line->light[0]), change = vector(line->light[1]) - from;
        for (int u = r.first; u < r.last; u++) {
            float v = r.v0 + r.slope * ((float)u + 0.5f) - 0.5f; /* in centres of pixels */
            v4 light = from + change * (((float)u + 0.5f - r.start) * r.inverse);
            int i = ceiling(v - r.half), least = r.steep ? 0 : b->y0,
                most = r.steep ? b->width : b->y1;
            for (i = i < least ? least : i; i < most && (float)i < v + r.half; i++) {
                float w = smaller(1, r.half - fabsf((float)i - v));
                int x = r.steep ? i : u, y = r.steep ? u : i;
                *pixel(b, x, y) += light * w;
                b->lit[(size_t)y * (size_t)b->tiles + (size_t)(x / TILE)] = 1;
            }
        }
    }
}

/* ---- discs ---- */

/* Light that falls off around a body. */
static void splat_halo(const band *b, const draw_disc *d)
{
    float reach = d->halo;
    int y0 = clamp((int)floorf(d->y - reach), b->y0, b->y1),
        y1 = clamp((int)ceilf(d->y + reach), b->y0, b->y1);
    int x0 = clamp((int)floorf(d->x - reach), 0, b->width),
        x1 = clamp((int)ceilf(d->x + reach), 0, b->width);
    v4 light = vector(d->light);
    float inverse = 1 / (reach * reach);
    for (int y = y0; y < y1 && x0 < x1; y++) {
        mark_lit(b, x0, x1, y);
        for (int x = x0; x < x1; x++) {
            float dx = (float)x + 0.5f - d->x, dy = (float)y + 0.5f - d->y;
            float s = 1 - (dx * dx + dy * dy) * inverse;
            if (s > 0)
                *pixel(b, x, y) += light * (0.35f * s * s * s * s);
        }
    }
}

/* How bright the surface is at (dx, dy) of a sphere: lit from one side, or shining, darker at the
 * limb. */
static inline float shade(const draw_disc *d, float dx, float dy)
{
    float nx = dx / d->radius, ny = -dy / d->radius, r2 = nx * nx + ny * ny;
    float nz = sqrtf(larger(0, 1 - r2));
    if (d->sun[0] == 0 && d->sun[1] == 0 && d->sun[2] == 0)
        return 0.45f + 0.55f * nz;
    float lit = nx * d->sun[0] + ny * d->sun[1] + nz * d->sun[2];
    return 0.06f + 0.94f * larger(0, lit);
}

static void cover_disc(const band *b, const draw_disc *d)
{
    float reach = d->radius + 1;
    int y0 = clamp((int)floorf(d->y - reach), b->y0, b->y1),
        y1 = clamp((int)ceilf(d->y + reach), b->y0, b->y1);
    int x0 = clamp((int)floorf(d->x - reach), 0, b->width),
        x1 = clamp((int)ceilf(d->x + reach), 0, b->width);
    v4 light = vector(d->light);
    for (int y = y0; y < y1 && x0 < x1; y++) {
        mark_lit(b, x0, x1, y);
        for (int x = x0; x < x1; x++) {
            float dx = (float)x + 0.5f - d->x, dy = (float)y + 0.5f - d->y;
            float cover = d->radius + 0.5f - sqrtf(dx * dx + dy * dy);
            if (cover <= 0)
                continue;
            cover = smaller(1, cover);
            v4 *at = pixel(b, x, y);
            *at = *at * (1 - cover) + light * (cover * shade(d, dx, dy));
        }
    }
}

static void splat_discs(const band *b, const draw_list *l)
{
    for (size_t k = 0; k < l->n_discs; k++)
        if (l->discs[k].halo > 0)
            splat_halo(b, &l->discs[k]);
    for (size_t k = 0; k < l->n_discs; k++)
        cover_disc(b, &l->discs[k]);
}

/* ---- glow: what is bright spreads over its neighbourhood ---- */

/* What of a light spreads: what is above a half, within reason, in its own colour. */
static inline v4 bright(v4 a)
{
    float most = larger(a[0], larger(a[1], a[2])), over = most - 0.5f;
    return over > 0 ? a * (smaller(over, 8) / most) : (v4){0};
}

/* Means of cells of 4 x 4 pixels, for row r of cells. */
static void shrink(const canvas *c, int r)
{
    const v4 *light = (const v4 *)c->light;
    int columns = c->width / CELL + 2, tiles = tiles_of(c->width);
    v4 *small = (v4 *)c->small[0] + (size_t)r * (size_t)columns;
    memset(small, 0, (size_t)columns * sizeof *small);
    for (int y = r * CELL; y < (r + 1) * CELL && y < c->height; y++)
        for (int tile = 0; tile < tiles; tile++) {
            if (!c->lit[(size_t)y * (size_t)tiles + (size_t)tile])
                continue;
            for (int x = tile * TILE; x < (tile + 1) * TILE && x < c->width; x++)
                small[x / CELL] +=
                    bright(light[(size_t)y * c->stride + (size_t)x]) * (1.0f / (CELL * CELL));
        }
}

/* Means of neighbours along a row or a column; thrice is nearly a Gaussian. */
static void blur_line(const v4 *in, v4 *out, int n, size_t stride)
{
    enum { REACH = 2 };
    for (int k = 0; k < n; k++) {
        v4 sum = {0};
        for (int i = k - REACH; i <= k + REACH; i++)
            if (i >= 0 && i < n)
                sum += in[(size_t)i * stride];
        out[(size_t)k * stride] = sum * (1.0f / (2 * REACH + 1));
    }
}

static void spread(canvas *c, int threads)
{
    (void)threads; /* without OpenMP */
    int columns = c->width / CELL + 2, rows = c->height / CELL + 2;
    v4 *a = (v4 *)c->small[0], *b = (v4 *)c->small[1];
    ORR_PARALLEL(threads)
    {
        ORR_SHARED_FOR
        for (int r = 0; r < rows; r++)
            shrink(c, r);
        ORR_SHARED_FOR
        for (int r = 0; r < rows; r++) {
            v4 *from = a + (size_t)r * (size_t)columns, *to = b + (size_t)r * (size_t)columns;
            blur_line(from, to, columns, 1);
            blur_line(to, from, columns, 1);
            blur_line(from, to, columns, 1);
        }
        ORR_SHARED_FOR
        for (int k = 0; k < columns; k++) {
            blur_line(b + k, a + k, rows, (size_t)columns);
            blur_line(a + k, b + k, rows, (size_t)columns);
            blur_line(b + k, a + k, rows, (size_t)columns);
        }
    }
}

/* ---- from light to what a screen shows ---- */

/* Light on black: x/(1 + x), as film, then the screen's root; on paper it is ink. Steps between
 * levels are hidden by a fixed pattern.  A tile at a time, one colour after the other, so that the
 * compiler does several pixels at once. */
static inline void develop(const v4 *light, const draw_theme *theme, const float dither[4],
                           uint32_t *out, int n)
{
    float s[3][TILE];
    uint32_t level[3][TILE];
    for (int x = 0; x < n; x++)
        for (int c = 0; c < 3; c++)
            s[c][x] = light[x][c];
    for (int x = n; x < TILE; x++)
        s[0][x] = s[1][x] = s[2][x] = 0;
    for (int c = 0; c < 3; c++)
        for (int x = 0; x < TILE; x++) {
            float e = s[c][x] * theme->exposure;
            s[c][x] = e / (1 + e);
        }
    for (int x = 0; theme->light && x < TILE;
         x++) { /* the hue of the light, the darker the brighter */
        float most = larger(1e-6f, larger(s[0][x], larger(s[1][x], s[2][x])));
        float cover = smaller(1, 2.2f * most), ink = theme->ink * cover / most;
        const float paper[3] = {theme->paper.r, theme->paper.g, theme->paper.b};
        for (int c = 0; c < 3; c++)
            s[c][x] = paper[c] * (1 - cover) + s[c][x] * ink;
    }
    for (int c = 0; c < 3; c++)
        for (int x = 0; x < TILE; x++)
            level[c][x] = (uint32_t)(int32_t)(sqrtf(s[c][x]) * 255 + dither[x & 3]);
    for (int x = 0; x < n; x++)
        out[x] = 0xff000000u | level[0][x] << 16 | level[1][x] << 8 | level[2][x];
}

/* Is there no light at all in n vectors? */
static inline bool is_dark(const v4 *a, int n)
{
    typedef int32_t bits __attribute__((vector_size(16)));
    bits any = {0};
    for (int k = 0; k < n; k++)
        any |= (bits)a[k];
    return (any[0] | any[1] | any[2]) == 0;
}

static void develop_row(const canvas *c, const draw_theme *theme, int y)
{
    static const float pattern[4][4] = {{0.03f, 0.53f, 0.16f, 0.66f},
                                        {0.78f, 0.28f, 0.91f, 0.41f},
                                        {0.22f, 0.72f, 0.09f, 0.59f},
                                        {0.97f, 0.47f, 0.84f, 0.34f}};
    v4 *light = (v4 *)c->light + (size_t)y * c->stride;
    uint8_t *lit = c->lit + (size_t)y * (size_t)tiles_of(c->width);
    uint32_t *out = c->pixels + (size_t)y * (size_t)c->width, dark[4];
    int columns = c->width / CELL + 2, rows = c->height / CELL + 2;
    float fy = ((float)y + 0.5f) / CELL - 0.5f;
    int r = clamp((int)floorf(fy), 0, rows - 2);
    float down = fy < 0 ? 0 : fy - (float)r;
    const v4 *upper = (const v4 *)c->small[0] + (size_t)r * (size_t)columns,
             *lower = upper + columns;
    const v4 none[4] = {{0}};
    develop(none, theme, pattern[y & 3], dark, 4);
    for (int from = 0; from < c->width; from += TILE) {
        int to = clamp(from + TILE, 0, c->width);
        int k0 = clamp(from / CELL - 1, 0, columns - 1), k1 = clamp(to / CELL + 2, 0, columns);
        bool glows =
            theme->glow > 0 && !(is_dark(upper + k0, k1 - k0) && is_dark(lower + k0, k1 - k0));
        if (!glows && !lit[from / TILE]) {
            for (int x = from; x < to; x++)
                out[x] = dark[x & 3];
            continue;
        }
        for (int x = from; x < to && glows; x++) {
            int k = clamp((x + CELL / 2) / CELL - 1, 0, columns - 2);
            float right = x < CELL / 2 ? 0 : ((float)x + 0.5f) / CELL - 0.5f - (float)k;
            v4 left = upper[k] + (lower[k] - upper[k]) * down;
            v4 next = upper[k + 1] + (lower[k + 1] - upper[k + 1]) * down;
            light[x] += (left + (next - left) * right) * theme->glow;
        }
        develop(light + from, theme, pattern[y & 3], out + from, to - from);
        memset(light + from, 0, (size_t)(to - from) * sizeof *light); /* for the next picture */
        lit[from / TILE] = 0;
    }
}

/* ---- the overlay ---- */

static inline void blend(uint32_t *at, uint32_t color, uint32_t alpha) /* alpha 0 .. 255 */
{
    uint32_t a = (color >> 24) * alpha / 255, rest = 255 - a, old = *at, out = 0;
    for (int shift = 0; shift < 24; shift += 8)
        out |= (((color >> shift & 255) * a + (old >> shift & 255) * rest + 127) / 255) << shift;
    *at = out | (a + (old >> 24) * rest / 255) << 24;
}

static void paint_box(const band *b, const draw_item *item)
{
    int x0 = clamp((int)lroundf(item->x0), 0, b->width),
        x1 = clamp((int)lroundf(item->x1), 0, b->width);
    int y0 = clamp((int)lroundf(item->y0), b->y0, b->y1),
        y1 = clamp((int)lroundf(item->y1), b->y0, b->y1);
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++)
            blend(&b->c->pixels[(size_t)y * (size_t)b->width + (size_t)x], item->color, 255);
}

static void paint_stroke(const band *b, const draw_item *item)
{
    run r;
    const float xs[2] = {item->x0, item->x1}, ys[2] = {item->y0, item->y1};
    bool steep = fabsf(ys[1] - ys[0]) > fabsf(xs[1] - xs[0]);
    if (!find_run(xs, ys, item->width, steep ? b->c->height : b->width, &r))
        return;
    for (int u = r.first; u < r.last; u++) {
        int low;
        float w[8];
        int n = across(&r, u, &low, w);
        for (int i = 0; i < n; i++) {
            int v = low + i, x = r.steep ? v : u, y = r.steep ? u : v;
            if (x >= 0 && x < b->width && y >= b->y0 && y < b->y1)
                blend(&b->c->pixels[(size_t)y * (size_t)b->width + (size_t)x], item->color,
                      (uint32_t)(larger(0, w[i]) * 255));
        }
    }
}

static void paint_ring(const band *b, const draw_item *item)
{
    float reach = item->x1 + item->width;
    int y0 = clamp((int)floorf(item->y0 - reach), b->y0, b->y1),
        y1 = clamp((int)ceilf(item->y0 + reach), b->y0, b->y1);
    int x0 = clamp((int)floorf(item->x0 - reach), 0, b->width),
        x1 = clamp((int)ceilf(item->x0 + reach), 0, b->width);
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++) {
            float off =
                fabsf(hypotf((float)x + 0.5f - item->x0, (float)y + 0.5f - item->y0) - item->x1);
            float cover = item->width / 2 + 0.5f - off;
            if (cover > 0)
                blend(&b->c->pixels[(size_t)y * (size_t)b->width + (size_t)x], item->color,
                      (uint32_t)(smaller(1, cover) * 255));
        }
}

static void paint_glyph(const band *b, const draw_item *item)
{
    const glyph *g = item->shape;
    if (!(fabsf(item->x0) < 1e6f && fabsf(item->y0) < 1e6f))
        return;
    int left = (int)item->x0, top = (int)item->y0;
    int y0 = clamp(top, b->y0, b->y1), y1 = clamp(top + g->height, b->y0, b->y1);
    int x0 = clamp(left, 0, b->width), x1 = clamp(left + g->width, 0, b->width);
    for (int y = y0; y < y1; y++) {
        const uint8_t *coverage = g->coverage + (y - top) * g->width - left;
        for (int x = x0; x < x1; x++)
            if (coverage[x])
                blend(&b->c->pixels[(size_t)y * (size_t)b->width + (size_t)x], item->color,
                      coverage[x]);
    }
}

static void paint_items(const band *b, const draw_list *l)
{
    static void (*const paint[])(const band *, const draw_item *) = {[DRAW_BOX] = paint_box,
                                                                     [DRAW_STROKE] = paint_stroke,
                                                                     [DRAW_RING] = paint_ring,
                                                                     [DRAW_GLYPH] = paint_glyph};
    for (size_t k = 0; k < l->n_items; k++)
        paint[l->items[k].kind](b, &l->items[k]);
}

/* ---- all of it ---- */

/* Bands are narrower than the share of a thread: bodies crowd in the middle. */
static int bands_for(int threads)
{
    return threads > 1 ? 4 * threads : 1;
}

static band band_of(const canvas *c, int k, int n)
{
    return (band){.c = c,
                  .light = (v4 *)c->light,
                  .lit = c->lit,
                  .stride = c->stride,
                  .width = c->width,
                  .tiles = tiles_of(c->width),
                  .y0 = (int)((long)c->height * k / n),
                  .y1 = (int)((long)c->height * (k + 1) / n)};
}

static void render_points(canvas *c, const draw_list *l, int threads)
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

void canvas_render(canvas *c, const draw_list *l, const draw_theme *theme, int threads)
{
    int n = bands_for(threads);
    render_points(c, l, threads);
    ORR_PARALLEL(threads)
    {
        ORR_DEALT_FOR
        for (int k = 0; k < n; k++) {
            band b = band_of(c, k, n);
            splat_lines(&b, l);
            splat_discs(&b, l);
        }
    }
    if (theme->glow > 0)
        spread(c, threads);
    ORR_PARALLEL(threads)
    {
        ORR_DEALT_FOR
        for (int k = 0; k < n; k++) {
            band b = band_of(c, k, n);
            for (int y = b.y0; y < b.y1; y++)
                develop_row(c, theme, y);
            paint_items(&b, l);
        }
    }
}

void canvas_render_overlay(canvas *c, const draw_list *l, int threads)
{
    int n = bands_for(threads);
    ORR_PARALLEL(threads)
    {
        ORR_DEALT_FOR
        for (int k = 0; k < n; k++) {
            band b = band_of(c, k, n);
            memset(c->pixels + (size_t)b.y0 * (size_t)b.width, 0,
                   (size_t)(b.y1 - b.y0) * (size_t)b.width * sizeof *c->pixels);
            paint_items(&b, l);
        }
    }
}
