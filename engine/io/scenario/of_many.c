/* of_many.c - quantities of all bodies that can be expected: how fast they move among each other,
 * how they clump. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* [1/time] How the speed in y falls with x in a shearing sheet; else 0. */
static double shear_of(const orr_scenario *s)
{
    for (size_t k = 0; k < s->n_integrator_options; k++)
        if (s->boundary.kind == ORR_SHEARING_SHEET &&
            strcmp(s->integrator_options[k].name, "Omega") == 0)
            return 1.5 * s->integrator_options[k].number;
    return 0;
}

double orr_dispersion(const orr_scenario *s, const orr_bodies *b)
{
    double shear = shear_of(s), mean[3] = {0}, sum = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t c = 0; c < 3; c++)
            for (size_t i = 0; i < b->n; i++) {
                double v = b->vel[i + c * b->stride] + (c == 1 ? shear * b->pos[i] : 0);
                if (pass == 0)
                    mean[c] += v / (double)b->n;
                else
                    sum += (v - mean[c]) * (v - mean[c]);
            }
    return sqrt(sum / (3 * (double)b->n));
}

double orr_clumping(const orr_scenario *s, const orr_bodies *b)
{
    const double each = 16;
    const double *size = s->boundary.size;
    if (!(size[0] > 0 && size[1] > 0))
        return NAN;
    double cells = fmax(1, (double)b->n / each), sum = 0;
    size_t nx = (size_t)fmax(1, fmin(cells, sqrt(cells * size[0] / size[1])));
    size_t ny = (size_t)fmax(1, cells / (double)nx);
    double *count = calloc(nx * ny, sizeof *count), mean = (double)b->n / (double)(nx * ny);
    if (!count)
        return NAN;
    for (size_t i = 0; i < b->n; i++) {
        double x = b->pos[i] / size[0] + 0.5, y = b->pos[i + b->stride] / size[1] + 0.5;
        size_t u = (size_t)(fmax(0, x) * (double)nx), v = (size_t)(fmax(0, y) * (double)ny);
        count[(v < ny ? v : ny - 1) * nx + (u < nx ? u : nx - 1)]++;
    }
    for (size_t k = 0; k < nx * ny; k++)
        sum += (count[k] - mean) * (count[k] - mean);
    free(count);
    return sum / (double)(nx * ny) / mean;
}
