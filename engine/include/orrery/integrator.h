/* integrator.h - one time-stepping method.
 *
 * All that the engine, the scenario reader, the help text, the checkpoint writer and the tests know
 * about a method is in one constant.  To add a method see integrators/integrators.def. */
#ifndef ORRERY_INTEGRATOR_H
#define ORRERY_INTEGRATOR_H

#include <orrery/field.h>
#include <orrery/problem.h>

enum {
    ORR_SYMPLECTIC = 1, /* preserves phase-space volume: no secular energy drift */
    ORR_REVERSIBLE = 2, /* a step of -h undoes a step of h, to round-off */
    ORR_ADAPTIVE = 4,   /* chooses its own steps: needs a tolerance, not a step */
    ORR_NEEDS_JERK = 8, /* asks forces for time derivatives of accelerations */
    ORR_TAKES_VELOCITY_FORCES = 16,
    ORR_LAZY_SYNC = 32 /* may keep positions and velocities at different times */
};

typedef struct orr_integrator {
    const char *name;      /* what a scenario writes: "leapfrog" */
    const char *summary;   /* one sentence, shown by `orrery list integrators` */
    const char *reference; /* DOI or ADS bibcode */
    int order;             /* the tests measure it */
    unsigned traits;
    const orr_field *fields; /* options, and state to checkpoint; ends with {0} */
    size_t state_size;       /* zeroed and filled with the field defaults before prepare() */

    /* Called after any change of bodies, forces or options; allocates from p->memory. */
    orr_status (*prepare)(void *self, orr_problem *p);

    /* Advance bodies by h [time] (or less, if adaptive: report->h_done).  Does not touch p->t.
     * An error from a force in mid-step may leave the bodies there; the engine says so. */
    orr_status (*step)(void *self, orr_problem *p, double h, orr_step_report *report);

    /* ORR_LAZY_SYNC only: bring the bodies' velocities to the time of their positions.  Called on a
     * copy of the state that is thrown away after it was shown, so it may change all it likes. */
    orr_status (*synchronize)(void *self, orr_problem *p);
} orr_integrator;

/* The registry: iterate with i from 0 until NULL; find by name, NULL if there is none. */
ORR_API const orr_integrator *orr_integrator_at(size_t i);
ORR_API const orr_integrator *orr_integrator_find(const char *name);

#endif
