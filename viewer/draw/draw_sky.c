/* draw_sky.c - light of lines, halos and discs; see draw_band.h. */
#include "draw_band.h"

void draw_sky_lines(const band *b, const draw_list *l)
{
    for (size_t k = 0; k < l->n_lines; k++) {
        const draw_line *line = &l->lines[k];
        float reach = line->width + 1.5f;
        if (larger(line->y[0], line->y[1]) + reach < (float)b->y0 ||
            smaller(line->y[0], line->y[1]) - reach > (float)b->y1)
            continue;
        run r;
        if (!draw_find_run(line->x, line->y, line->width, b->width, b->c->height, &r))
            continue;
        if (r.steep) {
            r.first = clamp(r.first, b->y0, b->y1);
            r.last = clamp(r.last, b->y0, b->y1);
        }
        v4 from = vector(line->light[0]), change = vector(line->light[1]) - from;
        int least = r.steep ? 0 : b->y0, most = r.steep ? b->width : b->y1, i, last;
        for (int u = r.first; u < r.last; u++) {
            float v = draw_across(&r, u, least, most, &i, &last);
            v4 light = from + change * (((float)u + 0.5f - r.start) * r.inverse);
            for (; i < last; i++) {
                int x = r.steep ? i : u, y = r.steep ? u : i;
                *pixel(b, x, y) += light * draw_coverage(&r, v, i);
                b->lit[(size_t)y * (size_t)b->tiles + (size_t)(x / TILE)] = 1;
            }
        }
    }
}

/* The columns that a disc may touch within `reach`: *first <= x < *last. */
static void columns_of(const band *b, const draw_disc *d, float reach, int *first, int *last)
{
    *first = clamp((int)floorf(larger(d->x - reach, d->x_least)), 0, b->width);
    *last = clamp((int)ceilf(smaller(d->x + reach, d->x_most)), 0, b->width);
}

/* Light that falls off around a body. */
static void splat_halo(const band *b, const draw_disc *d)
{
    float reach = d->halo;
    int y0 = clamp((int)floorf(d->y - reach), b->y0, b->y1),
        y1 = clamp((int)ceilf(d->y + reach), b->y0, b->y1);
    int x0, x1;
    columns_of(b, d, reach, &x0, &x1);
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
    int x0, x1;
    columns_of(b, d, reach, &x0, &x1);
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

void draw_sky_discs(const band *b, const draw_list *l)
{
    for (size_t k = 0; k < l->n_discs; k++)
        if (l->discs[k].halo > 0)
            splat_halo(b, &l->discs[k]);
    for (size_t k = 0; k < l->n_discs; k++)
        cover_disc(b, &l->discs[k]);
}
