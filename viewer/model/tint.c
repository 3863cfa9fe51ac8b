/* tint.c - see tint.h. */
#include "tint.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_SAMPLED = 4096 };

const char *tint_name(tint_kind kind)
{
    static const char *const names[] = {"own", "speed", "approach"};
    return names[kind];
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* 1, 2 or 5 times a power of ten, not below x. */
static double round_above(double x)
{
    double power = pow(10, floor(log10(x))), part = x / power;
    return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

/* Against the mean velocity: its size, or what of it is away from the eye. */
static double value_of(const tint *t, const orr_bodies *b, size_t i)
{
    double square = 0, away = 0;
    for (size_t c = 0; c < 3; c++) {
        double v = b->vel[i + c * b->stride] - t->mean[c];
        square += v * v;
        away -= v * t->back[c];
    }
    return t->kind == TINT_SPEED ? sqrt(square) : away;
}

static void mean_velocity(const orr_bodies *b, double mean[3])
{
    double gm = 0;
    for (size_t i = 0; i < b->n; i++)
        gm += b->gm[i];
    for (size_t c = 0; c < 3; c++) {
        const double *v = b->vel + c * b->stride;
        double sum = 0;
        for (size_t i = 0; i < b->n; i++)
            sum += gm > 0 ? b->gm[i] * v[i] : v[i];
        mean[c] = b->n ? sum / (gm > 0 ? gm : (double)b->n) : 0;
    }
}

tint tint_for(tint_kind kind, const orr_bodies *b, const lens *world, double unit)
{
    tint t = {.kind = kind};
    double sampled[MOST_SAMPLED];
    size_t n = 0, every = b->n / MOST_SAMPLED + 1;
    if (kind == TINT_OWN)
        return t;
    for (int k = 0; k < 3; k++)
        t.back[k] = world->axes[CAMERA_BACK][k];
    mean_velocity(b, t.mean);
    for (size_t i = 0; i < b->n; i += every) {
        double value = fabs(value_of(&t, b, i));
        if (isfinite(value))
            sampled[n++] = value;
    }
    qsort(sampled, n, sizeof *sampled, by_size);
    double most = n ? sampled[(size_t)(0.95 * (double)(n - 1))] : 0;
    t.most = most > 0 ? unit * round_above(most / unit) : 0;
    return t;
}

double tint_place(const tint *t, const orr_bodies *b, size_t i)
{
    double x = t->most > 0 ? value_of(t, b, i) / t->most : 0;
    if (t->kind == TINT_APPROACH)
        x = 0.5 + 0.5 * x;
    return x > 1 ? 1 : x > 0 ? x : 0; /* not a number: 0 */
}

/* Colours between which the scales run: dark to bright, told apart with any colour vision, and from
 * blue over white to red. */
static const unsigned char slow_to_fast[][3] = {
    {100, 110, 255}, {190, 90, 255}, {255, 95, 170}, {255, 160, 80}, {255, 240, 130}};
static const unsigned char comes_to_goes[][3] = {
    {60, 120, 255}, {140, 185, 255}, {255, 255, 255}, {255, 160, 120}, {255, 70, 60}};

uint32_t tint_color(tint_kind kind, double place)
{
    const unsigned char(*steps)[3] = kind == TINT_APPROACH ? comes_to_goes : slow_to_fast;
    double at = place * 4;
    int k = at < 3 ? (int)at : 3;
    uint32_t color = 0;
    for (int c = 0; c < 3; c++) {
        double level = steps[k][c] + (steps[k + 1][c] - steps[k][c]) * (at - k);
        color = color << 8 | (uint32_t)(level + 0.5);
    }
    return color;
}
