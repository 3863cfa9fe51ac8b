/* scene.c - see scene.h. */
#include "scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <orrery/osculating.h>
#include <orrery/primaries.h>

#include "viewer/draw/cloud.h"
#include "viewer/draw/pencil.h"
#include "viewer/draw/trail_lines.h"

static const double pi = 3.14159265358979323846;

/* ---- colours ---- */

/* After Okabe & Ito 2008, told apart with any colour vision; blues and greens lightened for black.
 */
static const uint32_t palette[] = {0xe69f00, 0x56b4e9, 0x2fbf92, 0xf0e442,
                                   0x5a8fd8, 0xe8743b, 0xd98cb8};

/* The body that shines on all others; n if there is none. */
static size_t sun_of(const orr_bodies *b)
{
    size_t sun = b->n_active < 2 ? b->n : orr_dominant_body(b, ORR_PART_OUTWEIGHS);
    return sun < b->n_active ? sun : b->n;
}

static uint32_t own_color(const subject *s, const orr_bodies *b, size_t i, size_t sun)
{
    uint64_t id = b->id[i];
    uint32_t own = s->colors && id < s->n_colors ? s->colors[id] : 0;
    if (!own)
        own = i == sun                                       ? 0xffe6a8
              : i >= b->n_active + b->n_passive && s->n > 60 ? 0x9fb6d8
              : s->n > 60                                    ? 0xcfdcff
                          : palette[id % (sizeof palette / sizeof *palette)];
    return own;
}

/* Of which bodies: their sun, and what their colours tell. */
typedef struct painting {
    const subject *subject;
    const orr_bodies *bodies;
    size_t sun;
    tint tint;
} painting;

static uint32_t color_of(const painting *p, size_t i)
{
    if (p->tint.kind == TINT_OWN)
        return own_color(p->subject, p->bodies, i, p->sun);
    return tint_color(p->tint.kind, tint_place(&p->tint, p->bodies, i));
}

/* ---- orbits ---- */

/* Places along the conic, densest at the body itself, where the line must meet it. */
static void draw_orbit(const pencil *p, const orr_bodies *b, size_t i, size_t around,
                       const frame *f, draw_color c)
{
    enum { PIECES = 180 };
    orr_elements el;
    orr_orbit o;
    if (orr_osculating_pair(b, i, around, &el, &o) != ORR_OK)
        return;
    double mu = b->gm[i] + b->gm[around], before[3] = {0};
    double edge = el.e < 1 ? pi : acos(-1 / fmax(el.e, 1 + 1e-12)) * 0.995;
    if (el.e == 1)
        edge = 0.99 * pi;
    orr_body center = orr_bodies_get(b, around);
    for (int k = 0; k <= PIECES; k++) {
        double u = 2.0 * k / PIECES - 1, s = u * u * u * 0.85 + u * 0.15;
        orr_elements at = el;
        if (el.e < 1) /* equal steps in the eccentric anomaly suit any ellipse */
            at.f = remainder(orr_true_from_eccentric(el.e, o.E + pi * s), 2 * pi);
        else
            at.f = s < 0 ? el.f + s * (el.f + edge) : el.f + s * (edge - el.f);
        orr_state place;
        if (orr_state_from_elements(&at, mu, &place) != ORR_OK)
            return;
        double world[3], here[3];
        for (int j = 0; j < 3; j++)
            world[j] = center.pos[j] + place.pos[j];
        frame_apply(f, world, here);
        if (k > 0)
            draw_segment(p, before, here, c, 1, 1);
        memcpy(before, here, sizeof before);
    }
}

/* ---- the grid: circles and spokes in the plane of reference ---- */

static void draw_grid(const pencil *p, const scene_view *v)
{
    enum { CIRCLES = 5, SPOKES = 12, PIECES = 120 };
    double step = pow(10, floor(log10(v->camera.distance * 0.3))), axes[3][3];
    camera plane = {.pitch = 0, .distance = 1};
    memcpy(plane.north, v->north, sizeof plane.north);
    camera_axes(&plane, axes);
    draw_color c = mix(draw_light_of(v->look.light ? 0x505860 : 0x4b6c8f, 1), 0.22);
    for (int ring = 1; ring <= CIRCLES + 4; ring++) {
        double radius = ring <= CIRCLES ? ring * step : (ring - CIRCLES + 1) * CIRCLES * step;
        double before[3] = {0};
        for (int k = 0; k <= PIECES; k++) {
            double angle = 2 * pi * k / PIECES, here[3];
            for (int j = 0; j < 3; j++)
                here[j] = radius *
                          (cos(angle) * axes[CAMERA_RIGHT][j] - sin(angle) * axes[CAMERA_BACK][j]);
            if (k > 0)
                draw_segment(p, before, here, c, 1, 1);
            memcpy(before, here, sizeof before);
        }
    }
    for (int k = 0; k < SPOKES; k++) {
        double angle = 2 * pi * k / SPOKES, inner[3], outer[3];
        for (int j = 0; j < 3; j++) {
            double along = cos(angle) * axes[CAMERA_RIGHT][j] - sin(angle) * axes[CAMERA_BACK][j];
            inner[j] = step * along;
            outer[j] = 25 * step * along;
        }
        draw_segment(p, inner, outer, c, 0.7, 0);
    }
}

/* ---- bodies ---- */

/* The radius of a disc that can be seen, by mass [pixels]. */
static double size_by_mass(const orr_bodies *b, size_t i, size_t sun, double heaviest)
{
    double crowd = b->n > 60 ? pow(60.0 / (double)b->n, 0.5) : 1;
    if (i == sun)
        return 5.5;
    if (!(b->gm[i] > 0))
        return fmax(0.7, 1.6 * crowd);
    double size = 5 + 0.75 * log10(b->gm[i] / heaviest);
    return fmax(0.7, fmax(1.7, size) * crowd);
}

typedef struct seen_disc {
    double depth;
    size_t body;
    draw_disc disc;
} seen_disc;

static int farther_first(const void *a, const void *b)
{
    double x = ((const seen_disc *)a)->depth, y = ((const seen_disc *)b)->depth;
    return (x < y) - (x > y);
}

static void light_from(const lens *l, const orr_bodies *b, size_t i, size_t sun, float out[3])
{
    double d[3], size = 0;
    for (size_t c = 0; c < 3; c++)
        d[c] = b->pos[sun + c * b->stride] - b->pos[i + c * b->stride];
    for (int k = 0; k < 3; k++) {
        double along = l->axes[k][0] * d[0] + l->axes[k][1] * d[1] + l->axes[k][2] * d[2];
        out[k] = (float)along;
        size += along * along;
    }
    for (int k = 0; k < 3; k++)
        out[k] = size > 0 ? (float)(out[k] / sqrt(size)) : 0;
}

/* Bodies that are drawn as discs: all if they are few, else those with a mass among test bodies. */
static size_t discs_of(const orr_bodies *b)
{
    if (b->n <= SCENE_MOST_DISCS)
        return b->n;
    return b->n_active <= 200 ? b->n_active : 0;
}

/* Of a cloud of points, those that are discs all the same: the sun, and the selected body. */
static size_t beside_cloud(const scene_view *v, size_t n_discs, size_t sun, size_t out[2])
{
    size_t n = 0, selected = v->look.selected;
    if (sun >= n_discs && sun < v->bodies->n)
        out[n++] = sun;
    if (selected >= n_discs && selected < v->bodies->n && selected != sun)
        out[n++] = selected;
    return n;
}

static bool is_in_picture(const scene_view *v, const draw_disc *d)
{
    return d->x >= v->x && d->x < v->x + v->width && d->y >= v->y && d->y < v->y + v->height;
}

/* Bodies that may be named: the sun, the selected one, those with a mass among test bodies, and all
 * that are in the picture, if they are few. */
static size_t find_spots(const scene_view *v, const seen_disc *seen, size_t n_seen, size_t sun,
                         scene_spot spots[SCENE_MOST_SPOTS])
{
    const orr_bodies *b = v->bodies;
    const size_t few = 60;
    size_t n = 0, in_picture = 0;
    for (size_t k = 0; k < n_seen; k++)
        in_picture += is_in_picture(v, &seen[k].disc);
    for (size_t k = 0; k < n_seen; k++) {
        const seen_disc *s = &seen[k];
        bool selected = s->body == v->look.selected;
        bool worth = selected || s->body == sun || in_picture <= few ||
                     (s->body < b->n_active && b->n_active <= SCENE_MOST_SPOTS);
        if (!worth || !is_in_picture(v, &s->disc) || (n == SCENE_MOST_SPOTS && !selected))
            continue;
        spots[n < SCENE_MOST_SPOTS ? n++ : SCENE_MOST_SPOTS - 1] = (scene_spot){
            s->body, s->disc.x, s->disc.y, s->disc.radius, selected ? INFINITY : b->gm[s->body]};
    }
    return n;
}

static size_t draw_bodies(const scene_view *v, const lens *world, const painting *paint,
                          draw_list *list, scene_spot spots[SCENE_MOST_SPOTS])
{
    const orr_bodies *b = v->bodies;
    size_t n = discs_of(b), n_seen = 0, extra[2], sun = paint->sun;
    size_t n_extra = beside_cloud(v, n, sun, extra);
    seen_disc *seen = n + n_extra ? malloc((n + n_extra) * sizeof *seen) : NULL;
    double heaviest = 0, scale = v->look.scale;
    for (size_t i = 0; n + n_extra && i < b->n_active; i++)
        heaviest = i != sun ? fmax(heaviest, b->gm[i]) : heaviest;
    if (n + n_extra && !seen)
        list->short_of_memory = true;
    for (size_t k = 0; k < n + n_extra && seen; k++) {
        size_t i = k < n ? k : extra[k - n];
        orr_body body = orr_bodies_get(b, i);
        double at[3], x, y;
        lens_view(world, body.pos, at);
        if (!lens_project(world, at, &x, &y))
            continue;
        double real = body.radius * world->focal / at[2];
        double least = v->look.true_size ? 1.1 * scale : scale * size_by_mass(b, i, sun, heaviest);
        double radius = fmax(real, least);
        if (!(x > v->x - radius * 8 && x < v->x + v->width + radius * 8) ||
            !(y > v->y - radius * 8 && y < v->y + v->height + radius * 8) || !(radius < 1e6))
            continue;
        bool shines = sun == b->n || i == sun;
        draw_disc disc = {.x = (float)x,
                          .y = (float)y,
                          .radius = (float)radius,
                          .x_least = (float)v->x,
                          .x_most = (float)(v->x + v->width)};
        uint32_t color = color_of(paint, i);
        bool crowded = b->n > 100 && i != sun;
        disc.light = draw_light_of(color, v->look.light ? 1
                                          : crowded     ? 1.8f
                                          : shines      ? 2.5f
                                                        : 0.9f);
        disc.halo =
            (float)(shines && !crowded ? fmin(radius * (i == sun ? 5 : 4), radius + 260 * scale)
                                       : 0);
        if (v->look.light)
            disc.halo = 0;
        if (!shines && radius > 5 * scale)
            light_from(world, b, i, sun, disc.sun);
        seen[n_seen++] = (seen_disc){at[2], i, disc};
    }
    if (seen)
        qsort(seen, n_seen, sizeof *seen, farther_first);
    for (size_t k = 0; k < n_seen; k++)
        draw_add_disc(list, &seen[k].disc);
    size_t n_spots = seen ? find_spots(v, seen, n_seen, sun, spots) : 0;
    free(seen);
    return n_spots;
}

/* The light of each point of a cloud. */
typedef struct cloud_paint {
    const painting *paint;
    float light;
} cloud_paint;

static draw_color point_light(const void *user, size_t i)
{
    const cloud_paint *c = user;
    return draw_light_of(color_of(c->paint, i), c->light);
}

static void draw_cloud(const scene_view *v, const lens *world, const painting *paint, int threads,
                       draw_list *list)
{
    const orr_bodies *b = v->bodies;
    size_t first = discs_of(b), n = b->n - first;
    if (n == 0)
        return;
    draw_point *points = draw_points(list, n);
    if (!points)
        return;
    const subject *s = v->subject;
    double light = fmin(1.3, 50 / sqrt((double)n)) * v->look.scale * v->look.scale;
    cloud_paint each = {paint, (float)light};
    bool one_color = paint->tint.kind == TINT_OWN && !s->colors;
    draw_color same = point_light(&each, b->n - 1);
    cloud_project(world, b, first, b->n, one_color ? NULL : point_light,
                  one_color ? (void *)&same : &each, threads, points);
}

/* ---- trails ---- */

typedef struct trail_source {
    const scene_view *v;
    const painting *paint;
    double crowd; /* light of each of many */
} trail_source;

static trail_head trail_head_of(const void *user, size_t i)
{
    const trail_source *s = user;
    const orr_bodies *b = s->v->bodies;
    bool one_of_few = b->n_active <= 60 && i < b->n_active; /* planets among small bodies */
    trail_head head = {.place.t = s->v->t, .scale = s->v->look.scale};
    frame_apply(&s->v->frame, orr_bodies_get(b, i).pos, head.place.pos);
    head.color = mix(draw_light_of(color_of(s->paint, i), 1), one_of_few ? 1 : s->crowd);
    return head;
}

/* ---- all ---- */

/* The lens for places in the frame, and for places of the simulation. */
static void lenses(const scene_view *v, lens *inside, lens *world)
{
    *inside = camera_lens(&v->camera, v->x, v->y, v->width, v->height);
    *world = lens_through(inside, v->frame.rotation, v->frame.origin);
}

size_t scene_build(const scene_view *v, int threads, draw_list *l,
                   scene_spot spots[SCENE_MOST_SPOTS])
{
    const orr_bodies *b = v->bodies;
    lens inside, world;
    lenses(v, &inside, &world);
    pencil p = {.l = &inside, .list = l, .width = 1.25f * v->look.scale};
    pencil thin = p;
    thin.width = 0.9f * v->look.scale;
    painting paint = {v->subject, b, sun_of(b),
                      tint_for(v->look.tint, b, &world, subject_speed_unit(v->subject))};
    size_t known = v->around && v->n_around < b->n ? v->n_around : b->n;
    if (v->look.grid)
        draw_grid(&thin, v);
    for (size_t i = 0; i < known && v->around && v->look.orbits; i++) {
        bool many = b->n > 60 && i >= (b->n_active <= 60 ? b->n_active : 0);
        if (v->around[i] < b->n && (!many || i == v->look.selected))
            draw_orbit(
                &thin, b, i, v->around[i], &v->frame,
                mix(draw_light_of(color_of(&paint, i), 1), i == v->look.selected ? 0.8 : 0.3));
    }
    if (v->look.trails && v->trails && v->trails->room) {
        trail_source source = {v, &paint, b->n > 16 ? pow(16.0 / (double)b->n, 0.6) : 1};
        trail_lines_draw(&p, v->trails, b->n < v->trails->n ? b->n : v->trails->n, trail_head_of,
                         &source, threads);
    }
    draw_cloud(v, &world, &paint, threads, l);
    return draw_bodies(v, &world, &paint, l, spots);
}

tint scene_tint(const scene_view *v)
{
    lens inside, world;
    lenses(v, &inside, &world);
    return tint_for(v->look.tint, v->bodies, &world, subject_speed_unit(v->subject));
}

size_t scene_pick(const scene_view *v, double x, double y, double reach)
{
    const orr_bodies *b = v->bodies;
    lens inside, world;
    lenses(v, &inside, &world);
    size_t best = SIZE_MAX;
    double least = INFINITY, px, py, at[3];
    for (size_t i = 0; i < b->n; i++) {
        orr_body body = orr_bodies_get(b, i);
        lens_view(&world, body.pos, at);
        if (!lens_project(&world, at, &px, &py))
            continue;
        double off = hypot(px - x, py - y) - body.radius * world.focal / at[2];
        /* where several are on one pixel, the heavier */
        if (off <= reach && (off < least - 1 || (off < least + 1 && body.gm > b->gm[best]))) {
            best = i;
            least = off;
        }
    }
    return best;
}

bool scene_project(const scene_view *v, const double p[3], double *x, double *y)
{
    lens inside = camera_lens(&v->camera, v->x, v->y, v->width, v->height);
    double at[3];
    lens_view(&inside, p, at);
    return lens_project(&inside, at, x, y);
}
