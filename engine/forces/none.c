/* No gravity: bodies pass, bounce and feel other forces, but do not pull on each other. */
#include <orrery/force.h>

static orr_status add(void *self, const orr_bodies *b, const orr_eval *r, orr_arena *scratch)
{
    (void)self, (void)b, (void)r, (void)scratch;
    return ORR_OK;
}

static orr_status energy(const void *self, const orr_bodies *b, double t, int threads,
                         orr_arena *scratch, double *out)
{
    (void)self, (void)b, (void)t, (void)threads, (void)scratch;
    *out = 0;
    return ORR_OK;
}

static const orr_field fields[] = {{0}};

const orr_force orr_force_none = {
    .name = "none",
    .summary = "No gravity: the bodies do not pull on each other.",
    .reference = "a choice",
    .traits = ORR_SELF_GRAVITY | ORR_CONSERVATIVE | ORR_HAS_JERK | ORR_HAS_SERIES |
              ORR_HAS_SUBSETS | ORR_FORCE_TAKES_BOUNDARY,
    .fields = fields,
    .state_size = 1,
    .add = add,
    .energy = energy,
};
