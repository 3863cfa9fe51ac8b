/* trail_lines.c - see trail_lines.h. */
#include "trail_lines.h"

#include <math.h>
#include <string.h>

#include "base/team.h"

/* A cubic through p1 and p2 with the slopes that their neighbours suggest (Catmull & Rom 1974);
 * where there is none (p0 == p1, p2 == p3) the slope of a parabola. */
static void between(const trail_place *p0, const trail_place *p1, const trail_place *p2,
                    const trail_place *p3, double s, double out[3])
{
    double h = p2->t - p1->t, s2 = s * s, s3 = s2 * s;
    for (int k = 0; k < 3; k++) {
        double m1 = h * (p2->pos[k] - p0->pos[k]) / (p2->t - p0->t);
        double m2 = h * (p3->pos[k] - p1->pos[k]) / (p3->t - p1->t);
        if (p0 == p1)
            m1 = 2 * (p2->pos[k] - p1->pos[k]) - m2;
        else if (p2 == p3)
            m2 = 2 * (p2->pos[k] - p1->pos[k]) - m1;
        out[k] = (2 * s3 - 3 * s2 + 1) * p1->pos[k] + (s3 - 2 * s2 + s) * m1 +
                 (3 * s2 - 2 * s3) * p2->pos[k] + (s3 - s2) * m2;
    }
}

/* The cosine of the angle at b. */
static double straightness(const double a[3], const double b[3], const double c[3])
{
    double ab = 0, bc = 0, dot = 0;
    for (int k = 0; k < 3; k++) {
        double u = b[k] - a[k], v = c[k] - b[k];
        ab += u * u;
        bc += v * v;
        dot += u * v;
    }
    return ab > 0 && bc > 0 ? dot / sqrt(ab * bc) : 1;
}

static double fading(double age, double length)
{
    double left = 1 - age / length;
    return left > 0 ? left * left * 0.9 : 0;
}

/* A place of a trail in the picture. */
typedef struct trail_point {
    const trail_place *place;
    double x, y, light;
    bool seen; /* in the picture: lines to others that are need no cutting */
} trail_point;

static trail_point trail_point_of(const lens *l, const trail_place *place, double light)
{
    trail_point p = {.place = place, .light = light};
    double v[3];
    lens_view(l, place->pos, v);
    p.seen = lens_project(l, v, &p.x, &p.y) && p.x >= l->x_least && p.x <= l->x_most &&
             p.y >= l->y_least && p.y <= l->y_most;
    return p;
}

static void draw_seen(const pencil *p, const trail_point *a, const trail_point *b, draw_color c)
{
    draw_line line = {.x = {(float)a->x, (float)b->x},
                      .y = {(float)a->y, (float)b->y},
                      .width = p->width,
                      .light = {mix(c, a->light), mix(c, b->light)}};
    draw_add_line(p->list, &line);
}

/* A stretch of a trail that is long in the picture: as a curve.  False: it was seen too seldom for
 * a true line. */
static bool draw_curve(const pencil *p, const trail_place *p0, const trail_point *from,
                       const trail_point *to, const trail_place *p3, draw_color c)
{
    const trail_place *p1 = from->place, *p2 = to->place;
    double cosine =
        fmin(straightness(p0->pos, p1->pos, p2->pos), straightness(p1->pos, p2->pos, p3->pos));
    if (cosine < -0.2)
        return false;
    int pieces = cosine > 0.995 || (p0 == p1 && p2 == p3) ? 1 : cosine > 0.95 ? 3 : 8;
    double a[3], b[3];
    memcpy(a, p1->pos, sizeof a);
    for (int m = 1; m <= pieces; m++) {
        double s = (double)m / pieces, s0 = (m - 1.0) / pieces, change = to->light - from->light;
        if (m == pieces)
            memcpy(b, p2->pos, sizeof b);
        else
            between(p0, p1, p2, p3, s, b);
        draw_segment(p, a, b, c, from->light + change * s0, from->light + change * s);
        memcpy(a, b, sizeof a);
    }
    return true;
}

static void draw_trail(const pencil *p, const trails *all, size_t i, const trail_head *now)
{
    /* [pixels]: shorter stretches are drawn together; among thousands nobody sees a corner */
    const double tiny = (all->n > 2000 ? 8 : 4) * now->scale;
    double length = all->length[i];
    /* an eighth of a trail without a place is a gap, unless places are as few by design */
    double most_apart = length * fmax(0.125, 2.5 / (double)(all->room - 4));
    trail_place head = now->place;
    const trail_place *before = &head, *place = trails_get(all, i, 0);
    size_t k = 1;
    if (place && place->t == head.t)
        place = trails_get(all, i, k++);
    trail_point last = trail_point_of(p->l, &head, fading(0, length)); /* up to here it is drawn */
    for (; place && last.light > 0; k++) {
        const trail_place *next = trails_get(all, i, k);
        if (fabs(place->t - last.place->t) > most_apart)
            return; /* nobody knows where it was */
        trail_point here = trail_point_of(p->l, place, fading(fabs(head.t - place->t), length));
        double size = fmax(fabs(here.x - last.x), fabs(here.y - last.y));
        if (last.seen && here.seen && size < tiny && next) {
            place = next;
            continue;
        }
        if (last.seen && here.seen && size < 2 * tiny)
            draw_seen(p, &last, &here, now->color);
        else if (!draw_curve(p, before, &last, &here, next ? next : place, now->color))
            return;
        before = last.place;
        last = here;
        place = next;
    }
}

typedef struct trail_tasks {
    const pencil *p;
    const trails *all;
    size_t n, parts;
    trail_head_fn *head;
    const void *user;
    draw_list *lists[DRAW_MOST_PARTS];
} trail_tasks;

static void draw_some_trails(void *context, size_t phase, size_t k)
{
    const trail_tasks *t = context;
    pencil own = *t->p;
    (void)phase;
    own.list = t->lists[k];
    for (size_t i = t->n * k / t->parts; i < t->n * (k + 1) / t->parts; i++) {
        trail_head now = t->head(t->user, i);
        draw_trail(&own, t->all, i, &now);
    }
}

/* Each part is drawn into a list of its own; then they are joined in order. */
void trail_lines_draw(const pencil *p, const trails *all, size_t n, trail_head_fn *head,
                      const void *user, int threads)
{
    int parts = n < 500 || threads < 2 ? 1 : threads < DRAW_MOST_PARTS ? threads : DRAW_MOST_PARTS;
    trail_tasks t = {p, all, n, (size_t)parts, head, user, {p->list}};
    for (int k = 0; k < parts && parts > 1; k++) {
        t.lists[k] = draw_part(p->list, k);
        if (!t.lists[k])
            return;
    }
    orr_team_run(parts, 1, t.parts, draw_some_trails, &t);
    for (int k = 0; k < parts && parts > 1; k++)
        draw_join(p->list, t.lists[k]);
}
