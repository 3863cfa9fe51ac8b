/* A patch of a ring or disc, for a box whose sides are joined (orrery/boundary.h): places uniform
 * in x and y, Gaussian in z, none closer to another than `apart`, across the sides, too.  Speeds:
 * those of circular orbits, -3/2 Omega x in y, and epicycles of the same height as the layer, with
 * sigma_y = sigma_x / 2 (Binney & Tremaine 2008, section 8.1.2 for a Kepler disc).
 * With Omega 0 it is a box of bodies at rest. */
#include <orrery/generator.h>

#include <math.h>
#include <stdlib.h>

#include "random.h"

typedef struct patch {
    double x, y, height, omega, apart;
} patch;

/* The bodies so far, in cells of the plane. */
typedef struct plane {
    double *at;                    /* [3 count] */
    size_t *head, *next, cells[2]; /* 1 + body; 0: none */
} plane;

static double across(double d, double size)
{
    return d - size * floor(d / size + 0.5);
}

static size_t cell_of(const plane *p, const patch *self, const double pos[3], int dx, int dy)
{
    double u = pos[0] / self->x + 0.5, v = pos[1] / self->y + 0.5;
    size_t i = (size_t)(u * (double)p->cells[0]), j = (size_t)(v * (double)p->cells[1]);
    i = (i + p->cells[0] + (size_t)(dx + 1) - 1) % p->cells[0];
    j = (j + p->cells[1] + (size_t)(dy + 1) - 1) % p->cells[1];
    return j * p->cells[0] + i;
}

static bool is_free(const plane *p, const patch *self, const double pos[3])
{
    for (int dx = -1; dx <= 1; dx++)
        for (int dy = -1; dy <= 1; dy++)
            for (size_t k = p->head[cell_of(p, self, pos, dx, dy)]; k; k = p->next[k - 1]) {
                const double *other = p->at + 3 * (k - 1);
                double x = across(pos[0] - other[0], self->x),
                       y = across(pos[1] - other[1], self->y), z = pos[2] - other[2];
                if (x * x + y * y + z * z < self->apart * self->apart)
                    return false;
            }
    return true;
}

/* Two Gaussian numbers (Box & Muller 1958). */
static void gaussians(orr_random *r, double out[2])
{
    double size = sqrt(-2 * orr_log(orr_random_uniform(r)));
    orr_sincos(2 * ORR_PI * orr_random_uniform(r), &out[0], &out[1]);
    out[0] *= size, out[1] *= size;
}

static orr_status fill(const patch *self, plane *p, const orr_generator_context *context,
                       orr_emit_fn *emit, void *user)
{
    enum { TRIES = 2000 };
    orr_random r = orr_random_seeded(context->seed);
    for (size_t k = 0; k < context->count; k++) {
        double *pos = p->at + 3 * k, g[4];
        int tries = 0;
        do {
            pos[0] = self->x * (orr_random_uniform(&r) - 0.5);
            pos[1] = self->y * (orr_random_uniform(&r) - 0.5);
            gaussians(&r, g);
            pos[2] = self->height * g[0];
        } while (!is_free(p, self, pos) && ++tries < TRIES);
        if (tries == TRIES)
            return ORR_E_ARGUMENT;
        size_t cell = cell_of(p, self, pos, 0, 0);
        p->next[k] = p->head[cell];
        p->head[cell] = k + 1;
        double speed = self->omega * self->height;
        gaussians(&r, g + 2);
        const double vel[3] = {speed * g[2], speed * g[3] / 2 - 1.5 * self->omega * pos[0],
                               speed * g[1]};
        ORR_TRY(emit(user, pos, vel, 1));
    }
    return ORR_OK;
}

static orr_status make(const void *state, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user)
{
    (void)gm;
    const patch *self = state;
    const double size[2] = {self->x, self->y};
    plane p = {0};
    for (int c = 0; c < 2; c++) { /* none narrower than `apart`, about one a body */
        double most = sqrt((double)context->count) + 1, fit = floor(size[c] / self->apart);
        p.cells[c] = fit >= 3 && self->apart > 0 ? (size_t)fmin(fit, most) : 1;
    }
    p.at = malloc(3 * context->count * sizeof *p.at);
    p.next = malloc(context->count * sizeof *p.next);
    p.head = calloc(p.cells[0] * p.cells[1], sizeof *p.head);
    orr_status status = ORR_E_NO_MEMORY;
    if (p.at && p.next && p.head)
        status = fill(self, &p, context, emit, user);
    free(p.at);
    free(p.next);
    free(p.head);
    return status;
}

static const orr_field fields[] = {
    {.name = "x",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(patch, x),
     .min = 1e-300,
     .max = 1e300,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "size away from the planet; the middle is at the origin"},
    {.name = "y",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(patch, y),
     .min = 1e-300,
     .max = 1e300,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "size along the orbit"},
    {.name = "height",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(patch, height),
     .max = 1e300,
     .role = ORR_OPTION,
     .doc = "rms of z, and of the excursions in x"},
    {.name = "Omega",
     .dim = {0, 0, -1, 1},
     .offset = offsetof(patch, omega),
     .max = 1e300,
     .role = ORR_OPTION,
     .doc = "angular speed around the planet, as that of sei"},
    {.name = "apart",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(patch, apart),
     .max = 1e300,
     .role = ORR_OPTION,
     .doc = "least distance of two centres: twice the radius, so that none overlap"},
    {0}};

const orr_generator orr_generator_patch = {
    .name = "patch",
    .summary = "A patch of a ring or disc for a shearing sheet or a periodic box.",
    .reference = "1988AJ.....95..925W",
    .fields = fields,
    .state_size = sizeof(patch),
    .make = make,
};
