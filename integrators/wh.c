/* Wisdom-Holman: for planets around a star that dominates.  The motion is split into Kepler orbits,
 * which are solved exactly, and the small rest: drift along the orbits, kick by the rest.
 * Symplectic; errors are of the order of the planets' masses, so steps may be a twentieth of the
 * shortest period or more.  Wisdom & Holman 1991, Astron. J. 102, 1528, doi 10.1086/115978
 *
 * - coordinates: wisdom_holman/wh_planets.c.  Jacobi are the most accurate.  Democratic are the
 *   fastest, and allow orbits to cross.  Where planets have moons, or both stars of a binary have
 *   planets, Jacobi coordinates follow the tree of which moves around which:
 *   wisdom_holman/wh_hierarchy.c.
 * - scheme, corrector: wisdom_holman/wh_schemes.c.  The second-order leapfrog, with what makes its
 *   errors smaller: a corrector, which costs only where the state is looked at; kernels that remove
 *   the second order of the masses; the higher orders of Laskar and Robutel, Blanes, Farres and
 *   others.
 * - relativity: the potential -3 (G m0)^2 / (c^2 r^2) gives the perihelia their precession (Nobili
 *   & Roxburgh 1986, IAU Symp. 114, 105).  The error in the mean motions is of the order of 1e-8.
 *
 * Closing drifts and correctors of one step would be undone by the opening ones of the next.  So
 * they are done only where the state is looked at (synchronize), on a copy: looking never changes
 * the orbits. */
#include <orrery/integrator.h>

#include "wisdom_holman/wh_planets.h"
#include "wisdom_holman/wh_schemes.h"

#include <math.h>

typedef struct wh {
    int coordinates, scheme, corrector, relativity; /* indices into the choices below */
    orr_wh_system planets;
    double h; /* of the steps; 0: none yet */
    bool started;
    orr_programs programs;
    bool have_programs; /* and they are those for h */
} wh;

static orr_status prepare(void *state, orr_problem *p)
{
    wh *self = state;
    const orr_scheme *scheme = orr_scheme_at(self->scheme);
    bool commutes = scheme->commutator != 0 || self->scheme == ORR_MODIFIED_KICK;
    self->h = 0;
    self->started = self->have_programs = false;
    if (self->corrector > 0 && scheme->kicks > 1) {
        p->reason = "correctors go with the schemes leapfrog, modified-kick, lazy and composition; "
                    "others need none";
        return ORR_E_INCOMPATIBLE;
    }
    if (self->coordinates != ORR_JACOBI && (commutes || self->scheme == ORR_LAZY)) {
        p->reason = "this scheme needs 'coordinates: jacobi'";
        return ORR_E_INCOMPATIBLE;
    }
    if (p->bodies->n > p->bodies->n_active && (commutes || self->scheme == ORR_LAZY)) {
        p->reason =
            "the schemes lazy, modified-kick, sabac and sbabc take no test bodies; saba-8-6-4 "
            "does";
        return ORR_E_INCOMPATIBLE;
    }
    if (self->relativity && !(p->speed_of_light > 0)) {
        p->reason =
            "relativity needs the speed of light: give the scenario units of length and time";
        return ORR_E_INCOMPATIBLE;
    }
    ORR_TRY(orr_wh_prepare(&self->planets, p, (orr_coordinates)self->coordinates,
                           self->relativity ? p->speed_of_light : 0));
    if (self->planets.tree && commutes) {
        p->reason =
            "moons of planets, or planets of both stars, go with the schemes leapfrog, lazy, "
            "composition, saba and sbab; modified-kick, sabac and sbabc do not take them";
        return ORR_E_INCOMPATIBLE;
    }
    return ORR_OK;
}

static orr_status carry_out(wh *self, orr_problem *p, double t, const orr_program *program,
                            uint64_t repeat)
{
    return orr_wh_split(&self->planets, p, t, program->ops, (size_t)program->n, repeat);
}

static const orr_programs *programs_of(wh *self)
{
    if (!self->have_programs)
        orr_programs_make(&self->programs, orr_scheme_at(self->scheme),
                          self->corrector ? 2 * self->corrector + 1 : 0, self->h);
    self->have_programs = true;
    return &self->programs;
}

static orr_status finish(wh *self, orr_problem *p)
{
    bool undo = self->started;
    self->started = false;
    return undo ? carry_out(self, p, p->t, &programs_of(self)->finish, 1) : ORR_OK;
}

/* Make ready to take steps of h. */
static orr_status begin(wh *self, orr_problem *p, double h)
{
    if (self->h != h)
        ORR_TRY(finish(self, p));
    if (self->started)
        return ORR_OK;
    self->have_programs = self->have_programs && self->h == h;
    self->h = h;
    self->started = true;
    return carry_out(self, p, p->t, &programs_of(self)->start, 1);
}

/* After n steps of h. */
static orr_status end(wh *self, const orr_problem *p, double h, uint64_t n, orr_step_report *report)
{
    orr_wh_pass(&self->planets, h, n);
    report->h_done = h;
    report->evaluations += n * (uint64_t)orr_scheme_at(self->scheme)->kicks;
    report->unsynchronised = true;
    if (!orr_wh_is_finite(&self->planets)) {
        orr_wh_give(&self->planets, p);
        return ORR_E_NOT_FINITE;
    }
    return ORR_OK;
}

static orr_status steps(void *state, orr_problem *p, double h, uint64_t n, orr_step_report *report)
{
    wh *self = state;
    const orr_scheme *scheme = orr_scheme_at(self->scheme);
    ORR_TRY(begin(self, p, h));
    double opening = scheme->kick_first ? 0 : scheme->a[0] * h;
    ORR_TRY(carry_out(self, p, p->t + opening, &programs_of(self)->step, n));
    return end(self, p, h, n, report);
}

static orr_status step(void *state, orr_problem *p, double h, orr_step_report *report)
{
    return steps(state, p, h, 1, report);
}

static bool alike(const wh *a, const wh *b)
{
    return a->coordinates == b->coordinates && a->scheme == b->scheme &&
           a->corrector == b->corrector && a->relativity == b->relativity &&
           a->planets.lanes.span == b->planets.lanes.span && a->planets.n_test == 0 &&
           b->planets.n_test == 0 && !a->planets.tree && !b->planets.tree;
}

enum { MOST_TOGETHER = 64 };

static orr_status together(void *const *states, orr_problem *const *p, size_t members, double h,
                           uint64_t n, orr_status *status, orr_step_report *reports)
{
    orr_wh_system *systems[MOST_TOGETHER] = {NULL};
    wh *first = states[0];
    for (size_t k = 0; k < members; k++)
        if (members > MOST_TOGETHER || !alike(states[k], first))
            return ORR_E_INCOMPATIBLE;
    for (size_t k = 0; k < members; k++) {
        wh *self = states[k];
        ORR_TRY(begin(self, p[k], h));
        systems[k] = &self->planets;
    }
    const orr_program *program = &programs_of(first)->step;
    ORR_TRY(
        orr_wh_split_batch(systems, members, p[0]->scratch, program->ops, (size_t)program->n, n));
    for (size_t k = 0; k < members; k++)
        status[k] = end(states[k], p[k], h, n, &reports[k]);
    return ORR_OK;
}

static orr_status synchronize(void *state, orr_problem *p)
{
    wh *self = state;
    ORR_TRY(finish(self, p));
    orr_wh_give(&self->planets, p);
    return ORR_OK;
}

static double potential(const void *state, const orr_problem *p)
{
    const wh *self = state;
    return self->planets.gr > 0 ? orr_wh_relativity(&self->planets, p) : 0;
}

static const orr_field fields[] = {
    {.name = "coordinates",
     .type = ORR_CHOICE,
     .offset = offsetof(wh, coordinates),
     .role = ORR_OPTION,
     .choices = "jacobi|democratic-heliocentric|whds|barycentric",
     .doc = "of planets; jacobi: most accurate where orbits do not cross, and follows moons"},
    {.name = "scheme",
     .type = ORR_CHOICE,
     .offset = offsetof(wh, scheme),
     .role = ORR_OPTION,
     .choices = ORR_SCHEME_NAMES,
     .doc = "order of drifts and kicks in a step"},
    {.name = "corrector",
     .type = ORR_CHOICE,
     .offset = offsetof(wh, corrector),
     .role = ORR_OPTION,
     .choices = "none|3|5|7|9|11|13|15|17",
     .doc = "order of the symplectic corrector; costs only where the state is looked at"},
    {.name = "relativity",
     .type = ORR_CHOICE,
     .offset = offsetof(wh, relativity),
     .role = ORR_OPTION,
     .choices = "none|potential",
     .doc = "the star's first post-Newtonian potential: precession of pericentres"},
    ORR_STATE_VALUE(wh, h),
    ORR_STATE_VALUE(wh, started),
    ORR_STATE_UNSAVED(wh, programs),
    ORR_STATE_UNSAVED(wh, have_programs),
    ORR_WH_FIELDS(wh, planets),
    {0}};

const orr_integrator orr_integrator_wh = {
    .name = "wh",
    .summary = "Wisdom-Holman: planets round a dominant star, Kepler orbits solved exactly; "
               "for millions to billions of years.",
    .reference = "10.1086/115978",
    .kind = "Wisdom-Holman",
    .order = 2,
    .evaluations = 1,
    .traits = ORR_SYMPLECTIC | ORR_REVERSIBLE | ORR_LAZY_SYNC | ORR_OWN_GRAVITY | ORR_NEEDS_STAR |
              ORR_REMOVES_TESTS,
    .fields = fields,
    .state_size = sizeof(wh),
    .prepare = prepare,
    .step = step,
    .steps = steps,
    .together = together,
    .synchronize = synchronize,
    .potential = potential,
};
