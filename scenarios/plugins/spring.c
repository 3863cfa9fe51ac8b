/* A force of your own: every body is tied to the origin by a spring, a = -k x.  Build it with the
 * CMakeLists.txt beside this file. */
#include <orrery/force.h>

typedef struct spring {
    double k; /* [1/time2] */
} spring;

static orr_status add(void *state, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    const spring *self = state;
    (void)scratch;
    for (size_t i = 0; i < 3 * b->stride && r->want & ORR_WANT_ACC; i++)
        r->acc[i] -= self->k * b->pos[i];
    return ORR_OK;
}

static orr_status energy(const void *state, const orr_bodies *b, double t, int threads,
                         orr_arena *scratch, double *out)
{
    const spring *self = state;
    (void)t, (void)threads, (void)scratch;
    *out = 0;
    for (size_t i = 0; i < b->n_active + b->n_passive; i++)
        for (size_t c = 0; c < 3; c++) {
            double x = b->pos[i + c * b->stride];
            *out += b->gm[i] * self->k * x * x / 2;
        }
    return ORR_OK;
}

static const orr_field fields[] = {{.name = "k",
                                    .dim = {0, 0, -2, 0},
                                    .offset = offsetof(spring, k),
                                    .role = ORR_OPTION | ORR_REQUIRED,
                                    .doc = "strength of the spring over mass"},
                                   {0}};

ORR_API const int orrery_force_version = ORR_FORCE_VERSION;

ORR_API const orr_force orrery_force = {
    .name = "spring",
    .summary = "A spring between each body and the origin.",
    .reference = "Hooke 1678, De Potentia Restitutiva",
    .traits = ORR_CONSERVATIVE,
    .fields = fields,
    .state_size = sizeof(spring),
    .add = add,
    .energy = energy,
};
