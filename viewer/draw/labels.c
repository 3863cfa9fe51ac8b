/* labels.c - see labels.h. */
#include "labels.h"

#include <stdlib.h>

enum { MOST_PANELS = 64 };

typedef struct box {
    float x0, y0, x1, y1;
} box;

static int weightier(const void *a, const void *b)
{
    double x = ((const scene_spot *)a)->weight, y = ((const scene_spot *)b)->weight;
    return (x < y) - (x > y);
}

static bool apart(const box *a, const box *b)
{
    return a->x1 < b->x0 || b->x1 < a->x0 || a->y1 < b->y0 || b->y1 < a->y0;
}

size_t labels_draw(const scene_view *v, scene_spot *spots, size_t n, font *f, float size,
                   uint32_t color, draw_list *l, label written[SCENE_MOST_SPOTS])
{
    box taken[2 * SCENE_MOST_SPOTS + MOST_PANELS];
    size_t n_taken = 0, n_written = 0;
    for (size_t k = 0; k < l->n_items && n_taken < MOST_PANELS; k++)
        if (l->items[k].kind == DRAW_BOX)
            taken[n_taken++] =
                (box){l->items[k].x0, l->items[k].y0, l->items[k].x1, l->items[k].y1};
    const size_t first_spot = n_taken;
    qsort(spots, n, sizeof *spots, weightier);
    for (size_t k = 0; k < n; k++) /* bodies themselves are not written over */
        taken[n_taken++] = (box){spots[k].x - 2, spots[k].y - 2, spots[k].x + 2, spots[k].y + 2};
    for (size_t k = 0; k < n; k++) {
        const scene_spot *s = &spots[k];
        const char *name = v->subject->name(v->subject->names, v->bodies->id[s->body]);
        float w = font_width(f, size, name), gap = s->radius + 0.25f * size;
        if (s->body == v->look.selected)
            gap += 0.5f * size; /* it has a ring */
        const float places[4][2] = {{s->x + gap, s->y + 0.32f * size},
                                    {s->x - gap - w, s->y + 0.32f * size},
                                    {s->x - w / 2, s->y + gap + 0.8f * size},
                                    {s->x - w / 2, s->y - gap - 0.2f * size}};
        for (int p = 0; p < 4; p++) {
            box b = {places[p][0] - 2, places[p][1] - 0.8f * size, places[p][0] + w + 2,
                     places[p][1] + 0.25f * size};
            bool free = b.x0 >= (float)v->x && b.x1 <= (float)(v->x + v->width) &&
                        b.y0 >= (float)v->y && b.y1 <= (float)(v->y + v->height);
            for (size_t i = 0; i < n_taken && free; i++)
                free = i == first_spot + k || apart(&b, &taken[i]);
            if (!free)
                continue;
            draw_add_text(l, f, size, places[p][0], places[p][1], name, color);
            taken[n_taken++] = b;
            written[n_written++] = (label){b.x0, b.y0, b.x1, b.y1, s->body};
            break;
        }
    }
    return n_written;
}
