/* draw_develop.c - from light to what a screen shows; see draw_band.h. */
#include <string.h>

#include "base/team.h"
#include "draw_band.h"

/* ---- glow ---- */

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

/* Phase 0: rows are shrunk, 1: blurred, 2: columns are blurred; each three times. */
static void spread_task(void *context, size_t phase, size_t k)
{
    canvas *c = context;
    int columns = c->width / CELL + 2, rows = c->height / CELL + 2;
    v4 *a = (v4 *)c->small[0], *b = (v4 *)c->small[1];
    if (phase < 2 && k < (size_t)rows) {
        v4 *from = a + k * (size_t)columns, *to = b + k * (size_t)columns;
        if (phase == 0) {
            shrink(c, (int)k);
            return;
        }
        blur_line(from, to, columns, 1);
        blur_line(to, from, columns, 1);
        blur_line(from, to, columns, 1);
    }
    if (phase == 2 && k < (size_t)columns) {
        blur_line(b + k, a + k, rows, (size_t)columns);
        blur_line(a + k, b + k, rows, (size_t)columns);
        blur_line(b + k, a + k, rows, (size_t)columns);
    }
}

void draw_spread(canvas *c, int threads)
{
    int columns = c->width / CELL + 2, rows = c->height / CELL + 2;
    orr_team_run(threads, 3, (size_t)(rows > columns ? rows : columns), spread_task, c);
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

void draw_develop_row(const canvas *c, const draw_theme *theme, int y)
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
