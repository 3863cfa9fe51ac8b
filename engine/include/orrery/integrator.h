/* integrator.h - one time-stepping method.
 *
 * All that the engine, the scenario reader, the help text, the checkpoint writer and the tests know
 * about a method is in one constant.  To add a method see integrators/integrators.def. */
#ifndef ORRERY_INTEGRATOR_H
#define ORRERY_INTEGRATOR_H

#include <orrery/field.h>
#include <orrery/problem.h>

#ifdef __cplusplus
extern "C" {
#endif

enum orr_integrator_trait {
    ORR_SYMPLECTIC = 1, /* preserves phase-space volume: no secular energy drift */
    ORR_REVERSIBLE = 2, /* a step of -h undoes a step of h, to round-off */
    ORR_ADAPTIVE = 4,   /* chooses its own steps: needs a tolerance, not a step */
    ORR_NEEDS_JERK = 8, /* asks forces for time derivatives of accelerations */
    ORR_TAKES_VELOCITY_FORCES = 16,
    ORR_LAZY_SYNC = 32,      /* may keep positions and velocities at different times */
    ORR_NEEDS_SERIES = 64,   /* asks forces for their Taylor series */
    ORR_NEEDS_SUBSETS = 128, /* asks forces for some bodies only */
    ORR_OWN_GRAVITY =
        256, /* computes Newtonian gravity itself: takes no softening, no other force */
    ORR_NEEDS_STAR = 512,      /* Kepler splitting: one body must dominate */
    ORR_REMOVES_TESTS = 1024,  /* takes test bodies out as problem.removal says, while it takes many
                               * steps at once; shows them as not a number from then on */
    ORR_COUPLES_BODIES = 2048, /* what it does to one body hangs on all others, massless ones too:
                               * one step for all, or iterations until all converge; so test bodies
                               * are kept apart by the engine (sim/test_bodies.c) */
    ORR_TAKES_BOUNDARY =
        4096, /* keeps no places but those of the bodies, so that the engine may set
                                * a body on the other side of a box after a step */
    ORR_TAKES_CONTACTS =
        8192, /* contacts of many bodies may be done inside a step: who bounces goes
                                * on by carry() to its end */
    ORR_NEEDS_CHANGEOVER = 32768, /* asks mutual gravity for far pairs alone */
    ORR_SHEARS = 16384,      /* Hill's equations: has an option Omega, and takes a shearing sheet */
    ORR_SEEKS_DIGITS = 65536 /* chooses steps, or iterates, by differences of forces: those must be
                              * smooth to its tolerance, or to rounding if it has none */
};

typedef struct orr_integrator {
    const char *name;      /* what a scenario writes: "leapfrog" */
    const char *summary;   /* one sentence, shown by `orrery list integrators` */
    const char *reference; /* DOI or ADS bibcode */
    const char *kind;      /* family, in a word or two: "splitting", "Gauss-Radau" */
    int order;             /* the tests measure it; 0: chosen as it goes */
    int evaluations;       /* of the forces in a step; 0: as many as it takes */
    unsigned traits;
    const orr_field *fields; /* options, and the state that is saved; ends with {0} */
    /* Zeroed and filled with the field defaults before prepare().  Saved by the names of `fields`:
     * options, values, and what orr_keep() gave to the pointers among them.  What no field names is
     * saved as bytes, if it is not zero: it must be no pointer, and it ties the saved state to this
     * very struct. */
    size_t state_size;
    /* Raise it when a field of the state means something else than before under the same name:
     * states of other versions are refused. */
    unsigned state_version;

    /* Called after any change of bodies, forces or options; keeps memory by orr_keep(p->memory,
     * ...), and hands on what orr_kept(p->memory) says. */
    orr_status (*prepare)(void *self, orr_problem *p);

    /* Advance bodies by h [time].  Does not touch p->t.  Adaptive: one accepted step of the
     * method's own choice, in the direction of h and no longer than that (h may be infinite), told
     * in report->h_done; the choice must not depend on h unless h cuts it. ORR_E_STEP_TOO_SMALL
     * leaves the bodies as they were.  An error from a force in mid-step may leave the bodies
     * there; the engine says so. */
    orr_status (*step)(void *self, orr_problem *p, double h, orr_step_report *report);

    /* Optional, for methods with fixed steps: n >= 1 steps of h at once, with the same bits as n
     * calls of step(); report->h_done is h. */
    orr_status (*steps)(void *self, orr_problem *p, double h, uint64_t n, orr_step_report *report);

    /* Optional, for methods with `steps`: the same for several simulations at once, each with the
     * bits of its own steps(); status[k] and reports[k] say how member k did.  ORR_E_INCOMPATIBLE,
     * with nothing done, if they do not go together. */
    orr_status (*together)(void *const *selves, orr_problem *const *p, size_t members, double h,
                           uint64_t n, orr_status *status, orr_step_report *reports);

    /* Dense output, optional: the state at time s [time] after the start of the last step, 0 <= s/h
     * <= 1, as accurate as the method; pos and vel are laid out like those of the bodies.  May
     * evaluate forces, with p->bodies (which it must leave as they were), and keep the results. */
    orr_status (*interpolate)(void *self, orr_problem *p, double s, double *pos, double *vel,
                              orr_step_report *report);

    /* ORR_LAZY_SYNC only: bring the bodies' velocities to the time of their positions.  Called on a
     * copy of the state that is thrown away after it was shown, so it may change all it likes. */
    orr_status (*synchronize)(void *self, orr_problem *p);

    /* Optional, for methods that keep positions of their own: massive bodies were put elsewhere by
     * less than the error of a step; go on from where they are. */
    void (*follow)(void *self, orr_problem *p);

    /* Optional: test body `index` is taken out of the bodies right after this; what is kept of it
     * is to go, without a change for the others.  Without this function all is prepared afresh. */
    void (*forget)(void *self, orr_problem *p, size_t index);

    /* ORR_TAKES_CONTACTS, optional: where a small change of a body's place and velocity leads in t
     * [time]; without this function it goes straight on. */
    void (*carry)(const void *self, double t, double dx[3], double dv[3]);

    /* Optional: potential energy times G [length5/time4] of forces that the method itself adds, for
     * the bodies as they are. */
    double (*potential)(const void *self, const orr_problem *p);
} orr_integrator;

/* The registry: iterate with i from 0 until NULL; find by name, NULL if there is none. */
ORR_API const orr_integrator *orr_integrator_at(size_t i);
ORR_API const orr_integrator *orr_integrator_find(const char *name);

#ifdef __cplusplus
}
#endif

#endif
