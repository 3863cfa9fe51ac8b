/* cloud.c - see cloud.h. */
#include "cloud.h"

#include <math.h>

#include "base/team.h"

enum { BLOCK = 4096 };

static void project_block(const lens *l, const orr_bodies *b, size_t first, size_t last,
                          cloud_light *light_of, const void *user, draw_point *out)
{
    draw_color light = light_of ? (draw_color){0} : *(const draw_color *)user;
    const double *x = b->pos, *y = x + b->stride, *z = y + b->stride;
    for (size_t i = first; i < last; i++) {
        double p[3] = {x[i], y[i], z[i]}, v[3];
        lens_view(l, p, v);
        double w = v[2] > l->near ? 1 / v[2] : 0, scale = l->focal * w;
        double near = l->distance * w; /* brighter in front, by the square, within reason */
        near *= near;
        float power = (float)(near > 4 ? 4 : near > 0.25 ? near : 0.25);
        double px = l->x0 + v[0] * scale, py = l->y0 - v[1] * scale;
        bool seen = w > 0 && px > l->x_least - 1 && px < l->x_most + 1 && py > l->y_least - 1 &&
                    py < l->y_most + 1; /* false for NaN */
        if (light_of && seen)
            light = light_of(user, i);
        *out++ = (draw_point){seen ? (float)px : -1e9f,
                              seen ? (float)py : -1e9f,
                              {light.r * power, light.g * power, light.b * power}};
    }
}

typedef struct cloud_tasks {
    const lens *l;
    const orr_bodies *b;
    size_t first, last;
    cloud_light *light;
    const void *user;
    draw_point *out;
} cloud_tasks;

static void project_task(void *context, size_t phase, size_t k)
{
    const cloud_tasks *t = context;
    size_t from = t->first + k * BLOCK, to = from + BLOCK;
    (void)phase;
    project_block(t->l, t->b, from, to < t->last ? to : t->last, t->light, t->user,
                  t->out + (from - t->first));
}

void cloud_project(const lens *l, const orr_bodies *b, size_t first, size_t last,
                   cloud_light *light, const void *user, int threads, draw_point *out)
{
    cloud_tasks t = {l, b, first, last, light, user, out};
    orr_team_run(threads, 1, (last - first + BLOCK - 1) / BLOCK, project_task, &t);
}
