/* draw_list.c - what is in a picture; see draw.h. */
#include "draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

draw_color draw_light_of(uint32_t rgb, float scale)
{
    float r = (float)(rgb >> 16 & 255) / 255, g = (float)(rgb >> 8 & 255) / 255,
          b = (float)(rgb & 255) / 255;
    return (draw_color){scale * r * r, scale * g * g, scale * b * b}; /* the screen takes roots */
}

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
